package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads files that {@code torch.save} wrote before PyTorch 1.6: five pickles (magic number, version, system
 * information, checkpoint, storage keys), followed by the storages, each preceded by its number of elements.
 */
final class TorchLegacyReader {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;
    private static final int MAX_PICKLE_BYTES = 1 << 26;

    private final Path file;
    private final MappedFile mapped;
    private final FileErrors errors;
    private final Map<String, Long> offsets = new HashMap<>();

    private TorchLegacyReader(Path file, MappedFile mapped, FileErrors errors) {
        this.file = file;
        this.mapped = mapped;
        this.errors = errors;
    }

    static SortedMap<String, WeightTensor> read(Path file, MappedFile mapped, FileErrors errors) throws IOException {
        return new TorchLegacyReader(file, mapped, errors).read();
    }

    private SortedMap<String, WeightTensor> read() throws IOException {
        Unpickler pickles = new Unpickler(mapped.slice(0, Math.min(mapped.size(), MAX_PICKLE_BYTES)), errors);
        if (!MAGIC.equals(pickles.read())) {
            throw errors.invalid("file", "must start with the magic number of torch.save", "another pickle");
        }
        if (!(pickles.read() instanceof Long version) || version != VERSION) {
            throw errors.invalid("version of torch.save's format", "must be " + VERSION, "another");
        }
        if (!(pickles.read() instanceof Map<?, ?> machine) || !Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw errors.invalid("byte order", "must be little", "big");
        }
        Object root = pickles.read();
        if (!(pickles.read() instanceof List<?> keys)) {
            throw errors.invalid("list of storage keys", "must be a list", "another value");
        }
        Map<String, TorchStorage> storages = pickles.storages();
        findStorages(keys, storages, pickles.position());
        return new TorchTensors(
                        file,
                        mapped.size(),
                        errors,
                        (storage, from, length) -> mapped.slice(offset(storage) + from, length))
                .of(root);
    }

    private long offset(TorchStorage storage) throws CheckpointException {
        Long offset = offsets.get(storage.key());
        if (offset == null) {
            throw errors.invalid("storage " + storage.key(), "must be in the file", "missing");
        }
        return offset;
    }

    private void findStorages(List<?> keys, Map<String, TorchStorage> storages, long from) throws IOException {
        long at = from;
        for (Object key : keys) {
            if (!(key instanceof String name) || !storages.containsKey(name) || offsets.containsKey(name)) {
                throw errors.invalid(
                        "storage key", "must occur in the pickle, and once in the list", Unpickler.typeName(key));
            }
            TorchStorage storage = storages.get(name);
            if (mapped.size() - at < Long.BYTES) {
                throw errors.invalid("storage " + name, "must be preceded by its size", "truncated");
            }
            long elements =
                    mapped.slice(at, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
            at += Long.BYTES;
            if (elements != storage.elements()) {
                throw errors.invalid("storage " + name, "must have " + storage.elements() + " elements", elements);
            }
            if (storage.bytes() > mapped.size() - at) {
                throw errors.invalid("storage " + name, "must be " + storage.bytes() + " bytes long", "truncated");
            }
            offsets.put(name, at);
            at += storage.bytes();
        }
        if (at != mapped.size()) {
            throw errors.invalid("size of the file", "must be " + at + ", the end of the last storage", mapped.size());
        }
    }
}
