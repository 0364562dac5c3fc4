package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.harness.io.JsonRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tasks of a Label Studio export, JSON or JSON-MIN, into a batch. A malformed task causes an
 * {@link IllegalArgumentException} whose message holds no text. Not thread-safe.
 */
final class LabelStudioTasks {
    private static final Set<String> CONTROLS = Set.of(LabelStudio.HARMFUL, LabelStudio.ACTION, LabelStudio.COMMENT);

    private final AnnotationItems items;
    private final AnnotatorNames annotators;
    private final AnnotationBatch.Builder batch;

    LabelStudioTasks(AnnotationItems items, AnnotatorNames annotators, AnnotationBatch.Builder batch) {
        this.items = items;
        this.annotators = annotators;
        this.batch = batch;
    }

    void add(JsonNode task) {
        require(task, task.isObject(), "task", "an object");
        JsonNode data = task.get("data");
        if (data == null && task.has("annotator")) {
            addFlat(task);
            return;
        }
        require(data, data != null && data.isObject(), "data", "an object");
        AnnotationItem item = item(data);
        JsonNode annotations = task.get("annotations");
        require(annotations, annotations != null && annotations.isArray(), "annotations", "an array");
        for (JsonNode annotation : annotations) {
            require(annotation, annotation.isObject(), "annotation", "an object");
            addAnnotation(item, annotation);
        }
    }

    private void addAnnotation(AnnotationItem item, JsonNode annotation) {
        if (annotation.path("was_cancelled").asBoolean()) {
            batch.cancelled();
            return;
        }
        String annotator = annotator("completed_by", annotation.get("completed_by"));
        JsonNode results = annotation.get("result");
        require(results, results != null && results.isArray(), "result", "an array");
        Map<String, String> labels = new HashMap<>();
        for (JsonNode result : results) {
            String control = result.path("from_name").asText();
            if (CONTROLS.contains(control) && labels.put(control, value(control, result)) != null) {
                throw new IllegalArgumentException(control + " must be given once, but was given twice");
            }
        }
        add(annotator, item, labels);
    }

    private static String value(String control, JsonNode result) {
        boolean comment = control.equals(LabelStudio.COMMENT);
        String member = comment ? "text" : "choices";
        String type = comment ? "textarea" : "choices";
        if (!result.path("type").asText().equals(type)) {
            throw new IllegalArgumentException(
                    "result of " + control + " must be of type " + type + ", but was of another");
        }
        return comment
                ? text(control, result.path("value").get(member))
                : choice(control, result.path("value").get(member));
    }

    /** Adds a task of JSON-MIN, which is one annotation. */
    private void addFlat(JsonNode task) {
        AnnotationItem item = item(task);
        String annotator = annotator("annotator", task.get("annotator"));
        Map<String, String> labels = new HashMap<>();
        for (String control : List.of(LabelStudio.HARMFUL, LabelStudio.ACTION)) {
            if (task.hasNonNull(control)) {
                labels.put(control, choice(control, task.get(control)));
            }
        }
        if (task.hasNonNull(LabelStudio.COMMENT)) {
            labels.put(LabelStudio.COMMENT, text(LabelStudio.COMMENT, task.get(LabelStudio.COMMENT)));
        }
        add(annotator, item, labels);
    }

    private void add(String annotator, AnnotationItem item, Map<String, String> labels) {
        Optional<Boolean> harmful = label(labels.get(LabelStudio.HARMFUL), LabelText::harmful);
        var action = label(labels.get(LabelStudio.ACTION), LabelText::action);
        if (harmful.isEmpty() && action.isEmpty()) {
            batch.blank();
        } else {
            batch.add(annotator, item, new Annotation(harmful, action, labels.getOrDefault(LabelStudio.COMMENT, "")));
        }
    }

    private static <L> Optional<L> label(@Nullable String text, Function<String, Optional<L>> parser) {
        return text == null ? Optional.empty() : parser.apply(text);
    }

    private AnnotationItem item(JsonNode data) {
        JsonNode key = data.get("item");
        require(key, key != null && key.isTextual(), "item", "a string");
        return items.find(key.textValue())
                .orElseThrow(() -> new IllegalArgumentException(
                        "item must be the key of a response of the runs, but was " + LabelText.shown(key.textValue())));
    }

    /** Returns the name of an annotator, who is given as a number, an e-mail address or an object with either. */
    private String annotator(String member, @Nullable JsonNode node) {
        if (node != null && node.isIntegralNumber()) {
            return annotators.of(node.asText(), List.of());
        }
        if (node != null && node.isTextual() && !node.textValue().isBlank()) {
            return annotators.of(node.textValue().strip(), List.of());
        }
        if (node != null && node.isObject()) {
            List<String> ids = new ArrayList<>();
            for (String id : List.of("id", "email")) {
                if (node.hasNonNull(id) && !node.get(id).asText().isBlank()) {
                    ids.add(node.get(id).asText());
                }
            }
            if (!ids.isEmpty()) {
                return annotators.of(ids.get(0), ids.subList(1, ids.size()));
            }
        }
        throw new IllegalArgumentException(
                member + " must be a number, an address or an object with either, but was " + type(node));
    }

    private static String choice(String control, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        require(node, node != null && node.isArray(), "choices of " + control, "an array");
        if (node.size() != 1 || !node.get(0).isTextual()) {
            throw new IllegalArgumentException(
                    "choices of " + control + " must be one string, but were " + node.size() + " values");
        }
        return node.get(0).textValue();
    }

    private static String text(String control, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        require(node, node != null && node.isArray(), "text of " + control, "a string or an array");
        List<String> lines = new ArrayList<>();
        node.forEach(line -> lines.add(line.asText()));
        return String.join("\n", lines);
    }

    private static void require(@Nullable JsonNode node, boolean isValid, String name, String requirement) {
        if (!isValid) {
            throw new IllegalArgumentException(name + " must be " + requirement + ", but was " + type(node));
        }
    }

    private static String type(@Nullable JsonNode node) {
        return node == null ? "missing" : JsonRecord.type(node);
    }
}
