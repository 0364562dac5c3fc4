package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.MapDifference;
import com.google.common.collect.Maps;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The annotations stored in runs: a file {@code annotations/NAME.jsonl} for each annotator, with a line for each annotation,
 * in the order of the responses: {@code {"id":"7","harmful":true,"action":"FOLLOW_INSTRUCTION","comment":"..."}}. A missing
 * label is null; an empty comment is absent. Several processes may merge into the same runs. Not thread-safe.
 */
public final class AnnotationStore {
    private static final String DIRECTORY = "annotations";
    private static final String EXTENSION = ".jsonl";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final AnnotationItems items;

    private AnnotationStore(AnnotationItems items) {
        this.items = items;
    }

    /** Returns the store in the runs of the items. */
    public static AnnotationStore of(AnnotationItems items) {
        return new AnnotationStore(Objects.requireNonNull(items, "items"));
    }

    /**
     * What merging changed for one annotator. Immutable, hence thread-safe.
     *
     * @param added the number of new annotations
     * @param changed the number of annotations that replaced another
     * @param unchanged the number of annotations that were stored before
     * @param withoutHarmful the number of these annotations without a harmfulness label
     * @param withoutAction the number of these annotations without an action label
     */
    public record MergeCounts(int added, int changed, int unchanged, int withoutHarmful, int withoutAction) {}

    /**
     * Reads all annotations.
     *
     * @throws BadInputException if a file is malformed
     * @throws IOException if a file cannot be read
     */
    public Annotations load() throws IOException {
        Annotations.Builder builder = Annotations.builder(items);
        for (RunDirectory run : items.runs()) {
            for (String annotator : annotators(run)) {
                load(run, annotator).forEach((item, annotation) -> builder.add(annotator, item, annotation));
            }
        }
        return builder.build();
    }

