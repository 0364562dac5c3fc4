package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Regions of a file, mapped. A buffer ends at 2 GiB, so the file is mapped in overlapping windows, each when it is first
 * needed: one for a small file, and never as many as there are tensors, since a process may have only so many mappings.
 */
final class MappedFile {
    private static final long STEP = 1L << 30;

    private final FileChannel channel;
    private final long size;
    private final long step;
    private final long longest;
    private final Map<Long, ByteBuffer> windows = new HashMap<>();

    MappedFile(FileChannel channel) throws IOException {
        this(channel, STEP, Integer.MAX_VALUE);
    }

    /** Maps windows of at most {@code longest} bytes that begin {@code step} bytes apart. */
    MappedFile(FileChannel channel, long step, long longest) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.step = step;
        this.longest = longest;
    }

    long size() {
        return size;
    }

    /** Returns bytes of the file that the caller knows to be inside it, at most 2 GiB of them, as a read-only buffer. */
    ByteBuffer slice(long offset, long length) throws IOException {
        long window = offset / step;
        long start = window * step;
        if (offset - start + length > longest) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        }
        ByteBuffer mapped = windows.get(window);
        if (mapped == null) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(size - start, longest));
            windows.put(window, mapped);
        }
        return mapped.slice((int) (offset - start), (int) length);
    }
}
