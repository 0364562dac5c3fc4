package org.donotanswer.harness.run;

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
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.OutputException;

/**
 * The directory of a run, with the responses of one LLM and their reviews:
 *
 * <pre>manifest.json             how the responses were obtained; see {@link RunManifest}
 *responses.jsonl           one {@link CollectedResponse} per line, in the order of arrival
 *reviews/NAME.jsonl        one reviewer's reviews: an id and an assessment per line
 *reviews/NAME.json         the reviewer; see {@link ReviewManifest}
 *annotations/NAME.jsonl    one annotator's labels; see {@link org.donotanswer.harness.annotate.AnnotationStore}</pre>
 *
 * <p>Responses and reviews are only appended, so that a run that was stopped at any point is continued from there. To change
 * reviews, {@linkplain #replaceReviews replace} all of a reviewer's. Thread-safe.
 */
public final class RunDirectory {
    /** The reviewer name of human labels. */
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
     * Opens the run in a directory.
     *
     * @throws NoSuchFileException if the directory holds no run
     * @throws BadInputException if its manifest is malformed or of another format version
     */
    public static RunDirectory open(Path path) throws IOException {
        Path file = path.resolve(MANIFEST);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "directory must be that of a run, with a manifest");
        }
        return new RunDirectory(path, RunJson.readManifest(file));
    }

    /**
     * Opens the run in a directory, or starts it if there is none. A run without any response is replaced, as settings that
     * never got a response were most likely a mistake.
     *
     * @throws ManifestMismatchException if the run was started with another manifest
     * @throws IOException if the directory holds other files, or cannot be written
     */
    public static RunDirectory openOrCreate(Path path, RunManifest manifest)
            throws ManifestMismatchException, IOException {
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
            if (!Files.isDirectory(path)) {
                throw new IOException("output must be a directory, but was a file (" + path + ")");
            }
            try (Stream<Path> entries = Files.list(path)) {
                // A run that was stopped while it wrote its manifest leaves a temporary file.
                if (entries.anyMatch(entry -> !entry.getFileName().toString().startsWith(MANIFEST))) {
                    throw new IOException("directory must be empty or that of a run, but was neither (" + path + ")");
                }
            }
        }
        createDirectories(path);
        if (writeNew(path.resolve(MANIFEST), RunJson.text(manifest))) {
            return new RunDirectory(path, manifest);
        }
        // Another process has started a run meanwhile.
        return openOrCreate(path, manifest);
    }

    private void checkManifest(RunManifest wanted) throws ManifestMismatchException {
        ManifestMismatchException.check(path.resolve(MANIFEST), manifest.toMembers(), wanted.toMembers());
    }

    /** Replaces the manifest if there is nothing else in the run. */
    private RunDirectory replacedBy(RunManifest wanted, ManifestMismatchException mismatch) throws IOException {
        if (hasResponses() || hasEntries(REVIEWS) || hasEntries(ANNOTATIONS)) {
            throw mismatch;
        }
        // Nobody else can open the response file meanwhile, and whoever opens it later checks the manifest again.
        try (AppendLog log = AppendLog.open(path.resolve(RESPONSES))) {
            if (!log.isEmpty()) {
                throw mismatch;
            }
            write(path.resolve(MANIFEST), RunJson.text(wanted));
        }
        return new RunDirectory(path, wanted);
    }

    private boolean hasResponses() throws IOException {
        try (RunReader<CollectedResponse> responses = readResponses()) {
            return !responses.isEmpty();
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
        try (Output output = Output.replacing(file)) {
            output.stream().write(text.getBytes(StandardCharsets.UTF_8));
            output.commitToDisk();
        } catch (OutputException e) {
            throw e;
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Writes a file; returns false if another process has written it first. */
    private static boolean writeNew(Path file, String text) throws IOException {
        try (Output output = Output.file(file)) {
            output.stream().write(text.getBytes(StandardCharsets.UTF_8));
            output.commitToDisk();
            return true;
        } catch (IOException e) {
            if (Files.exists(file)) {
                return false;
            }
            throw e;
        }
    }

    /** Returns the directory. */
    public Path path() {
        return path;
    }

    /** Returns how the responses were obtained. */
    public RunManifest manifest() {
        return manifest;
    }

    /**
     * Returns the responses by id, in the order of arrival: all of them in memory, unlike {@link #readResponses}.
     *
     * @throws BadInputException if a line is malformed or repeats an id
     * @throws IOException if the file cannot be read
     */
    public Map<String, CollectedResponse> responses() throws IOException {
        Map<String, CollectedResponse> responses = new LinkedHashMap<>();
        try (RunReader<CollectedResponse> reader = readResponses()) {
            for (CollectedResponse response = reader.next(); response != null; response = reader.next()) {
                responses.put(response.id(), response);
            }
        }
        return responses;
    }

    /**
     * Returns the ids of the responses, numbered in the order of arrival.
     *
     * @throws BadInputException if a line is malformed or repeats an id
     * @throws IOException if the file cannot be read
     */
    public IdIndex responseIds() throws IOException {
        try (RunReader<CollectedResponse> reader = readResponses()) {
            reader.skipAll();
            return reader.ids();
        }
    }

    /**
     * Opens the responses for reading, one at a time, in the order of arrival.
     *
     * @throws IOException if the file cannot be read
     */
    public RunReader<CollectedResponse> readResponses() throws IOException {
        return RunReader.open(path.resolve(RESPONSES), RunJson::response);
    }

    /**
     * Opens the response file for appending.
     *
     * @throws ManifestMismatchException if another process has since started another run in the directory
     * @throws IOException if the file cannot be written, or another process has it open
     */
    public ResponseLog appendResponses() throws ManifestMismatchException, IOException {
        AppendLog log = AppendLog.open(path.resolve(RESPONSES));
        try {
            // Another process may have replaced a run without responses.
            open(path).checkManifest(manifest);
            return new ResponseLog(log);
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /**
     * Returns the reviewers by name.
     *
     * @throws BadInputException if a manifest is malformed
     * @throws IOException if a file cannot be read
     */
    public SortedMap<String, ReviewManifest> reviewers() throws IOException {
        SortedMap<String, ReviewManifest> reviewers = new TreeMap<>();
        Path directory = path.resolve(REVIEWS);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path file : entries.filter(entry -> entry.toString().endsWith(".json"))
                        .sorted()
                        .toList()) {
                    ReviewManifest found = RunJson.readReviewManifest(file);
                    reviewers.put(found.name(), found);
                }
            }
        }
        return reviewers;
    }

    /**
     * Returns the reviews of one reviewer by id, in the order in which they were made; empty if there are none.
     *
     * @throws BadInputException if a line is malformed or repeats an id
     * @throws IOException if the file cannot be read
     */
    public Map<String, Assessment> reviews(String name) throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        try (RunReader<StoredReview> reader = readReviews(name)) {
            for (StoredReview review = reader.next(); review != null; review = reader.next()) {
                reviews.put(review.id(), review.assessment());
            }
        }
        return reviews;
    }

    /**
     * Opens the reviews of one reviewer for reading, one at a time, in the order in which they were made; there may be none.
     *
     * @throws IOException if the file cannot be read
     */
    public RunReader<StoredReview> readReviews(String name) throws IOException {
        return RunReader.open(
                path.resolve(REVIEWS).resolve(ReviewManifest.requireName(name) + ".jsonl"),
                json -> new StoredReview(json.string("id"), RunJson.assessment(json)));
    }

    /**
     * Opens the file of a reviewer for appending; it is created if it does not exist.
     *
     * @throws ManifestMismatchException if another evaluator reviewed under that name
     * @throws IOException if the file cannot be written, or another process has it open
     */
    public ReviewLog appendReviews(ReviewManifest reviewer) throws ManifestMismatchException, IOException {
        Objects.requireNonNull(reviewer, "reviewer");
        Path directory = createDirectories(path.resolve(REVIEWS));
        Path file = directory.resolve(reviewer.name() + ".json");
        // Opened first, so that no other process can write a manifest in between.
        AppendLog log = AppendLog.open(directory.resolve(reviewer.name() + ".jsonl"));
        try {
            if (Files.exists(file)) {
                ReviewManifest found = RunJson.readReviewManifest(file);
                ManifestMismatchException.check(file, found.toMembers(), reviewer.toMembers());
            } else {
                write(file, RunJson.text(reviewer));
            }
            return new ReviewLog(log);
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /**
     * Replaces a reviewer's manifest and reviews. Each file is replaced as a whole or not at all.
     *
     * @throws IOException if they cannot be written, or another process has them open
     */
    @SuppressWarnings("try") // the open log keeps others from appending to the file that is replaced
    public void replaceReviews(ReviewManifest reviewer, Map<String, Assessment> reviews) throws IOException {
        Objects.requireNonNull(reviewer, "reviewer");
        Path directory = createDirectories(path.resolve(REVIEWS));
        Path file = directory.resolve(reviewer.name() + ".jsonl");
        StringBuilder lines = new StringBuilder();
        reviews.forEach((id, review) -> lines.append(RunJson.line(id, review)).append('\n'));
        try (AppendLog log = AppendLog.open(file)) {
            write(file, lines.toString());
            write(directory.resolve(reviewer.name() + ".json"), RunJson.text(reviewer));
        }
    }
}
