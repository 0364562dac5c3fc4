package org.donotanswer.classifier.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Interprets the calls in a pickle written by {@code torch.save}, and validates each argument. */
final class TorchCalls {
    private TorchCalls() {}

    /**
     * Returns the storage for the persistent id {@code ('storage', class, key, location, elements[, view])}. The
     * location is a device and is ignored.
     */
    static TorchStorage storage(Object id, FileErrors errors) throws CheckpointException {
        List<?> parts = id instanceof Unpickler.Tuple tuple ? tuple.items() : List.of();
        if (parts.size() < 5
                || parts.size() > 6
                || !"storage".equals(parts.get(0))
                || !(parts.get(1) instanceof PickleClass storageClass)
                || !(parts.get(2) instanceof String key)
                || !(parts.get(4) instanceof Long elements)) {
            throw errors.invalid(
                    "persistent id",
                    "must hold the class, key, location and size of a storage",
                    Unpickler.typeName(id));
        }
        TensorType type = storageClass
                .elementType()
                .orElseThrow(() -> errors.invalid("class of storage " + key, "must be a storage class", storageClass));
        if (elements < 0 || elements > Long.MAX_VALUE / type.bytes()) {
            throw errors.invalid("storage " + key, "must have 0 to 2^63 - 1 bytes", elements + " elements");
        }
        if (parts.size() < 6 || parts.get(5) == Unpickler.None.NONE) {
            return new TorchStorage(type, key, elements, 0, elements);
        }
        List<?> view = Unpickler.items(parts.get(5));
        if (view.size() != 3
                || !(view.get(1) instanceof Long offset)
                || !(view.get(2) instanceof Long viewElements)
                || offset < 0
                || viewElements < 0
                || offset > elements
                || viewElements > elements - offset) {
            throw errors.invalid("view of storage " + key, "must lie inside it", "outside");
        }
        return new TorchStorage(type, key, elements, offset, viewElements);
    }

    /**
     * Returns the tensor for the arguments (storage, offset, size, stride, requires_grad, backward_hooks[, metadata]).
     */
    static TorchTensor tensor(List<?> arguments, FileErrors errors) throws CheckpointException {
        if (arguments.size() < 6
                || arguments.size() > 7
                || !(arguments.get(0) instanceof TorchStorage storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw errors.invalid(
                    "tensor",
                    "must be built from a storage, an offset, sizes and strides",
                    "built from " + arguments.size() + " arguments");
        }
        return new TorchTensor(storage, offset, sizes(arguments.get(2), errors), sizes(arguments.get(3), errors));
    }

    /** Returns the tensor for the arguments (tensor, requires_grad, backward_hooks). */
    static TorchTensor parameter(List<?> arguments, FileErrors errors) throws CheckpointException {
        if (arguments.size() != 3 || !(arguments.get(0) instanceof TorchTensor tensor)) {
            throw errors.invalid(
                    "parameter", "must be built from a tensor", "built from " + arguments.size() + " arguments");
        }
        return tensor;
    }

    /**
     * Checks the state of an OrderedDict of weights: its only attribute holds the versions of its modules and is
     * ignored.
     */
    static void checkState(Object state, Object target, FileErrors errors) throws CheckpointException {
        if (!(target instanceof Map) || !(state instanceof Map<?, ?> attributes)) {
            throw errors.invalid("state", "must be set on a mapping", "set on " + Unpickler.typeName(target));
        }
        for (Object attribute : attributes.keySet()) {
            if (!attribute.equals(TorchTensors.METADATA)) {
                throw errors.invalid("attribute of a mapping", "must be " + TorchTensors.METADATA, attribute);
            }
        }
    }

    private static List<Long> sizes(Object value, FileErrors errors) throws CheckpointException {
        if (!(value instanceof Unpickler.Tuple tuple) || tuple.items().size() > Shapes.MAX_DIMENSIONS) {
            throw errors.invalid(
                    "tensor size",
                    "must be a tuple of at most " + Shapes.MAX_DIMENSIONS + " integers",
                    Unpickler.typeName(value));
        }
        List<Long> sizes = new ArrayList<>();
        for (Object item : tuple.items()) {
            if (!(item instanceof Long size)) {
                throw errors.invalid("tensor size", "must consist of integers", Unpickler.typeName(item));
            }
            sizes.add(size);
        }
        return sizes;
    }
}