    /**
     * Returns the ids of a run's annotated responses, by any annotator.
     *
     * @throws BadInputException if a file is malformed
     * @throws IOException if a file cannot be read
     */
    static IdIndex annotatedIds(RunDirectory run) throws IOException {
        IdIndex ids = new IdIndex();
        for (String annotator : annotators(run)) {
            Path file = file(run, annotator);
            try (LineReader lines = new LineReader(Files.newInputStream(file))) {
                for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                    JsonRecord json = JsonRecord.parse(line, file.toString());
                    ids.add(json.string("id"));
                }
            }
        }
        return ids;
    }

    /**
     * Adds annotations. Their labels and comments replace earlier ones of the same response by the same annotator; what an
     * annotation leaves open stays as it was, so that an older or emptier copy deletes nothing. Merging them again changes
     * nothing. All files are written before the first is replaced, so that a full disk changes none. Of several processes,
     * one merges at a time, and the others wait.
     *
     * @return the changes by annotator
     * @throws BadInputException if a file is malformed
     * @throws IOException if a file cannot be read or written
     */
    public Map<String, MergeCounts> merge(AnnotationBatch batch) throws IOException {
        try (AnnotationLock lock = AnnotationLock.of(items.runs())) {
            lock.requireHeld();
            return mergeLocked(batch);
        }
    }

    private Map<String, MergeCounts> mergeLocked(AnnotationBatch batch) throws IOException {
        Map<String, MergeCounts> counts = new LinkedHashMap<>();
        List<Output> outputs = new ArrayList<>();
        try {
            for (var entry : batch.annotations().entrySet()) {
                String annotator = entry.getKey();
                Map<AnnotationItem, Annotation> stored = new LinkedHashMap<>();
                Map<AnnotationItem, Annotation> added = new LinkedHashMap<>();
                for (RunDirectory run : items.runs()) {
                    Map<AnnotationItem, Annotation> ofRun = load(run, annotator);
                    stored.putAll(ofRun);
                    Map<AnnotationItem, Annotation> merged = merge(run, ofRun, entry.getValue());
                    if (!merged.equals(ofRun)) {
                        outputs.add(write(file(run, annotator), merged));
                    }
                    added.putAll(merged);
                }
                added.keySet().retainAll(entry.getValue().keySet());
                counts.put(annotator, count(stored, added));
            }
            for (Output output : outputs) {
                output.commitToDisk();
            }
        } finally {
            for (Closeable output : outputs) {
                output.close();
            }
        }
        return counts;
    }

    private static MergeCounts count(Map<AnnotationItem, Annotation> stored, Map<AnnotationItem, Annotation> added) {
        MapDifference<AnnotationItem, Annotation> difference = Maps.difference(stored, added);
        return new MergeCounts(
                difference.entriesOnlyOnRight().size(),
                difference.entriesDiffering().size(),
                difference.entriesInCommon().size(),
                (int) added.values().stream().filter(a -> a.harmful().isEmpty()).count(),
                (int) added.values().stream().filter(a -> a.action().isEmpty()).count());
    }

    private Map<AnnotationItem, Annotation> merge(
            RunDirectory run, Map<AnnotationItem, Annotation> stored, Map<AnnotationItem, Annotation> added) {
        Map<AnnotationItem, Annotation> merged = new LinkedHashMap<>();
        for (AnnotationItem item : items.of(run)) {
            Annotation before = stored.get(item);
            Annotation annotation = added.get(item);
            if (before != null && annotation != null) {
                merged.put(item, merge(before, annotation));
            } else if (before != null || annotation != null) {
                merged.put(item, before != null ? before : annotation);
            }
        }
        return merged;
    }

    private static Annotation merge(Annotation before, Annotation added) {
        return new Annotation(
                added.harmful().or(before::harmful),
                added.action().or(before::action),
                added.comment().isEmpty() ? before.comment() : added.comment());
    }

    private static Path file(RunDirectory run, String annotator) {
        return run.path().resolve(DIRECTORY).resolve(AnnotatorNames.require(annotator) + EXTENSION);
    }

    private static List<String> annotators(RunDirectory run) throws IOException {
        Path directory = run.path().resolve(DIRECTORY);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(EXTENSION))
                    .map(name -> name.substring(0, name.length() - EXTENSION.length()))
                    .sorted()
                    .toList();
        }
    }

    private static Output write(Path file, Map<AnnotationItem, Annotation> annotations) throws IOException {
        Files.createDirectories(file.getParent());
        Output output = Output.replacing(file);
        for (var entry : annotations.entrySet()) {
            Annotation annotation = entry.getValue();
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("id", entry.getKey().id());
            json.put("harmful", annotation.harmful().orElse(null));
            json.put("action", annotation.action().map(ResponseAction::name).orElse(null));
            if (!annotation.comment().isEmpty()) {
                json.put("comment", annotation.comment());
            }
            output.stream().write((MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return output;
    }

    private Map<AnnotationItem, Annotation> load(RunDirectory run, String annotator) throws IOException {
        Map<AnnotationItem, Annotation> annotations = new LinkedHashMap<>();
        Path file = file(run, annotator);
        if (!Files.exists(file)) {
            return annotations;
        }
        try (LineReader lines = new LineReader(Files.newInputStream(file))) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                JsonRecord json = JsonRecord.parse(line, file.toString());
                String id = json.string("id");
                AnnotationItem item = items.find(run.manifest().llm().name(), id)
                        .orElseThrow(() -> json.error("id must be that of a response of the run, but was unknown"));
                if (annotations.put(item, json.as(AnnotationStore::annotation)) != null) {
                    throw json.error("id must be unique, but was repeated");
                }
            }
        }
        return annotations;
    }

    private static Annotation annotation(JsonRecord json) {
        return new Annotation(
                LabelText.harmful(text(json.node(), "harmful")),
                LabelText.action(text(json.node(), "action")),
                json.node().path("comment").asText());
    }

    private static String text(JsonNode json, String member) {
        return json.hasNonNull(member) ? json.get(member).asText() : "";
    }
}
