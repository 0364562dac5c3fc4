package org.donotanswer.classifier.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * One tensor of a checkpoint, with its elements in row-major order. It stays valid after its {@link CheckpointWeights}
 * are closed: its file is unmapped once the last buffer over it has been garbage-collected, and must not be changed or
 * truncated until then. Immutable, hence thread-safe.
 */
public final class WeightTensor {
    private final String name;
    private final TensorType type;
    private final List<Long> shape;
    private final Path file;
    private final ByteBuffer bytes;
    /** The distance in elements between neighbours in each dimension; empty if the bytes are in row-major order. */
    private final List<Long> strides;

    WeightTensor(String name, TensorType type, List<Long> shape, Path file, ByteBuffer bytes) {
        this(name, type, shape, file, bytes, List.of());
    }

    WeightTensor(String name, TensorType type, List<Long> shape, Path file, ByteBuffer bytes, List<Long> strides) {
        this.name = name;
        this.type = type;
        this.shape = List.copyOf(shape);
        this.file = file;
        this.bytes = bytes.asReadOnlyBuffer();
        this.strides = List.copyOf(strides);
    }

    /** Returns the name of this tensor in the checkpoint. */
    public String name() {
        return name;
    }

    /** Returns the type of the elements. */
    public TensorType type() {
        return type;
    }

    /** Returns the size of each dimension; empty for a scalar. */
    public List<Long> shape() {
        return shape;
    }

    /** Returns the number of elements. */
    public long elements() {
        return Shapes.elements(shape);
    }

    /** Returns the file that holds this tensor. */
    public Path file() {
        return file;
    }

    /**
     * Returns the elements as a new read-only, direct, little-endian buffer at position 0. Elements are not copied,
     * unless the file has another order of elements, such as that of a transposed tensor: each call copies such a view.
     */
    public ByteBuffer data() {
        ByteBuffer data = strides.isEmpty() ? bytes.duplicate() : rowMajorCopy().asReadOnlyBuffer();
        return data.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the elements as floats. Those of type {@link TensorType#FLOAT64} are rounded; all others are exact.
     *
     * @throws CheckpointException if the elements are not floating-point numbers
     */
    public float[] toFloats() throws CheckpointException {
        if (!type.isFloating()) {
            throw FileErrors.of(file).invalid(name, "must hold floating-point numbers", type);
        }
        ByteBuffer data = data();
        float[] floats = new float[data.remaining() / type.bytes()];
        if (type == TensorType.FLOAT32) {
            data.asFloatBuffer().get(floats);
            return floats;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (type) {
                case FLOAT16 -> HalfPrecision.fromFloat16(data.getShort());
                case BFLOAT16 -> HalfPrecision.fromBfloat16(data.getShort());
                default -> (float) data.getDouble();
            };
        }
        return floats;
    }

    /** Returns the name, the type and the shape. */
    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }

    /** Returns this matrix transposed, under another name, as a view of the same bytes. */
    WeightTensor transposed(String newName) {
        long columns = shape.get(1);
        return new WeightTensor(newName, type, List.of(columns, shape.get(0)), file, bytes, List.of(1L, columns));
    }

    private ByteBuffer rowMajorCopy() {
        int elements = (int) elements();
        int width = type.bytes();
        ByteBuffer ordered = ByteBuffer.allocateDirect(elements * width);
        long[] index = new long[shape.size()];
        long at = 0;
        for (int i = 0; i < elements; i++) {
            int from = (int) at * width;
            switch (width) {
                case 1 -> ordered.put(bytes.get(from));
                case 2 -> ordered.putShort(bytes.getShort(from));
                case 4 -> ordered.putInt(bytes.getInt(from));
                default -> ordered.putLong(bytes.getLong(from));
            }
            for (int dimension = index.length - 1; dimension >= 0; dimension--) {
                at += strides.get(dimension);
                if (++index[dimension] < shape.get(dimension)) {
                    break;
                }
                at -= strides.get(dimension) * shape.get(dimension);
                index[dimension] = 0;
            }
        }
        return ordered.flip();
    }
}
