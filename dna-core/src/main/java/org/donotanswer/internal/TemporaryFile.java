package org.donotanswer.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in the making, {@code NAME.PID.tmp} beside the file that it becomes, whose permissions it has if that exists. Its
 * process holds a lock on it. Creating one fails while another is written for the same file, and deletes those that killed
 * processes left. Not thread-safe.
 */
public final class TemporaryFile implements Closeable {
    private static final long PID = ProcessHandle.current().pid();
    /** Those of this process. Opening one of them a second time would release its lock. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();
    /** How exactly the start of a process is known. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    static {
        // In case the process is interrupted.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> OPEN.forEach(path -> path.toFile().delete())));
    }

    /** Thrown if the same file is being written in this or another process. Immutable, hence thread-safe. */
    public static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        private InUseException(String message) {
            super(message);
        }
    }

    private final Path target;
    private final Path path;
    private final FileChannel channel;

    private TemporaryFile(Path target, Path path, FileChannel channel) {
        this.target = target;
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates a temporary file.
     *
     * @param target the file that it becomes; if it is a link, the link is replaced
     * @throws InUseException if the target is being written in this or another process
     * @throws IOException if it cannot be created
     */
    public static TemporaryFile create(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        for (int attempt = 1; ; attempt++) {
            TemporaryFile own = createOwn(absolute);
            OptionalLong rival;
            try {
                rival = own.deleteLeftovers();
            } catch (IOException e) {
                own.close();
                throw e;
            }
            if (rival.isEmpty()) {
                return own;
            }
            own.close();
            // Of two processes that see each other at the same time, one gives up at once, so that the other can go on.
            if (rival.getAsLong() < PID || attempt == ATTEMPTS) {
                throw inUse(target, rival.getAsLong());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static InUseException inUse(Path target, long pid) {
        return new InUseException("file must be written by one process at a time, but process " + pid
                + " is writing it (" + target + ")");
    }

    private static TemporaryFile createOwn(Path target) throws IOException {
        Path path = target.resolveSibling(target.getFileName() + "." + PID + ".tmp");
        if (!OPEN.add(path)) {
            throw inUse(target, PID);
        }
        try {
            FileChannel channel = open(path, target);
            try {
                FileLock unused = channel.tryLock();
            } catch (IOException e) {
                // The file system has no locks. The number of the process must do.
            }
            return new TemporaryFile(target, path, channel);
        } catch (IOException e) {
            OPEN.remove(path);
            throw e;
        }
    }

    private static FileChannel open(Path path, Path target) throws IOException {
        try {
            return openNew(path, target);
        } catch (FileAlreadyExistsException e) {
            // Left by an earlier process of the same number, unless that lives in another container.
            if (state(path, PID) != State.LEFT_OVER) {
                throw inUse(target, PID);
            }
            Files.delete(path);
            return openNew(path, target);
        }
    }

    private static FileChannel openNew(Path path, Path target) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        PosixFileAttributeView existing = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (existing == null || !Files.exists(target)) {
            return FileChannel.open(path, options);
        }
        PosixFileAttributes attributes = existing.readAttributes();
        FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(attributes.permissions());
        FileChannel channel = FileChannel.open(path, options, permissions);
        try {
            keepAttributes(path, attributes);
            return channel;
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Gives the file the owner, where this process may, the group and the permissions of another. */
    private static void keepAttributes(Path path, PosixFileAttributes wanted) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        Set<PosixFilePermission> permissions = new HashSet<>(wanted.permissions());
        try {
            view.setGroup(wanted.group());
        } catch (IOException e) {
            // Nobody gets access by a group that was not meant.
            permissions.removeAll(EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.GROUP_EXECUTE));
        }
        try {
            view.setOwner(wanted.owner());
        } catch (IOException e) {
            // Only an administrator may give files away.
        }
        // The mask of the process does not apply to these.
        view.setPermissions(permissions);
    }

    private enum State {
        IN_USE,
        LEFT_OVER,
        UNKNOWN
    }

    /** Deletes what killed processes left, and returns the number of a process that writes the same file. */
    private OptionalLong deleteLeftovers() throws IOException {
        String prefix = target.getFileName() + ".";
        Pattern names = Pattern.compile(Pattern.quote(prefix) + "([0-9]{1,18})\\.tmp");
        OptionalLong rival = OptionalLong.empty();
        // Thousands of outputs in one directory are looked through for each: the prefix is a quick test.
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                target.getParent(), entry -> entry.getFileName().toString().startsWith(prefix))) {
            for (Path entry : entries) {
                Matcher name = names.matcher(entry.getFileName().toString());
                if (!name.matches() || entry.equals(path)) {
                    continue;
                }
                long pid = Long.parseLong(name.group(1));
                State state = state(entry, pid);
                if (state == State.LEFT_OVER) {
                    Files.deleteIfExists(entry);
                } else if (state == State.IN_USE) {
                    rival = OptionalLong.of(pid);
                }
            }
        }
        return rival;
    }

    private static State state(Path file, long pid) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return State.UNKNOWN;
        }
        FileTime modified;
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = other.tryLock();
            if (lock == null) {
                return State.IN_USE;
            }
            modified = Files.getLastModifiedTime(file);
        } catch (OverlappingFileLockException e) {
            return State.IN_USE;
        } catch (IOException e) {
            // It has gone, belongs to somebody else, or there are no locks.
            return State.UNKNOWN;
        }
        // A process that has just created its file does not have the lock yet.
        return pid != PID && hasWritten(pid, modified.toInstant()) ? State.IN_USE : State.LEFT_OVER;
    }

    /** Returns whether the process exists and may have written a file at that time; numbers are used again. */
    private static boolean hasWritten(long pid, Instant modified) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info()
                        .startInstant()
                        .map(start -> start.isBefore(modified.plus(CLOCK_TOLERANCE)))
                        .orElse(true))
                .orElse(false);
    }

    /** Returns the channel to write to. */
    public FileChannel channel() {
        return channel;
    }

    /** Forces the content to disk. */
    public void force() throws IOException {
        channel.force(true);
    }

    /**
     * Gives the file its name, in place of another file of that name.
     *
     * @throws IOException if that fails
     */
    public void replace() throws IOException {
        move(path, target);
        close();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Gives any file the name of another, whose permissions it takes over and which it replaces if it exists.
     *
     * @throws IOException if that fails
     */
    public static void replace(Path from, Path to) throws IOException {
        PosixFileAttributeView existing = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (existing != null && Files.exists(to)) {
            keepAttributes(from, existing.readAttributes());
        }
        move(from, to);
    }

    /**
     * Gives the file its name.
     *
     * @throws FileAlreadyExistsException if there is another of that name, also if another process has just made it
     * @throws IOException if that fails
     */
    public void moveToNew() throws IOException {
        link(path, target);
        close();
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            // Unlike moving, linking never replaces a file.
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(from, to);
        }
    }

    /**
     * Gives any file a new name. If that is interrupted, it may have both.
     *
     * @throws FileAlreadyExistsException if there is another of that name
     * @throws IOException if that fails
     */
    public static void moveToNew(Path from, Path to) throws IOException {
        link(from, to);
        Files.deleteIfExists(from);
    }

    /** Deletes the file unless it has got its name. Closing it again does nothing. */
    @Override
    public void close() throws IOException {
        if (OPEN.contains(path)) {
            try (channel) {
                Files.deleteIfExists(path);
            } finally {
                OPEN.remove(path);
            }
        }
    }

    /** Forces the names of files in a directory to disk, where the platform can. */
    public static void forceDirectory(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            // Windows does not open directories.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
