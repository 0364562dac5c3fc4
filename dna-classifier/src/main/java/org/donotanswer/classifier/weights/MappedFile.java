package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * A memory-mapped file. A buffer is limited to 2 GiB, so the file is mapped in overlapping windows, each on first use:
 * a single window for a small file, and never one per tensor, as the number of mappings per process is limited. Not
 * thread-safe.
 */
final class MappedFile {
    private static final long STEP_BYTES = 1L << 30;

    private final FileChannel channel;
    private final long size;
    private final long stepBytes;
    private final long windowBytes;
    private final Map<Long, ByteBuffer> windows = new HashMap<>();

    MappedFile(FileChannel channel) throws IOException {
        this(channel, STEP_BYTES, Integer.MAX_VALUE);
    }

    /** Maps windows of at most {@code windowBytes} that start {@code stepBytes} apart. */
    MappedFile(FileChannel channel, long stepBytes, long windowBytes) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.stepBytes = stepBytes;
        this.windowBytes = windowBytes;
    }

    long size() {
        return size;
    }

    /**
     * Returns bytes of the file as a read-only buffer.
     *
     * @param offset the first byte, which the caller has checked to lie inside the file, like the last one
     * @param length the number of bytes, at most 2 GiB
     */
    ByteBuffer slice(long offset, long length) throws IOException {
        long window = offset / stepBytes;
        long start = window * stepBytes;
        if (offset - start + length > windowBytes) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        }
        ByteBuffer mapped = windows.get(window);
        if (mapped == null) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(size - start, windowBytes));
            windows.put(window, mapped);
        }
        return mapped.slice((int) (offset - start), (int) length);
    }
}
