package org.donotanswer.encoder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.classifier.weights.WeightTensor;
import org.donotanswer.evaluate.ModelFormatException;

/**
 * The file of a model, in the format safetensors. For each matrix of the base that fine-tuning changed it has the tensors
 * {@code NAME.codes}, integers of 8 bits with the shape of the matrix, and {@code NAME.scale}, for each row by what they are
 * multiplied to be the change; vectors of the base that changed, and the weights that the base lacks, stand whole under
 * their names. {@link EncoderMetadata} is in its header. Immutable, hence thread-safe.
 *
 * @param weights the tensors of the file
 * @param shapes the shapes of all tensors of the model, by their names
 */
record EncoderModelFile(EncoderMetadata metadata, CheckpointWeights weights, SortedMap<String, List<Long>> shapes) {
    static final String RESOURCE = "encoder-model.safetensors";

    static final String CODES = ".codes";
    static final String SCALE = ".scale";

    static final String POOLER = "pooler.dense";
    static final String CLASSIFIER = "classifier";

    /** Several times the size of the largest encoder's codes. */
    private static final int MAX_BYTES = 256 << 20;

    private static final int MAX_STEP = 1_000_000;

    private static final String HIDDEN_SIZE = "embeddings.LayerNorm.weight";

    EncoderModelFile {
        shapes = Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
    }

