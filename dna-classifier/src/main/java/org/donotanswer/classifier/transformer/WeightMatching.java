package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private static final int MAX_NAME_CHARS = 160;

    private WeightMatching() {}

    /**
     * The tensors of a checkpoint.
     *
     * @param values the values of the expected ones as 32-bit floats, in order
     * @param unused the names of those that the reference warns about, as the architecture has no such tensors; sorted
     */
    record Matched(Map<String, ByteBuffer> values, List<String> unused) {}

    /**
     * Returns the values of all expected tensors, and the names of those that are not needed. The file's own memory is
     * used if it holds 32-bit floats.
     *
     * @param expected shapes by name
     * @throws CheckpointException if a tensor is missing or has another shape
     */
    static Matched match(Architecture architecture, Map<String, List<Long>> expected, CheckpointWeights weights)
            throws IOException {
        Map<String, String> names = names(architecture, expected, weights);
        Map<String, ByteBuffer> values = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : expected.entrySet()) {
            WeightTensor tensor = weights.tensor(names.get(entry.getKey()));
            if (!tensor.shape().equals(entry.getValue())) {
                throw new CheckpointException(tensor.name() + " must have shape " + entry.getValue() + ", but was "
                        + tensor.shape() + " (" + tensor.file().getFileName() + ")");
            }
            values.put(entry.getKey(), floats(tensor));
        }
        Set<String> unused = new TreeSet<>(weights.names());
        unused.removeAll(Set.copyOf(names.values()));
        unused.removeIf(name -> isUnused(architecture, name));
        return new Matched(values, List.copyOf(unused));
    }

    /** Returns the remark about tensors that are not used; empty if there are none. */
    static List<String> remarks(List<String> unused) {
        return unused.isEmpty()
                ? List.of()
                : List.of(
                        "number of tensors that the model does not use: " + unused.size() + " (" + some(unused) + ")");
    }

    /** Returns the name in the file of each expected tensor. */
    private static Map<String, String> names(
            Architecture architecture, Map<String, List<Long>> expected, CheckpointWeights weights)
            throws CheckpointException {
        Map<String, String> names = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : expected.keySet()) {
            Optional<String> found = find(architecture.basePrefix(), name, weights);
            found.ifPresentOrElse(value -> names.put(name, value), () -> missing.add(name));
        }
        if (missing.size() > expected.size() / 2) {
            throw new CheckpointException("checkpoint must have the tensors of "
                    + architecture.getClass().getSimpleName() + ", but had " + names.size() + " of "
                    + expected.size() + " and lacked " + some(missing) + "; the file has "
                    + (weights.names().isEmpty() ? "none" : some(List.copyOf(weights.names()))) + " ("
                    + files(weights) + ")");
        }
        if (!missing.isEmpty()) {
            String name = missing.get(0);
            throw new CheckpointException(
                    name + " must have shape " + expected.get(name) + ", but was missing (" + files(weights) + ")");
        }
        return names;
    }

    private static String some(List<String> names) {
        return names.stream().limit(MAX_SHOWN).map(WeightMatching::printable).collect(Collectors.joining(", "))
                + (names.size() > MAX_SHOWN ? ", ..." : "");
    }

    /** Returns a name from a file as it may be shown on a terminal. */
    private static String printable(String name) {
        String shown = name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) + "..." : name;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Returns the name of a tensor in the file: checkpoints may omit the prefix, or use names from before 2019. */
    static Optional<String> find(String prefix, String name, CheckpointWeights weights) {
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

    /** Returns the values of a tensor as 32-bit floats, in the file's own memory where it holds such. */
    static ByteBuffer floats(WeightTensor tensor) throws CheckpointException {
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
