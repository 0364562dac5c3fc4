package org.donotanswer.classifier.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the calls in a pickle of {@code torch.save} mean, checked argument by argument. */
final class TorchCalls {
    private TorchCalls() {}

    /** Reads {@code ('storage', class, key, location, elements[, view])}; the location is a device and does not matter. */
    static TorchStorage storage(Object id, FileErrors errors) throws CheckpointException {
        List<?> parts = id instanceof Unpickler.Tuple tuple ? tuple.items() : List.of();
        if (parts.size() < 5
                || parts.size() > 6
                || !"storage".equals(parts.get(0))
                || !(parts.get(1) instanceof PickleClass storageClass)
                || !(parts.get(2) instanceof String key)
                || !(parts.get(4) instanceof Long elements)) {
            throw errors.invalid(
                    "persistent id", "must be a storage's class, key, location and size", Unpickler.typeName(id));
        }
        TensorType type = storageClass
                .elementType()
                .orElseThrow(() -> errors.invalid("storage " + key, "must be of a storage's class", storageClass));
        if (elements < 0 || elements > Long.MAX_VALUE / type.bytes()) {
            throw errors.invalid("storage " + key, "must have a countable size", elements);
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
            throw errors.invalid("storage " + key, "must have a view inside it", "outside");
        }
        return new TorchStorage(type, key, elements, offset, viewElements);
    }

    /** Reads the arguments (storage, offset, size, stride, requires_grad, backward_hooks[, metadata]). */
    static TorchTensor tensor(List<?> arguments, FileErrors errors) throws CheckpointException {
        if (arguments.size() < 6
                || arguments.size() > 7
                || !(arguments.get(0) instanceof TorchStorage storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw errors.invalid(
                    "tensor",
                    "must be made of a storage, an offset, sizes and strides",
                    arguments.size() + " arguments");
        }
        return new TorchTensor(storage, offset, sizes(arguments.get(2), errors), sizes(arguments.get(3), errors));
    }

    /** Reads the arguments (tensor, requires_grad, backward_hooks). */
    static TorchTensor parameter(List<?> arguments, FileErrors errors) throws CheckpointException {
        if (arguments.size() != 3 || !(arguments.get(0) instanceof TorchTensor tensor)) {
            throw errors.invalid("parameter", "must be made of a tensor", arguments.size() + " arguments");
        }
        return tensor;
    }

    /** An OrderedDict of weights has one attribute, the versions of its modules, which does not matter. */
    static void checkState(Object state, Object target, FileErrors errors) throws CheckpointException {
        if (!(target instanceof Map) || !(state instanceof Map<?, ?> attributes)) {
            throw errors.invalid("state", "must be given to a mapping", "given to " + Unpickler.typeName(target));
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
                    "size of a tensor",
                    "must be a tuple of at most " + Shapes.MAX_DIMENSIONS + " numbers",
                    Unpickler.typeName(value));
        }
        List<Long> sizes = new ArrayList<>();
        for (Object item : tuple.items()) {
            if (!(item instanceof Long size)) {
                throw errors.invalid("size of a tensor", "must be a whole number", Unpickler.typeName(item));
            }
            sizes.add(size);
        }
        return sizes;
    }
}