    /**
     * Returns the tensors of a resource on the class path.
     *
     * @throws ModelFormatException if there is none, or it is malformed
     */
    static CheckpointWeights openResource() throws IOException {
        try (InputStream stream = EncoderModelFile.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new ModelFormatException(
                        "class path must contain the encoder model, but did not (" + RESOURCE + ")");
            }
            byte[] bytes = stream.readNBytes(MAX_BYTES);
            ByteBuffer content =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            return CheckpointWeights.ofSafetensors(content, Path.of(RESOURCE));
        }
    }

    /**
     * Returns the names of tensors that a model has beside those of its base, with their shapes.
     *
     * @param hidden the number of hidden units of the base
     * @param outputs the number of outputs of all heads
     */
    static Map<String, List<Long>> additions(long hidden, long outputs) {
        Map<String, List<Long>> additions = new LinkedHashMap<>();
        additions.put(POOLER + ".weight", List.of(hidden, hidden));
        additions.put(POOLER + ".bias", List.of(hidden));
        additions.put(CLASSIFIER + ".weight", List.of(outputs, hidden));
        additions.put(CLASSIFIER + ".bias", List.of(outputs));
        return additions;
    }

    /** Returns the shapes of a base's tensors. */
    static SortedMap<String, List<Long>> shapes(CheckpointWeights base) throws IOException {
        SortedMap<String, List<Long>> shapes = new TreeMap<>();
        for (String name : base.names()) {
            shapes.put(name, base.tensor(name).shape());
        }
        return shapes;
    }

    /** Returns the number of hidden units of a base. */
    static long hiddenSize(CheckpointWeights base) throws IOException {
        return base.tensor(HIDDEN_SIZE).shape().get(0);
    }

    /**
     * Returns a file whose tensors fit the base.
     *
     * @throws ModelFormatException if a tensor is missing or unknown, or has another type or shape or values that it must not
     *     have
     */
    static EncoderModelFile of(EncoderMetadata metadata, CheckpointWeights weights, CheckpointWeights base)
            throws IOException {
        SortedMap<String, List<Long>> shapes = shapes(base);
        Map<String, List<Long>> additions = additions(hiddenSize(base), metadata.outputs());
        TreeSet<String> unknown = new TreeSet<>(weights.names());
        for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
            checkChange(tensor.getKey(), tensor.getValue(), weights, unknown);
        }
        for (Map.Entry<String, List<Long>> tensor : additions.entrySet()) {
            checkWhole(weights.tensor(tensor.getKey()), tensor.getValue());
            unknown.remove(tensor.getKey());
        }
        if (!unknown.isEmpty()) {
            WeightTensor tensor = weights.tensor(unknown.first());
            throw invalid(tensor, "must belong to a weight of the base, the pooler or the classifier", "of neither");
        }
        shapes.putAll(additions);
        return new EncoderModelFile(metadata, weights, shapes);
    }

    private static void checkChange(String name, List<Long> shape, CheckpointWeights weights, TreeSet<String> unknown)
            throws IOException {
        boolean isWhole = unknown.remove(name);
        boolean hasCodes = unknown.remove(name + CODES);
        boolean hasScale = unknown.remove(name + SCALE);
        if (isWhole) {
            checkWhole(weights.tensor(name), shape);
        }
        if (isWhole && (hasCodes || hasScale)) {
            throw invalid(weights.tensor(name), "must be whole or in codes", "both");
        }
        if (hasCodes || hasScale) {
            checkCodes(weights.tensor(name + CODES), shape);
            checkScale(weights.tensor(name + SCALE), shape.subList(0, 1));
        }
    }

    private static void checkCodes(WeightTensor codes, List<Long> shape) throws ModelFormatException {
        require(codes, "type", "I8", codes.type().safetensorsName(), codes.type() == TensorType.INT8);
        require(codes, "shape", shape, codes.shape(), codes.shape().equals(shape) && shape.size() == 2);
        ByteBuffer bytes = codes.data();
        while (bytes.hasRemaining()) {
            byte code = bytes.get();
            if (code < -ChangeCodes.LEVELS || code > ChangeCodes.LEVELS) {
                throw invalid(
                        codes, "must have values from -" + ChangeCodes.LEVELS + " to " + ChangeCodes.LEVELS, code);
            }
        }
    }

    private static void checkWhole(WeightTensor tensor, List<Long> shape) throws ModelFormatException {
        boolean isFloat = tensor.type() == TensorType.FLOAT32 || tensor.type() == TensorType.FLOAT16;
        require(tensor, "type", "F32 or F16", tensor.type().safetensorsName(), isFloat);
        require(tensor, "shape", shape, tensor.shape(), tensor.shape().equals(shape));
        for (float value : tensor.toFloats()) {
            if (!Float.isFinite(value)) {
                throw invalid(tensor, "must have finite values", value);
            }
        }
    }

    /** A change is small beside the weights: a larger step could make one infinite. */
    private static void checkScale(WeightTensor scale, List<Long> shape) throws ModelFormatException {
        checkWhole(scale, shape);
        for (float step : scale.toFloats()) {
            if (Math.abs(step) > MAX_STEP) {
                throw invalid(scale, "must have values from -" + MAX_STEP + " to " + MAX_STEP, step);
            }
        }
    }

    private static void require(WeightTensor tensor, String what, Object wanted, Object found, boolean holds)
            throws ModelFormatException {
        if (!holds) {
            throw invalid(tensor, "must have " + what + " " + wanted, found);
        }
    }

    private static ModelFormatException invalid(WeightTensor tensor, String requirement, Object value) {
        return new ModelFormatException(tensor.name() + " " + requirement + ", but was " + value + " ("
                + tensor.file().getFileName() + ")");
    }

    /** Returns whether a tensor is in the file, so that the base is not needed for it. */
    boolean isWhole(String name) {
        return weights.contains(name);
    }

    /** Returns a tensor that is in the file. */
    float[] wholeTensor(String name) throws IOException {
        return weights.tensor(name).toFloats();
    }

    /** Returns a tensor of the base with what fine-tuning changed in it. */
    float[] tensor(String name, CheckpointWeights base) throws IOException {
        float[] values = base.tensor(name).toFloats();
        if (weights.contains(name + CODES)) {
            byte[] codes = new byte[values.length];
            weights.tensor(name + CODES).data().get(codes);
            ChangeCodes.add(values, codes, weights.tensor(name + SCALE).toFloats());
        }
        return values;
    }
}
