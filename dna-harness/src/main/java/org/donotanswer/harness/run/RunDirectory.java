package org.donotanswer.harness.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.OutputException;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run, what one LLM answered and what was said of it:
 *
 * <pre>manifest.json             how the responses came about; see {@link RunManifest}
 *responses.jsonl           one {@link CollectedResponse} a line, in the order in which they came
 *reviews/NAME.jsonl        what an evaluator, or people, said of each: an id and an assessment a line
 *reviews/NAME.json         who that evaluator is; see {@link ReviewManifest}
 *annotations/NAME.jsonl    how one annotator labelled some; see {@link org.donotanswer.harness.annotate.AnnotationStore}</pre>
 *
 * <p>The files of responses and reviews only ever grow: whatever stops a run, the next one goes on from there. Reviews that
 * shall be others are {@linkplain #replaceReviews replaced} as a whole. Thread-safe.
 */
public final class RunDirectory {
    /** The name under which the labels of people are kept. */
    public static final String HUMAN = "human";

    private static final String MANIFEST = "manifest.json";
    private static final String RESPONSES = "responses.jsonl";
    private static final String REVIEWS = "reviews";
    private static final String ANNOTATIONS = "annotations";

    private final Path path;
    private final RunManifest manifest;

    private RunDirectory(Path path, RunManifest manifest) {
        this.path = path;
        this.manifest = manifest;
    }

    /**
     * Returns the run in a directory.
     *
     * @throws NoSuchFileException if there is no run
     * @throws BadInputException if its manifest is broken, or of another version
     */
    public static RunDirectory open(Path path) throws IOException {
        Path file = path.resolve(MANIFEST);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "directory must be a run's, with a manifest");
        }
        return new RunDirectory(path, RunJson.manifest(Files.readAllBytes(file), file));
    }

    /**
     * Returns the run in a directory, which is begun if there is none, or none with an answer: settings that never got one
     * were most likely a mistake.
     *
     * @throws ManifestMismatchException if there is one with another manifest
     * @throws IOException if the directory holds other things, or cannot be written
     */
    public static RunDirectory openOrCreate(Path path, RunManifest manifest) throws IOException {
        if (Files.exists(path.resolve(MANIFEST))) {
            RunDirectory found = open(path);
            try {
                found.checkManifest(manifest);
                return found;
            } catch (ManifestMismatchException e) {
                return found.replacedBy(manifest, e);
            }
        }
        if (Files.exists(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                // What a run that was stopped while it wrote its manifest left is no reason to refuse.
                if (entries.anyMatch(entry -> !entry.getFileName().toString().startsWith(MANIFEST))) {
                    throw new IOException("directory must be empty or a run's, but was neither (" + path + ")");
                }
            }
        }
        createDirectories(path);
        write(path.resolve(MANIFEST), RunJson.text(manifest));
        return new RunDirectory(path, manifest);
    }

    private void checkManifest(RunManifest wanted) throws ManifestMismatchException {
        ManifestMismatchException.check(path.resolve(MANIFEST), manifest.toMembers(), wanted.toMembers());
    }

    /** Replaces the manifest, if nothing came of it yet. */
    private RunDirectory replacedBy(RunManifest wanted, ManifestMismatchException mismatch) throws IOException {
        if (hasAnswers() || hasEntries(REVIEWS) || hasEntries(ANNOTATIONS)) {
            throw mismatch;
        }
        // Nobody else has the file of responses open meanwhile, and who opens it later looks at the manifest again.
        try (AppendLog log = AppendLog.open(path.resolve(RESPONSES))) {
            if (!log.isEmpty()) {
                throw mismatch;
            }
            write(path.resolve(MANIFEST), RunJson.text(wanted));
        }
        return new RunDirectory(path, wanted);
    }

    private boolean hasAnswers() throws IOException {
        Path file = path.resolve(RESPONSES);
        if (!Files.exists(file)) {
            return false;
        }
        try (CompleteLines lines = new CompleteLines(file)) {
            return lines.left() > 0;
        }
    }

    private boolean hasEntries(String name) throws IOException {
        Path directory = path.resolve(name);
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isPresent();
        }
    }

    private static Path createDirectories(Path directory) throws OutputException {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new OutputException(directory, e);
        }
    }

    private static void write(Path file, String text) throws OutputException {
        try (Output output = Output.file(file)) {
            output.stream().write(text.getBytes(StandardCharsets.UTF_8));
            output.commit();
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Returns the directory. */
    public Path path() {
        return path;
    }

    /** Returns how the responses came about. */
    public RunManifest manifest() {
        return manifest;
    }

    /**
     * Returns the responses by id, in the order in which they came.
     *
     * @throws BadInputException if a line is broken, or an id is there twice
     */
    public Map<String, CollectedResponse> responses() throws IOException {
        Map<String, CollectedResponse> responses = new LinkedHashMap<>();
        read(path.resolve(RESPONSES), (node, file, line) -> {
            CollectedResponse response = RunJson.response(node, file, line);
            requireNew(responses.put(response.id(), response), file, line);
        });
        return responses;
    }

    /**
     * Opens the file of responses to add some.
     *
     * @throws ManifestMismatchException if another process began another run in the directory meanwhile
     * @throws IOException if it cannot be written, or another process adds to it
     */
    public ResponseLog appendResponses() throws IOException {
        AppendLog log = AppendLog.open(path.resolve(RESPONSES));
        try {
            // As long as there was no answer, another process could replace it.
            open(path).checkManifest(manifest);
            return new ResponseLog(log);
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /**
     * Returns who reviewed the responses, by name.
     *
     * @throws BadInputException if a manifest is broken
     */
    public SortedMap<String, ReviewManifest> reviewers() throws IOException {
        SortedMap<String, ReviewManifest> reviewers = new TreeMap<>();
        Path directory = path.resolve(REVIEWS);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path file : entries.filter(entry -> entry.toString().endsWith(".json"))
                        .sorted()
                        .toList()) {
                    ReviewManifest found = RunJson.reviewManifest(Files.readAllBytes(file), file);
                    reviewers.put(found.name(), found);
                }
            }
        }
        return reviewers;
    }

    /**
     * Returns what one reviewer said, by id, in the order in which it was said; empty if nothing.
     *
     * @throws BadInputException if a line is broken, or an id is there twice
     */
    public Map<String, Assessment> reviews(String name) throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        read(path.resolve(REVIEWS).resolve(ReviewManifest.requireName(name) + ".jsonl"), (node, file, line) -> {
            String id = RunJson.id(node, file, line);
            requireNew(reviews.put(id, RunJson.assessment(node, file, line)), file, line);
        });
        return reviews;
    }

    /**
     * Opens the file of a reviewer to add reviews; a new one is begun if need be.
     *
     * @throws ManifestMismatchException if another evaluator reviewed under that name
     * @throws IOException if it cannot be written, or another process adds to it
     */
    public ReviewLog appendReviews(ReviewManifest reviewer) throws IOException {
        Objects.requireNonNull(reviewer, "reviewer");
        Path directory = createDirectories(path.resolve(REVIEWS));
        Path file = directory.resolve(reviewer.name() + ".json");
        if (Files.exists(file)) {
            ReviewManifest found = RunJson.reviewManifest(Files.readAllBytes(file), file);
            ManifestMismatchException.check(file, found.toMembers(), reviewer.toMembers());
        } else {
            write(file, RunJson.text(reviewer));
        }
        return new ReviewLog(AppendLog.open(directory.resolve(reviewer.name() + ".jsonl")));
    }

    /**
     * Replaces all that a reviewer said, and who the reviewer is. Each file is replaced as a whole or not at all.
     *
     * @throws IOException if they cannot be written, or another process adds to them
     */
    public void replaceReviews(ReviewManifest reviewer, Map<String, Assessment> reviews) throws IOException {
        Objects.requireNonNull(reviewer, "reviewer");
        Path directory = createDirectories(path.resolve(REVIEWS));
        Path file = directory.resolve(reviewer.name() + ".jsonl");
        StringBuilder lines = new StringBuilder();
        reviews.forEach((id, review) -> lines.append(RunJson.line(id, review)).append('\n'));
        // Opened for as long as it takes, so that nobody adds to the file that goes.
        try (AppendLog log = AppendLog.open(file)) {
            write(log.file(), lines.toString());
            write(directory.resolve(reviewer.name() + ".json"), RunJson.text(reviewer));
        }
    }

    private static void requireNew(@Nullable Object before, Path file, long line) throws BadInputException {
        if (before != null) {
            throw new BadInputException("id must be unique, but was repeated", file.toString(), line, "id");
        }
    }

    /** Takes one object of a file. */
    @FunctionalInterface
    private interface Reader {
        void accept(JsonNode node, Path file, long line) throws IOException;
    }

    private static void read(Path file, Reader reader) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (LineReader lines = new LineReader(new CompleteLines(file))) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                reader.accept(RunJson.object(line, file), file, line.number());
            }
        }
    }
}
