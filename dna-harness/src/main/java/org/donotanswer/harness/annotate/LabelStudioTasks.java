package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.table.LabelValues;
import org.donotanswer.harness.table.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tasks of a Label Studio export in its full JSON form into a batch. A malformed annotation is rejected, and the
 * others of its task are not. Messages hold no text. Not thread-safe.
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

    /**
     * Adds the annotations of a task.
     *
     * @throws IllegalArgumentException if it is none, or its item is unknown
     */
    void add(TableRow row, JsonNode data) {
        require(data, data.isObject(), "data", "an object");
        AnnotationItem item = item(data);
        JsonNode annotations = row.json("annotations").orElse(null);
        require(annotations, annotations != null && annotations.isArray(), "annotations", "an array");
        for (JsonNode annotation : annotations) {
            try {
                require(annotation, annotation.isObject(), "annotation", "an object");
                addAnnotation(item, annotation);
            } catch (IllegalArgumentException e) {
                batch.reject(row.error(String.valueOf(e.getMessage())).getMessage());
            }
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
        Optional<Boolean> harmful = label(labels.get(LabelStudio.HARMFUL), LabelText::harmful);
        var action = label(labels.get(LabelStudio.ACTION), LabelText::action);
        if (harmful.isEmpty() && action.isEmpty()) {
            batch.blank();
        } else {
            Annotation read = new Annotation(harmful, action, labels.getOrDefault(LabelStudio.COMMENT, ""));
            batch.add(annotator, item, read, time(annotation));
        }
    }

    private static Optional<Instant> time(JsonNode annotation) {
        return AnnotationReader.time(annotation.path("updated_at").asText())
                .or(() -> AnnotationReader.time(annotation.path("created_at").asText()));
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

    /**
     * Returns the name of an annotator, who is given as a number, an e-mail address or an object with either; a person whom
     * the export does not name gets a name as well.
     */
    String annotator(String member, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return AnnotatorNames.UNNAMED;
        }
        if (node.isNumber()) {
            return annotators.of(LabelValues.plain(node.asText()), List.of());
        }
        if (node.isTextual()) {
            return annotator(node.textValue());
        }
        require(node, node.isObject(), member, "a number, an address or an object with either");
        List<String> ids = new ArrayList<>();
        for (String id : List.of("id", "email", "username")) {
            if (node.hasNonNull(id) && !node.get(id).asText().isBlank()) {
                ids.add(node.get(id).asText());
            }
        }
        return ids.isEmpty() ? AnnotatorNames.UNNAMED : annotators.of(ids.get(0), ids.subList(1, ids.size()));
    }

    /** Returns the name of an annotator, who is given as a text. */
    String annotator(String text) {
        return LabelValues.isMissing(text) ? AnnotatorNames.UNNAMED : annotators.of(LabelValues.plain(text), List.of());
    }

    static String choice(String control, @Nullable JsonNode node) {
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
