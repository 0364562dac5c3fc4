package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.classifier.weights.WeightTensor;

/** Finds the weights of an architecture in a checkpoint. */
final class WeightMatching {
    private static final int MAX_SHOWN = 5;

    private WeightMatching() {}

    /**
     * Returns the values of all expected tensors as 32-bit floats, in order. The file's own memory is used if it holds
     * such floats.
     *
     * @param expected shapes by name
     * @throws CheckpointException if a tensor is missing, has another shape, or is not expected
     */
    static Map<String, ByteBuffer> match(
            Architecture architecture, Map<String, List<Long>> expected, CheckpointWeights weights) throws IOException {
        Map<String, ByteBuffer> values = new LinkedHashMap<>();
        Set<String> used = new LinkedHashSet<>();
        for (Map.Entry<String, List<Long>> entry : expected.entrySet()) {
            String name = entry.getKey();
            Optional<String> found = find(architecture.basePrefix(), name, weights);
            if (found.isEmpty()) {
                throw new CheckpointException(
                        name + " must have shape " + entry.getValue() + ", but was missing (" + files(weights) + ")");
            }
            WeightTensor tensor = weights.tensor(found.get());
            if (!tensor.shape().equals(entry.getValue())) {
                throw new CheckpointException(found.get() + " must have shape " + entry.getValue() + ", but was "
                        + tensor.shape() + " (" + tensor.file().getFileName() + ")");
            }
            used.add(found.get());
            values.put(name, floats(tensor));
        }
        Set<String> unexpected = new TreeSet<>(weights.names());
        unexpected.removeAll(used);
        unexpected.removeIf(name -> isUnused(architecture, name));
        if (!unexpected.isEmpty()) {
            throw new CheckpointException("checkpoint must have only the tensors of "
                    + architecture.getClass().getSimpleName() + ", but had " + unexpected.size() + " others, including "
                    + unexpected.stream().limit(MAX_SHOWN).collect(Collectors.joining(", ")) + " (" + files(weights)
                    + ")");
        }
        return values;
    }

    /** Returns the name of a tensor in the file: checkpoints may omit the prefix, or use names from before 2019. */
    private static Optional<String> find(String prefix, String name, CheckpointWeights weights) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        for (String candidate : List.of(name, bare, legacyName(name), legacyName(bare))) {
            if (weights.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in converted TensorFlow checkpoints, {@code LayerNorm.gamma} for {@code LayerNorm.weight}. */
    private static String legacyName(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }

    private static boolean isUnused(Architecture architecture, String name) {
        String prefix = architecture.basePrefix();
        return architecture.ignoredTensors().stream()
                .anyMatch(start -> name.startsWith(start)
                        || (start.startsWith(prefix) && name.startsWith(start.substring(prefix.length()))));
    }

    private static ByteBuffer floats(WeightTensor tensor) throws CheckpointException {
        if (tensor.type() == TensorType.FLOAT32) {
            ByteBuffer data = tensor.data();
            if (data.alignmentOffset(0, Float.BYTES) == 0) {
                return data;
            }
            // The data of a file may start at any offset, but native code requires floats to be aligned.
            ByteBuffer aligned = ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            return aligned.put(data).flip();
        }
        if (!tensor.type().name().contains("FLOAT")) {
            throw new CheckpointException(tensor.name() + " must hold floating-point numbers, but was " + tensor.type()
                    + " (" + tensor.file().getFileName() + ")");
        }
        if (tensor.elements() > Integer.MAX_VALUE / Float.BYTES) {
            throw new CheckpointException("number of elements of " + tensor.name() + " must be at most "
                    + Integer.MAX_VALUE / Float.BYTES + " for conversion to 32 bits, but was " + tensor.elements()
                    + " (" + tensor.file().getFileName() + ")");
        }
        float[] values = tensor.toFloats();
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private static String files(CheckpointWeights weights) {
        return weights.files().stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.joining(", "));
    }
}
