package org.donotanswer.guard.audit;

import java.io.IOException;
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

/** A file on a disk that one process appends to. Not thread-safe. */
final class ChannelFile implements AuditFile {
    /**
     * A position far behind the last line: where a lock prevents others from reading what it covers, they can still
     * read everything.
     */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    private final FileChannel channel;
    /** Whether the last line has no end, because its writer was cut off. */
    private boolean broken;

    private ChannelFile(FileChannel channel, boolean broken) {
        this.channel = channel;
        this.broken = broken;
    }

    static ChannelFile open(Path file) throws IOException {
        createForOwner(file);
        boolean broken = isBroken(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND);
        try {
            if (!lock(channel)) {
                throw new IOException("audit log must be open once, but was already open (" + file + ")");
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new ChannelFile(channel, broken);
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
            // Released by closing the channel.
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
        long before = channel.size();
        try {
            if (broken) {
                write(new byte[] {'\n'});
                broken = false;
                before = channel.size();
            }
            write(line);
        } catch (IOException e) {
            removeFrom(before);
            throw e;
        }
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Removes the part of a line that was written before the disk was full. */
    private void removeFrom(long position) {
        try {
            if (channel.size() > position) {
                channel.truncate(position);
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
