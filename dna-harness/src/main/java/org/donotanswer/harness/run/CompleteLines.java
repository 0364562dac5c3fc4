package org.donotanswer.harness.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a file up to the last line feed that it has when it is opened: what follows is a line that someone is writing, or was
 * when the process was killed. Not thread-safe.
 */
final class CompleteLines extends InputStream {
    private final FileChannel channel;
    private long left;

    CompleteLines(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            this.left = AppendLog.completeLength(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns how many bytes are left to read. */
    long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, left)));
        left = read < 0 ? 0 : left - read;
        return read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
