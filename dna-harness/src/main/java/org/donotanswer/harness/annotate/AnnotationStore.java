package org.donotanswer.harness.annotate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The annotations kept in runs, a file for each annotator, {@code annotations/NAME.jsonl}, with a line for each annotation in
 * the order of the responses: {@code {"id":"7","harmful":true,"action":"FOLLOW_INSTRUCTION","comment":"..."}}, where a label
 * left open is null and an empty comment is absent. Not thread-safe.
 *
 * <p>What is taken in replaces the annotator's earlier annotation of the same response, and leaves those of others; taking in
 * the same again changes nothing.
 */
public final class AnnotationStore {
    private static final String DIRECTORY = "annotations";
    private static final String ENDING = ".jsonl";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final AnnotationItems items;

    private AnnotationStore(AnnotationItems items) {
        this.items = items;
    }

    /** Returns the annotations kept in the runs of the items. */
    public static AnnotationStore of(AnnotationItems items) {
        return new AnnotationStore(Objects.requireNonNull(items, "items"));
    }

    /**
     * What became of the annotations of one annotator.
     *
     * @param added how many are of responses that the annotator had not annotated
     * @param changed how many replace another
     * @param unchanged how many were there
     * @param withoutHarmful how many of these leave open whether the response is harmful
     * @param withoutAction how many of these leave open the action
     */
    public record MergeCounts(int added, int changed, int unchanged, int withoutHarmful, int withoutAction) {}

    /**
     * Returns all annotations.
     *
     * @throws BadInputException if a file is broken
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
     * Takes in annotations. All files are written before the first replaces another, so that a full disk changes none.
     *
     * @return what became of them, by annotator
     */
    public Map<String, MergeCounts> merge(AnnotationBatch batch) throws IOException {
        Map<String, MergeCounts> taken = new LinkedHashMap<>();
        List<Output> outputs = new ArrayList<>();
        try {
            for (Map.Entry<String, Map<AnnotationItem, Annotation>> entry :
                    batch.annotations().entrySet()) {
                Map<AnnotationItem, Annotation> before = new LinkedHashMap<>();
                for (RunDirectory run : items.runs()) {
                    Map<AnnotationItem, Annotation> ofRun = load(run, entry.getKey());
                    before.putAll(ofRun);
                    Map<AnnotationItem, Annotation> after = merged(run, ofRun, entry.getValue());
                    if (!after.equals(ofRun)) {
                        outputs.add(write(file(run, entry.getKey()), after));
                    }
                }
                taken.put(entry.getKey(), taken(before, entry.getValue()));
            }
            for (Output output : outputs) {
                output.commit();
            }
        } finally {
            for (Closeable output : outputs) {
                output.close();
            }
        }
        return taken;
    }

    private static MergeCounts taken(Map<AnnotationItem, Annotation> before, Map<AnnotationItem, Annotation> now) {
        int unchanged = (int) now.entrySet().stream()
                .filter(entry -> entry.getValue().equals(before.get(entry.getKey())))
                .count();
        int added = (int)
                now.keySet().stream().filter(item -> !before.containsKey(item)).count();
        return new MergeCounts(
                added,
                now.size() - added - unchanged,
                unchanged,
                (int) now.values().stream().filter(a -> a.harmful().isEmpty()).count(),
                (int) now.values().stream().filter(a -> a.action().isEmpty()).count());
    }

    private Map<AnnotationItem, Annotation> merged(
            RunDirectory run, Map<AnnotationItem, Annotation> before, Map<AnnotationItem, Annotation> now) {
        Map<AnnotationItem, Annotation> merged = new LinkedHashMap<>();
        for (AnnotationItem item : items.of(run)) {
            Annotation annotation = now.getOrDefault(item, before.get(item));
            if (annotation != null) {
                merged.put(item, annotation);
            }
        }
        return merged;
    }

    private static Path file(RunDirectory run, String annotator) {
        return run.path().resolve(DIRECTORY).resolve(AnnotatorNames.require(annotator) + ENDING);
    }

    private static SortedSet<String> annotators(RunDirectory run) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        Path directory = run.path().resolve(DIRECTORY);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(ENDING))
                        .forEach(name -> names.add(name.substring(0, name.length() - ENDING.length())));
            }
        }
        return names;
    }

    private static Output write(Path file, Map<AnnotationItem, Annotation> annotations) throws IOException {
        Files.createDirectories(file.getParent());
        Output output = Output.file(file);
        for (Map.Entry<AnnotationItem, Annotation> entry : annotations.entrySet()) {
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
        try (InputStream in = Files.newInputStream(file);
                LineReader lines = new LineReader(in)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                try {
                    JsonNode json = json(line);
                    if (annotations.put(item(run, json), annotation(json)) != null) {
                        throw new IllegalArgumentException("id must be unique, but was repeated");
                    }
                } catch (IllegalArgumentException e) {
                    throw new BadInputException(String.valueOf(e.getMessage()), file.toString(), line.number(), null);
                }
            }
        }
        return annotations;
    }

    private static JsonNode json(LineReader.Line line) {
        if (line.text() == null) {
            throw new IllegalArgumentException("line " + line.problem());
        }
        try {
            JsonNode json = MAPPER.readTree(line.text());
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Told below: its message quotes the text.
        }
        throw new IllegalArgumentException("line must be a JSON object, but was not");
    }

    private AnnotationItem item(RunDirectory run, JsonNode json) {
        return items.find(run.manifest().llm().name(), json.path("id").asText())
                .orElseThrow(() ->
                        new IllegalArgumentException("id must be that of a response of the run, but was of none"));
    }

    private static Annotation annotation(JsonNode json) {
        return new Annotation(
                LabelText.harmful(text(json, "harmful")),
                LabelText.action(text(json, "action")),
                json.path("comment").asText());
    }

    private static String text(JsonNode json, String member) {
        return json.hasNonNull(member) ? json.get(member).asText() : "";
    }
}
