package org.donotanswer.classifier.weights;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The classes and functions that a pickle may refer to: those that build tensors. None of them is ever loaded or
 * executed.
 */
enum PickleClass {
    ORDERED_DICT("collections", "OrderedDict", null),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
    FLOAT_STORAGE("torch", "FloatStorage", TensorType.FLOAT32),
    HALF_STORAGE("torch", "HalfStorage", TensorType.FLOAT16),
    BFLOAT16_STORAGE("torch", "BFloat16Storage", TensorType.BFLOAT16),
    DOUBLE_STORAGE("torch", "DoubleStorage", TensorType.FLOAT64),
    LONG_STORAGE("torch", "LongStorage", TensorType.INT64),
    INT_STORAGE("torch", "IntStorage", TensorType.INT32),
    SHORT_STORAGE("torch", "ShortStorage", TensorType.INT16),
    CHAR_STORAGE("torch", "CharStorage", TensorType.INT8),
    BYTE_STORAGE("torch", "ByteStorage", TensorType.UINT8),
    BOOL_STORAGE("torch", "BoolStorage", TensorType.BOOL);

    private final String module;
    private final String name;
    private final @Nullable TensorType elementType;

    PickleClass(String module, String name, @Nullable TensorType elementType) {
        this.module = module;
        this.name = name;
        this.elementType = elementType;
    }

    static Optional<PickleClass> find(String module, String name) {
        return Arrays.stream(values())
                .filter(known -> known.module.equals(module) && known.name.equals(name))
                .findFirst();
    }

    /** Returns the type of the elements, if this is a storage class. */
    Optional<TensorType> elementType() {
        return Optional.ofNullable(elementType);
    }

    @Override
    public String toString() {
        return module + "." + name;
    }
}
