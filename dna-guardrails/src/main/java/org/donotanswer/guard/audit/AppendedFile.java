package org.donotanswer.guard.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file on a disk that one process appends to. It is written with streams, not with its channel: an interrupt closes a channel for
 * good, so that every later line would be lost. Not thread-safe.
 */
final class AppendedFile implements AuditFile {
    /**
     * A position far behind the last line: where a lock prevents others from reading what it covers, they can still
     * read everything.
     */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    /** Appends, even after somebody else has cut the file. */
    private final FileOutputStream end;
    /** The same file, for its length and the lock. */
    private final RandomAccessFile whole;
    /** Whether the last line has no end, because its writer was cut off. */
    private boolean broken;

    private AppendedFile(FileOutputStream end, RandomAccessFile whole, boolean broken) {
        this.end = end;
        this.whole = whole;
        this.broken = broken;
    }

    static AppendedFile open(Path file) throws IOException {
        createForOwner(file);
        boolean broken = isBroken(file);
        RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw");
        try {
            if (!lock(whole.getChannel())) {
                throw new IOException("audit log must be open once, but was already open (" + file + ")");
            }
            return new AppendedFile(new FileOutputStream(file.toFile(), true), whole, broken);
        } catch (IOException e) {
            whole.close();
            throw e;
        }
    }

    private static void createForOwner(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)
                    .close();
        } catch (FileAlreadyExistsException e) {
            // Lines are appended to an existing file.
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            // Released by closing the file.
            @Nullable FileLock lock = channel.tryLock(LOCKED, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static boolean isBroken(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return reader.size() > 0 && reader.read(last, reader.size() - 1) == 1 && last.get(0) != '\n';
        }
    }

    @Override
    public void append(byte[] line) throws IOException {
        long before = whole.length();
        try {
            if (broken) {
                end.write('\n');
                broken = false;
                before = whole.length();
            }
            end.write(line);
        } catch (IOException e) {
            removeFrom(before);
            throw e;
        }
    }

    /** Removes the part of a line that was written before the disk was full. */
    private void removeFrom(long position) {
        try {
            if (whole.length() > position) {
                whole.setLength(position);
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    @Override
    public void force() throws IOException {
        end.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        try (end) {
            whole.close();
        }
    }
}
