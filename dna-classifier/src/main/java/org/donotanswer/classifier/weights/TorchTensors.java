package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns the tensors that a pickle describes into weights, each validated against its storage. */
final class TorchTensors {
    static final String METADATA = "_metadata";

    /** The keys under which training checkpoints keep the weights. */
    private static final List<String> WEIGHT_KEYS = List.of("state_dict", "model");

    /** A view that repeats elements may expand to this size or to that of its file, whichever is larger. */
    private static final long MAX_EXPANDED_BYTES = 1L << 26;

    private final Path file;
    private final long fileSize;
    private final FileErrors errors;
    private final StorageReader storages;

    /** Gives access to the bytes of storages. */
    interface StorageReader {
        /** Returns bytes of a storage; the caller has checked that they lie inside it. */
        ByteBuffer slice(TorchStorage storage, long begin, long length) throws IOException;
    }

    TorchTensors(Path file, long fileSize, FileErrors errors, StorageReader storages) {
        this.file = file;
        this.fileSize = fileSize;
        this.errors = errors;
        this.storages = storages;
    }

    SortedMap<String, WeightTensor> of(Object root) throws IOException {
        if (!(root instanceof Map<?, ?> top)) {
            throw errors.invalid("checkpoint", "must map names to tensors", Unpickler.typeName(root));
        }
        Map<?, ?> mapping = top;
        for (String key : WEIGHT_KEYS) {
            if (mapping == top && top.get(key) instanceof Map<?, ?> nested) {
                mapping = nested;
            }
        }
        SortedMap<String, WeightTensor> tensors = new TreeMap<>();
        for (Map.Entry<?, ?> entry : mapping.entrySet()) {
            if (entry.getKey().equals(METADATA) && entry.getValue() instanceof Map) {
                continue;
            }
            if (!(entry.getKey() instanceof String name)) {
                throw errors.invalid("tensor name", "must be a string", entry.getKey());
            }
            if (!(entry.getValue() instanceof TorchTensor tensor)) {
                throw errors.invalid(name, "must be a tensor", Unpickler.typeName(entry.getValue()));
            }
            tensors.put(name, weight(name, tensor));
        }
        return tensors;
    }

    private WeightTensor weight(String name, TorchTensor tensor) throws IOException {
        TensorType type = tensor.storage().type();
        int bytes = Shapes.bytes(name, type, tensor.shape(), errors);
        List<Long> strides = strides(name, tensor);
        long end = end(name, tensor, bytes > 0, strides);
        ByteBuffer data = storages.slice(
                tensor.storage(),
                (tensor.storage().viewOffset() + tensor.offset()) * type.bytes(),
                (end - tensor.offset()) * type.bytes());
        boolean inOrder = bytes == 0 || strides.equals(rowMajor(tensor.shape()));
        if (!inOrder && bytes > Math.max(MAX_EXPANDED_BYTES, fileSize)) {
            throw errors.invalid(name, "must not expand to more than the size of its file", bytes + " bytes");
        }
        return new WeightTensor(name, type, tensor.shape(), file, data, inOrder ? List.of() : strides);
    }

    /** Returns the strides, with 0 for dimensions of size 1, whose stride is meaningless. */
    private List<Long> strides(String name, TorchTensor tensor) throws CheckpointException {
        List<Long> given = tensor.strides();
        if (given.size() != tensor.shape().size()) {
            throw errors.invalid(
                    "number of strides of " + name,
                    "must be " + tensor.shape().size() + ", the number of dimensions",
                    given.size());
        }
        List<Long> strides = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i) < 0) {
                throw errors.invalid(name, "must have strides of at least 0", given);
            }
            strides.add(tensor.shape().get(i) == 1 ? 0 : given.get(i));
        }
        return strides;
    }

    private static List<Long> rowMajor(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = shape.get(i) == 1 ? 0 : stride;
            stride *= shape.get(i);
        }
        return List.of(strides);
    }

    /** Returns the index in the storage after the last element. */
    private long end(String name, TorchTensor tensor, boolean any, List<Long> strides) throws CheckpointException {
        long available = tensor.storage().viewElements();
        if (tensor.offset() < 0 || tensor.offset() > available) {
            throw errors.invalid(
                    "offset of " + name, "must be in 0.." + available + ", the size of its storage", tensor.offset());
        }
        if (!any) {
            return tensor.offset();
        }
        long end;
        try {
            end = Math.addExact(tensor.offset(), 1);
            for (int i = 0; i < strides.size(); i++) {
                end = Math.addExact(
                        end, Math.multiplyExact(strides.get(i), tensor.shape().get(i) - 1));
            }
        } catch (ArithmeticException e) {
            end = Long.MAX_VALUE;
        }
        if (end > available) {
            throw errors.invalid("end of " + name, "must be at most " + available + ", the size of its storage", end);
        }
        long bytes = (end - tensor.offset()) * tensor.storage().type().bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw errors.invalid(name, "must span at most " + Integer.MAX_VALUE + " bytes of its storage", bytes);
        }
        return end;
    }
}
