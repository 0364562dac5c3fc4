package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.donotanswer.classifier.weights.CheckpointException;

/** Reads the names of a model's outputs from its {@code config.json}. Stateless, hence thread-safe. */
final class ConfigLabels {
    /** The number of outputs of a model whose configuration says nothing about them. */
    static final int DEFAULT_COUNT = 2;

    private static final String BY_INDEX = "id2label";
    private static final String BY_LABEL = "label2id";
    private static final Pattern INDEX = Pattern.compile("\\s*\\+?\\d{1,6}\\s*");

    private ConfigLabels() {}

    /** Returns the names of the outputs; the count is used if the configuration names none. */
    static SortedMap<Integer, String> read(CheckpointConfig config, int count) throws CheckpointException {
        Optional<JsonNode> byIndex = config.entry(BY_INDEX);
        SortedMap<Integer, String> labels = byIndex.isPresent()
                ? ofIndices(config, byIndex.get())
                : config.entry(BY_LABEL).map(ConfigLabels::ofLabels).orElseGet(TreeMap::new);
        if (byIndex.isEmpty() && (labels.isEmpty() || (config.has("num_labels") && labels.size() != count))) {
            labels = new TreeMap<>();
            for (int label = 0; label < count; label++) {
                labels.put(label, unnamed(label));
            }
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    private static SortedMap<Integer, String> ofIndices(CheckpointConfig config, JsonNode node)
            throws CheckpointException {
        SortedMap<Integer, String> labels = new TreeMap<>();
        if (!node.isObject() || node.isEmpty()) {
            throw config.invalid(BY_INDEX, "must map the index of each output to its label", node);
        }
        for (Map.Entry<String, JsonNode> label : node.properties()) {
            if (!INDEX.matcher(label.getKey()).matches() || label.getValue().isContainerNode()) {
                throw config.invalid(BY_INDEX, "must map the index of each output to its label", label);
            }
            int index = Integer.parseInt(label.getKey().strip());
            labels.put(index, label.getValue().isNull() ? unnamed(index) : PythonText.of(label.getValue()));
        }
        if (labels.size() != node.size() || labels.firstKey() != 0 || labels.lastKey() != labels.size() - 1) {
            throw config.invalid(BY_INDEX, "must have the indices 0 to " + (node.size() - 1), labels.keySet());
        }
        return labels;
    }

    /** Returns the labels by index; none if they do not name each output once. */
    private static SortedMap<Integer, String> ofLabels(JsonNode node) {
        SortedMap<Integer, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : node.properties()) {
            JsonNode index = label.getValue();
            boolean whole = index.isNumber() && index.canConvertToExactIntegral() && index.canConvertToInt();
            if (!whole || labels.put(index.intValue(), label.getKey()) != null) {
                return new TreeMap<>();
            }
        }
        boolean complete = !labels.isEmpty() && labels.firstKey() == 0 && labels.lastKey() == labels.size() - 1;
        return complete ? labels : new TreeMap<>();
    }

    private static String unnamed(int index) {
        return "LABEL_" + index;
    }
}
