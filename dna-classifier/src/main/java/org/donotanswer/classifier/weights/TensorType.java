package org.donotanswer.classifier.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The element types of tensors that can be read from a checkpoint. Immutable, hence thread-safe. */
public enum TensorType {
    FLOAT32("F32", 4),
    FLOAT16("F16", 2),
    BFLOAT16("BF16", 2),
    FLOAT64("F64", 8),
    INT64("I64", 8),
    INT32("I32", 4),
    INT16("I16", 2),
    INT8("I8", 1),
    UINT8("U8", 1),
    BOOL("BOOL", 1);

    /** The names of all types in safetensors files, for messages. */
    static final String NAMES =
            Arrays.stream(values()).map(TensorType::safetensorsName).collect(Collectors.joining(", "));

    private final String safetensorsName;
    private final int bytes;

    TensorType(String safetensorsName, int bytes) {
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the name of this type in safetensors files, for example {@code F32}. */
    public String safetensorsName() {
        return safetensorsName;
    }

    boolean isFloating() {
        return switch (this) {
            case FLOAT32, FLOAT16, BFLOAT16, FLOAT64 -> true;
            case INT64, INT32, INT16, INT8, UINT8, BOOL -> false;
        };
    }

    static Optional<TensorType> ofSafetensorsName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.safetensorsName.equals(name))
                .findFirst();
    }
}
