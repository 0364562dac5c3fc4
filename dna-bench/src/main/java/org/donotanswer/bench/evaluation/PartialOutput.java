package org.donotanswer.bench.evaluation;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.harness.table.ParquetOutput;
import org.donotanswer.internal.TemporaryFile;

/**
 * An output that is written as {@code NAME.partial}, outlives its process, and gets its name when it is whole. Parquet is
 * written as JSON lines first, and then as {@code NAME.converted}. Not thread-safe.
 */
final class PartialOutput implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String PARTIAL = ".partial";
    private static final String CONVERTED = ".converted";

    private final Path target;
    private final FileChannel channel;
    private final OutputStream stream;
    private long written;
    private boolean isNamed;

    private PartialOutput(Path target, FileChannel channel, long written) {
        this.target = target;
        this.channel = channel;
        this.written = written;
        stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /**
     * Opens the output to go on after a number of bytes; what is behind them is cut off.
     *
     * @throws IOException if there are fewer bytes
     */
    static PartialOutput open(Path target, long bytes) throws IOException {
        Path partial = partial(target);
        FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.size() < bytes) {
                throw new IOException("file must have the " + bytes + " bytes of its state, but had " + channel.size()
                        + " (" + partial + "); start again by --overwrite");
            }
            channel.truncate(bytes);
            channel.position(bytes);
            return new PartialOutput(target, channel, bytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static Path partial(Path target) {
        return target.resolveSibling(target.getFileName() + PARTIAL);
    }

    /** Returns whether there is something of an output that is not whole, or not published. */
    static boolean exists(Path target) {
        return Files.exists(partial(target)) || Files.exists(converted(target));
    }

    private static Path converted(Path target) {
        return target.resolveSibling(target.getFileName() + CONVERTED);
    }

    /** Deletes what another run left. */
    static void discard(Path target) throws IOException {
        Files.deleteIfExists(partial(target));
        Files.deleteIfExists(converted(target));
    }

    void write(byte[] bytes) throws IOException {
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw new OutputException(target, e);
        }
        written += bytes.length;
    }

    void writeIfEmpty(byte[] bytes) throws IOException {
        if (written == 0) {
            write(bytes);
        }
    }

    void flush() throws IOException {
        try {
            stream.flush();
        } catch (IOException e) {
            throw new OutputException(target, e);
        }
    }

    /** Returns how many bytes there are, some of which may be in the buffer. */
    long bytes() {
        return written;
    }

    /** Forces to disk what was written, and the name of the file, and returns the number of bytes. */
    long force() throws IOException {
        flush();
        try {
            channel.force(true);
            if (!isNamed) {
                TemporaryFile.forceDirectory(target.getParent());
                isNamed = true;
            }
        } catch (IOException e) {
            throw new OutputException(target, e);
        }
        return written;
    }

    /** Forces to disk what was written to an output that has been closed. */
    static void force(Path target) throws IOException {
        forceFile(partial(target), target);
    }

    private static void forceFile(Path file, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new OutputException(target, e);
        }
    }

    /**
     * Gives a whole output its name, which is durable once its directory is forced. Does the rest if an earlier run was
     * interrupted in this.
     *
     * @param bytes the size of what was written
     * @param isReplacing whether it may replace a file
     * @throws IOException if that fails, the size is another, or there is another file that must not be replaced
     */
    static void publish(Path target, boolean isParquet, long bytes, boolean isReplacing) throws IOException {
        Path partial = partial(target);
        Path whole = isParquet ? converted(target) : partial;
        if (Files.exists(partial)) {
            requireSize(partial, bytes);
            if (isParquet) {
                convert(partial, whole);
                Files.delete(partial);
            }
        }
        if (Files.exists(whole)) {
            move(whole, target, isReplacing);
        } else if (!Files.exists(target)) {
            throw new IOException(
                    "output must be there as a whole, but was missing (" + whole + "); start again by --overwrite");
        } else if (!isParquet) {
            requireSize(target, bytes);
        }
    }

    private static void requireSize(Path file, long bytes) throws IOException {
        if (Files.size(file) != bytes) {
            throw new IOException("file must have the " + bytes + " bytes of its state, but had " + Files.size(file)
                    + " (" + file + "); start again by --overwrite");
        }
    }

    private static void convert(Path lines, Path parquet) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(lines), BUFFER_BYTES)) {
            ParquetOutput.write(in, parquet, AssessmentSchema.PARQUET);
        } catch (IOException e) {
            throw new OutputException(parquet, e);
        }
        forceFile(parquet, parquet);
        TemporaryFile.forceDirectory(parquet.getParent());
    }

    private static void move(Path whole, Path target, boolean isReplacing) throws IOException {
        if (Files.exists(target) && Files.isSameFile(whole, target)) {
            Files.delete(whole);
            return;
        }
        try {
            if (isReplacing) {
                TemporaryFile.replace(whole, target);
            } else {
                TemporaryFile.moveToNew(whole, target);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException("output must not exist, but did (" + target + ")", e);
        } catch (IOException e) {
            throw new OutputException(target, e);
        }
    }

    /** Closes the file as it is; what is in the buffer is lost, as if the process had been killed. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
