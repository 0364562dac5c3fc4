package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads files that {@code torch.save} has written since PyTorch 1.6: a zip archive with one folder that holds a pickle
 * and one entry for each storage. Entries are stored, so they are memory-mapped; if another tool has compressed them,
 * they are inflated into memory. The writer of the archive may omit checksums, so they are verified for inflated
 * entries only.
 */
final class TorchZipReader {
    private static final String PICKLE = "/data.pkl";
    private static final int MAX_PICKLE_BYTES = 1 << 26;

    /** All entries together may inflate to this many times the size of the file: weights hardly compress. */
    private static final int MAX_INFLATION_FACTOR = 16;

    private final Path file;
    private final MappedFile mapped;
    private final FileErrors errors;
    private final ZipDirectory zip;
    private final Map<String, StorageBytes> storages = new HashMap<>();
    private long inflationBudget;

    /** The bytes of a storage: an offset in the file, or the inflated bytes. */
    private record StorageBytes(long offset, Optional<ByteBuffer> inflated) {}

    private TorchZipReader(Path file, MappedFile mapped, FileErrors errors) throws IOException {
        this.file = file;
        this.mapped = mapped;
        this.errors = errors;
        this.zip = new ZipDirectory(mapped, errors);
        this.inflationBudget = mapped.size() > Long.MAX_VALUE / MAX_INFLATION_FACTOR
                ? Long.MAX_VALUE
                : mapped.size() * MAX_INFLATION_FACTOR;
    }

    static SortedMap<String, WeightTensor> read(Path file, MappedFile mapped, FileErrors errors) throws IOException {
        return new TorchZipReader(file, mapped, errors).read();
    }

    private SortedMap<String, WeightTensor> read() throws IOException {
        String folder = folder();
        ZipDirectory.Entry order = zip.entries().get(folder + "/byteorder");
        if (order != null) {
            String found = StandardCharsets.UTF_8.decode(bytes(order, 16)).toString();
            if (!found.equals("little")) {
                throw errors.invalid("byte order", "must be little", found);
            }
        }
        ZipDirectory.Entry pickle = zip.entries().get(folder + PICKLE);
        if (pickle == null) {
            throw errors.invalid("archive", "must have data.pkl", "without it");
        }
        Object root = new Unpickler(bytes(pickle, MAX_PICKLE_BYTES), errors).read();
        return new TorchTensors(
                        file, mapped.size(), errors, (storage, begin, length) -> slice(folder, storage, begin, length))
                .of(root);
    }

    private String folder() throws CheckpointException {
        List<String> pickles = zip.entries().keySet().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (pickles.size() != 1) {
            throw errors.invalid("number of data.pkl in a top-level folder", "must be 1", pickles.size());
        }
        String pickle = pickles.get(0);
        String folder = pickle.substring(0, pickle.length() - PICKLE.length());
        for (String name : zip.entries().keySet()) {
            if (name.startsWith(folder + "/code/") || name.equals(folder + "/constants.pkl")) {
                throw errors.invalid("archive", "must be written by torch.save", "a TorchScript program");
            }
        }
        return folder;
    }

    private ByteBuffer slice(String folder, TorchStorage storage, long begin, long length) throws IOException {
        StorageBytes found = storages.get(storage.key());
        if (found == null) {
            found = find(folder, storage);
            storages.put(storage.key(), found);
        }
        return found.inflated().isPresent()
                ? found.inflated().get().slice((int) begin, (int) length)
                : mapped.slice(found.offset() + begin, length);
    }

    private StorageBytes find(String folder, TorchStorage storage) throws IOException {
        ZipDirectory.Entry entry = zip.entries().get(folder + "/data/" + storage.key());
        if (entry == null) {
            throw errors.invalid("storage " + storage.key(), "must be in the archive", "missing");
        }
        if (entry.size() != storage.bytes()) {
            throw errors.invalid(
                    entry.name(), "must be " + storage.bytes() + " bytes long", Long.toUnsignedString(entry.size()));
        }
        return entry.method() == ZipDirectory.STORED
                ? new StorageBytes(stored(entry), Optional.empty())
                : new StorageBytes(0, Optional.of(inflate(entry)));
    }

    private ByteBuffer bytes(ZipDirectory.Entry entry, int longest) throws IOException {
        if (entry.size() < 0 || entry.size() > longest) {
            throw errors.invalid(
                    entry.name(), "must be at most " + longest + " bytes long", Long.toUnsignedString(entry.size()));
        }
        return entry.method() == ZipDirectory.STORED ? mapped.slice(stored(entry), entry.size()) : inflate(entry);
    }

    private long stored(ZipDirectory.Entry entry) throws IOException {
        if (entry.compressed() != entry.size()) {
            throw errors.invalid(
                    entry.name(),
                    "must be stored in " + Long.toUnsignedString(entry.size()) + " bytes",
                    Long.toUnsignedString(entry.compressed()));
        }
        return zip.dataOffset(entry);
    }

    private ByteBuffer inflate(ZipDirectory.Entry entry) throws IOException {
        if (entry.method() != ZipDirectory.DEFLATED) {
            throw errors.invalid(entry.name(), "must be stored or deflated", "method " + entry.method());
        }
        long from = zip.dataOffset(entry);
        if (entry.size() < 0 || entry.size() > Math.min(inflationBudget, Integer.MAX_VALUE)) {
            throw errors.invalid(
                    entry.name(),
                    "must inflate to at most " + MAX_INFLATION_FACTOR + " times the size of the file",
                    Long.toUnsignedString(entry.size()) + " bytes");
        }
        if (entry.compressed() > Integer.MAX_VALUE) {
            throw errors.invalid(entry.name(), "must have a compressed size of less than 2 GiB", entry.compressed());
        }
        inflationBudget -= entry.size();
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) entry.size());
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(mapped.slice(from, entry.compressed()));
            while (bytes.hasRemaining() && inflater.inflate(bytes) > 0) {
                // One call may inflate fewer bytes; anything beyond the declared size is ignored.
            }
        } catch (DataFormatException e) {
            throw errors.invalid(entry.name(), "must be valid deflate data", "corrupt", e);
        } finally {
            inflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.flip());
        if (bytes.limit() != entry.size() || crc.getValue() != entry.crc()) {
            throw errors.invalid(
                    entry.name(),
                    "must have checksum " + Long.toHexString(entry.crc()),
                    Long.toHexString(crc.getValue()));
        }
        return bytes.rewind();
    }
}
