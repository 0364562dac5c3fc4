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
 * Reads what {@code torch.save} wrote before PyTorch 1.6: five pickles (a magic number, a version, the machine, the
 * checkpoint, the keys of its storages), and behind them each storage with its number of elements before it.
 */
final class TorchLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;
    private static final int LONGEST_PICKLES = 1 << 26;

    private final Path file;
    private final FileRegions regions;
    private final FileErrors errors;
    private final Map<String, Long> begins = new HashMap<>();

    private TorchLegacy(Path file, FileRegions regions, FileErrors errors) {
        this.file = file;
        this.regions = regions;
        this.errors = errors;
    }

    static SortedMap<String, WeightTensor> read(Path file, FileRegions regions, FileErrors errors) throws IOException {
        return new TorchLegacy(file, regions, errors).read();
    }

    private SortedMap<String, WeightTensor> read() throws IOException {
        Unpickler pickles = new Unpickler(regions.slice(0, Math.min(regions.size(), LONGEST_PICKLES)), errors);
        if (!MAGIC.equals(pickles.read())) {
            throw errors.wrong("file", "must begin with the number that torch.save wrote", "another pickle");
        }
        if (!(pickles.read() instanceof Long version) || version != VERSION) {
            throw errors.wrong("file", "must be of version " + VERSION + " of torch.save's format", "another");
        }
        if (!(pickles.read() instanceof Map<?, ?> machine) || !Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw errors.wrong("byte order", "must be little", "big");
        }
        Object root = pickles.read();
        if (!(pickles.read() instanceof List<?> keys)) {
            throw errors.wrong("keys of the storages", "must be a list", "another value");
        }
        Map<String, TorchStorage> storages = pickles.storages();
        findStorages(keys, storages, pickles.position());
        return new TorchTensors(
                        file,
                        regions.size(),
                        errors,
                        (storage, from, length) -> regions.slice(begin(storage) + from, length))
                .of(root);
    }

    private long begin(TorchStorage storage) throws CheckpointException {
        Long begin = begins.get(storage.key());
        if (begin == null) {
            throw errors.wrong("storage " + storage.key(), "must be in the file", "missing");
        }
        return begin;
    }

    private void findStorages(List<?> keys, Map<String, TorchStorage> storages, long from) throws IOException {
        long at = from;
        for (Object key : keys) {
            if (!(key instanceof String name) || !storages.containsKey(name) || begins.containsKey(name)) {
                throw errors.wrong(
                        "keys of the storages", "must be those of the pickle, each once", Unpickler.kind(key));
            }
            TorchStorage storage = storages.get(name);
            if (regions.size() - at < Long.BYTES) {
                throw errors.wrong("storage " + name, "must have a size before it", "cut off");
            }
            long elements =
                    regions.slice(at, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
            at += Long.BYTES;
            if (elements != storage.elements()) {
                throw errors.wrong("storage " + name, "must have " + storage.elements() + " elements", elements);
            }
            if (storage.bytes() > regions.size() - at) {
                throw errors.wrong("storage " + name, "must be " + storage.bytes() + " bytes long", "cut off");
            }
            begins.put(name, at);
            at += storage.bytes();
        }
        if (at != regions.size()) {
            throw errors.wrong("file", "must end with its last storage, at " + at, regions.size());
        }
    }
}
