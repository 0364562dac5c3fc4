package org.donotanswer.harness.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;

/** A file on a disk with limited space. */
final class FullDisk extends FileChannel {
    private final FileChannel channel;
    private final long room;
    private final boolean broken;

    private FullDisk(FileChannel channel, long room, boolean broken) {
        this.channel = channel;
        this.room = room;
        this.broken = broken;
    }

    /** Returns a disk that is full after the given number of bytes. */
    static AppendLog.Opener after(long room) {
        return opener(room, false);
    }

    /** Returns a disk that is full after the given number of bytes and then cannot truncate a file either. */
    static AppendLog.Opener brokenAfter(long room) {
        return opener(room, true);
    }

    private static AppendLog.Opener opener(long room, boolean broken) {
        return file -> new FullDisk(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                room,
                broken);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        long left = room - channel.position();
        if (left <= 0) {
            throw new IOException("No space left on device");
        }
        ByteBuffer part = source.slice().limit((int) Math.min(left, source.remaining()));
        int written = channel.write(part);
        source.position(source.position() + written);
        return written;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        if (broken && size < channel.size()) {
            throw new IOException("Input/output error");
        }
        channel.truncate(size);
        return this;
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        channel.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void force(boolean metaData) throws IOException {
        channel.force(metaData);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        channel.close();
    }

    @Override
    public int read(ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
