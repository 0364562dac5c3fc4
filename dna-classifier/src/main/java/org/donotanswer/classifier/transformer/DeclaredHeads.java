package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.donotanswer.classifier.transformer.EventHead.Role;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Reads {@code heads} in config.json: the heads that share a checkpoint's encoder, each with its {@code kind}, its {@code
 * outputs} among those of the checkpoint and, if calibrated, its {@code temperature} and {@code threshold}. Each is a
 * softmax over its outputs, whatever {@code problem_type} says. Stateless, hence thread-safe.
 */
final class DeclaredHeads {
    /** Key of the heads in config.json. */
    static final String KEY = "heads";

    private static final String KINDS = kinds();

    private DeclaredHeads() {}

    /**
     * Returns the heads in the order of the configuration; none if it has no such entry.
     *
     * @throws CheckpointException if the entry is malformed or does not suit the number of outputs
     */
    static List<CheckpointHead> read(CheckpointConfig config, SortedMap<Integer, String> id2label)
            throws CheckpointException {
        Optional<JsonNode> list = config.entry(KEY);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().isEmpty()) {
            throw config.invalid(KEY, "must be a list of at least one head", list.get());
        }
        Set<HeadKind> kinds = EnumSet.noneOf(HeadKind.class);
        Set<Integer> taken = new HashSet<>();
        List<CheckpointHead> heads = new ArrayList<>();
        for (int i = 0; i < list.get().size(); i++) {
            Entry entry = new Entry(config, KEY + "[" + i + "]", list.get().get(i));
            HeadKind kind = entry.kind();
            if (!kinds.add(kind)) {
                throw config.invalid(entry.name + ".kind", "must not be that of another head", kind.configName());
            }
            List<Integer> outputs = entry.outputs(kind, id2label.size());
            for (int output : outputs) {
                if (!taken.add(output)) {
                    throw config.invalid(
                            entry.name + ".outputs", "must each be in one head, and once", output + " again");
                }
            }
            HeadOutputs calibrated =
                    new HeadOutputs(outputs, id2label.size(), entry.temperature(), entry.threshold(kind));
            heads.add(new CheckpointHead(kind, calibrated, rule(kind, outputs, id2label)));
        }
        return heads;
    }

    private static HeadRule rule(HeadKind kind, List<Integer> outputs, Map<Integer, String> id2label) {
        if (kind == HeadKind.ACTION) {
            return new ActionHead(
                    Arrays.stream(ResponseAction.values())
                            .map(HeadLabels.Output::new)
                            .toList(),
                    false);
        }
        if (kind == HeadKind.HARM_TYPE) {
            return new HarmTypeHead();
        }
        return new EventHead(
                List.of(Role.ABSENCE, Role.EVENT),
                outputs.stream()
                        .map(output -> HeadLabels.abbreviate(id2label.getOrDefault(output, "")))
                        .toList(),
                false,
                false);
    }

    private static String kinds() {
        List<String> names = HeadKind.configNames(List.of(HeadKind.values()));
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.get(names.size() - 1);
    }

    /** One element of the list. */
    private record Entry(CheckpointConfig config, String name, JsonNode node) {
        HeadKind kind() throws CheckpointException {
            if (!node.isObject()) {
                throw config.invalid(name, "must be an object", node);
            }
            JsonNode kind = node.path("kind");
            Optional<HeadKind> known = kind.isTextual() ? HeadKind.named(kind.textValue()) : Optional.empty();
            if (known.isEmpty()) {
                throw config.invalid(
                        name + ".kind",
                        "must be " + KINDS,
                        kind.isMissingNode() ? "missing" : HeadLabels.abbreviate(kind.asText()));
            }
            return known.get();
        }

        List<Integer> outputs(HeadKind kind, int total) throws CheckpointException {
            JsonNode list = node.path("outputs");
            String subject = name + ".outputs";
            if (!list.isArray()) {
                throw config.invalid(subject, "must be a list of outputs", list.isMissingNode() ? "missing" : list);
            }
            if (list.size() != kind.outputs()) {
                throw config.invalid(
                        "number of " + subject, "must be " + kind.outputs() + " for " + kind.configName(), list.size());
            }
            List<Integer> outputs = new ArrayList<>();
            for (JsonNode output : list) {
                if (!output.isIntegralNumber()
                        || !output.canConvertToInt()
                        || output.intValue() < 0
                        || output.intValue() >= total) {
                    throw config.invalid(subject, "must be integers from 0 to " + (total - 1), output);
                }
                outputs.add(output.intValue());
            }
            return outputs;
        }

        double temperature() throws CheckpointException {
            JsonNode temperature = node.path("temperature");
            if (isAbsent(temperature)) {
                return HeadOutputs.DEFAULT_TEMPERATURE;
            }
            double value = temperature.doubleValue();
            if (!temperature.isNumber()
                    || !(value >= HeadOutputs.MIN_TEMPERATURE && value <= HeadOutputs.MAX_TEMPERATURE)) {
                throw config.invalid(name + ".temperature", "must be a number in [0.01, 100]", temperature);
            }
            return value;
        }

        double threshold(HeadKind kind) throws CheckpointException {
            JsonNode threshold = node.path("threshold");
            if (isAbsent(threshold)) {
                return HeadOutputs.DEFAULT_THRESHOLD;
            }
            if (!kind.isEvent()) {
                throw config.invalid(name + ".threshold", "must be absent for " + kind.configName(), threshold);
            }
            double value = threshold.doubleValue();
            if (!threshold.isNumber() || !(value > 0 && value < 1)) {
                throw config.invalid(name + ".threshold", "must be a number in (0, 1)", threshold);
            }
            return value;
        }

        private static boolean isAbsent(JsonNode value) {
            return value.isMissingNode() || value.isNull();
        }
    }
}
