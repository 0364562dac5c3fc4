package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The central directory of a zip archive. {@link java.util.zip.ZipFile} does not reveal the offset of an entry's bytes,
 * which is needed to map them. Archives of more than 4 GiB (zip64) are supported; split and encrypted ones are not.
 * Immutable after construction.
 */
final class ZipDirectory {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int END = 0x0605_4b50;
    private static final int END_64 = 0x0606_4b50;
    private static final int LOCATOR_64 = 0x0706_4b50;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int LOCAL = 0x0403_4b50;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final int MAX_DIRECTORY_BYTES = 1 << 26;
    private static final long IN_ZIP64 = 0xffff_ffffL;

    /**
     * An entry.
     *
     * @param compressed the size of its bytes in the archive
     * @param size the size of its bytes once inflated
     * @param header the offset of its local header
     */
    record Entry(String name, int flags, int method, long crc, long compressed, long size, long header) {}

    private final MappedFile mapped;
    private final FileErrors errors;
    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private long directoryOffset;

    ZipDirectory(MappedFile mapped, FileErrors errors) throws IOException {
        this.mapped = mapped;
        this.errors = errors;
        read();
    }

    SortedMap<String, Entry> entries() {
        return entries;
    }

    /** Returns the offset of an entry's stored or compressed bytes, all of which lie inside the archive. */
    long dataOffset(Entry entry) throws IOException {
        long max = directoryOffset - LOCAL_BYTES;
        if (entry.header() < 0 || entry.header() > max) {
            throw errors.invalid(entry.name(), "must start inside the archive", Long.toUnsignedString(entry.header()));
        }
        ByteBuffer header = slice(entry.header(), LOCAL_BYTES);
        if (header.getInt() != LOCAL || (entry.flags() & 1) != 0) {
            throw errors.invalid(entry.name(), "must have an unencrypted local header", "corrupt or encrypted");
        }
        long data = entry.header()
                + LOCAL_BYTES
                + Short.toUnsignedInt(header.getShort(26))
                + Short.toUnsignedInt(header.getShort(28));
        if (entry.compressed() < 0 || data > directoryOffset || entry.compressed() > directoryOffset - data) {
            throw errors.invalid(
                    entry.name(), "must end inside the archive", Long.toUnsignedString(entry.compressed()) + " bytes");
        }
        return data;
    }

    private ByteBuffer slice(long offset, long length) throws IOException {
        return mapped.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private CheckpointException invalidDirectory(String what) {
        return errors.invalid("zip archive", "must end with its central directory", what);
    }

    private long findEnd() throws IOException {
        long last = mapped.size() - END_BYTES;
        long first = Math.max(0, last - MAX_COMMENT_BYTES);
        if (last < 0) {
            throw invalidDirectory("truncated");
        }
        ByteBuffer tail = slice(first, mapped.size() - first);
        for (int i = (int) (last - first); i >= 0; i--) {
            boolean commentFits = Short.toUnsignedInt(tail.getShort(i + 20)) == last - first - i;
            if (tail.getInt(i) == END && commentFits) {
                return first + i;
            }
        }
        throw invalidDirectory("truncated");
    }

    private void read() throws IOException {
        long end = findEnd();
        ByteBuffer record = slice(end, END_BYTES);
        long count = Short.toUnsignedInt(record.getShort(10));
        long length = Integer.toUnsignedLong(record.getInt(12));
        long disks = record.getInt(4);
        directoryOffset = Integer.toUnsignedLong(record.getInt(16));
        if (end >= LOCATOR_64_BYTES) {
            ByteBuffer locator = slice(end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
            long end64 = locator.getLong(8);
            if (locator.getInt(0) == LOCATOR_64) {
                if (end64 < 0 || end64 > end - LOCATOR_64_BYTES - END_64_BYTES) {
                    throw invalidDirectory("corrupt");
                }
                record = slice(end64, END_64_BYTES);
                if (record.getInt(0) != END_64) {
                    throw invalidDirectory("corrupt");
                }
                disks = record.getLong(16);
                count = record.getLong(32);
                length = record.getLong(40);
                directoryOffset = record.getLong(48);
            }
        }
        if (disks != 0) {
            throw invalidDirectory("split into several files");
        }
        if (directoryOffset < 0
                || directoryOffset > end
                || length < 0
                || length > Math.min(end - directoryOffset, MAX_DIRECTORY_BYTES)) {
            throw invalidDirectory(
                    Long.toUnsignedString(length) + " bytes from " + Long.toUnsignedString(directoryOffset));
        }
        if (count < 0 || count > SafetensorsReader.MAX_TENSORS) {
            throw invalidDirectory(Long.toUnsignedString(count) + " entries");
        }
        ByteBuffer central = slice(directoryOffset, length);
        for (long i = 0; i < count; i++) {
            Entry entry = readEntry(central);
            if (entries.put(entry.name(), entry) != null) {
                throw errors.invalid(entry.name(), "must occur once in the archive", "repeated");
            }
        }
    }

    private Entry readEntry(ByteBuffer central) throws CheckpointException {
        if (central.remaining() < CENTRAL_BYTES || central.getInt(central.position()) != CENTRAL) {
            throw invalidDirectory("corrupt at byte " + central.position());
        }
        ByteBuffer fixed = central.slice(central.position(), CENTRAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        central.position(central.position() + CENTRAL_BYTES);
        byte[] name = new byte[Short.toUnsignedInt(fixed.getShort(28))];
        int extraLength = Short.toUnsignedInt(fixed.getShort(30));
        int commentLength = Short.toUnsignedInt(fixed.getShort(32));
        if (central.remaining() < name.length + extraLength + commentLength) {
            throw invalidDirectory("corrupt at byte " + central.position());
        }
        central.get(name);
        ByteBuffer extra = zip64(central.slice(central.position(), extraLength).order(ByteOrder.LITTLE_ENDIAN));
        central.position(central.position() + extraLength + commentLength);
        long size = inZip64(fixed.getInt(24), extra);
        long compressed = inZip64(fixed.getInt(20), extra);
        long header = inZip64(fixed.getInt(42), extra);
        return new Entry(
                new String(name, StandardCharsets.UTF_8),
                Short.toUnsignedInt(fixed.getShort(8)),
                Short.toUnsignedInt(fixed.getShort(10)),
                Integer.toUnsignedLong(fixed.getInt(16)),
                compressed,
                size,
                header);
    }

    /** Returns the 64-bit values among an entry's extra fields, in the order in which they replace the 32-bit ones. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private long inZip64(int field, ByteBuffer numbers) throws CheckpointException {
        long value = Integer.toUnsignedLong(field);
        if (value != IN_ZIP64) {
            return value;
        }
        if (numbers.remaining() < Long.BYTES) {
            throw invalidDirectory("without a size");
        }
        return numbers.getLong();
    }
}
