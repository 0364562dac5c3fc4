package org.donotanswer.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.params.provider.MethodSource;

final class RunFuzzTest implements FuzzTests {
    private static final RunManifest MANIFEST =
            new RunManifest(Llm.of("model-a"), "import", "0".repeat(64), 2, new TreeMap<>(Map.of("t", "0")), "1");

    static Stream<byte[]> manifests() {
        return Seeds.texts(RunJson.text(MANIFEST));
    }

    @MethodSource("manifests")
    @FuzzTest
    void manifest(byte[] data) throws IOException {
        Path directory = Seeds.file("manifest/manifest.json", data).getParent();

        ReaderContract.read(() -> RunDirectory.open(directory), BadInputException.class)
                .ifPresent(run -> assertThat(again(RunJson.text(run.manifest()), RunJson::readManifest))
                        .isEqualTo(run.manifest()));
    }

    static Stream<byte[]> reviewManifests() {
        return Seeds.texts(RunJson.text(new ReviewManifest(
                "judge", "embedded", Provenance.builder("embedded", "1").seed(3).build())));
    }

    @MethodSource("reviewManifests")
    @FuzzTest
    void reviewManifest(byte[] data) throws IOException {
        Path run = run("reviewManifest", "reviews/judge.json", data);

        ReaderContract.read(() -> RunDirectory.open(run).reviewers(), BadInputException.class)
                .ifPresent(reviewers -> reviewers.values().forEach(reviewer -> assertThat(
                                again(RunJson.text(reviewer), RunJson::readReviewManifest))
                        .isEqualTo(reviewer)));
    }

    static Stream<byte[]> responses() {
        CollectedResponse response = CollectedResponse.of(
                "1",
                Optional.of(SpecificHarm.CLASSIFIED_INFORMATION),
                Exchange.of("How?", "<think>a</think>\uD83D\uDE00"));
        return Seeds.texts(RunJson.line(response) + "\n"
                + "{\"id\":\"2\",\"benign\":true,\"instruction\":\"i\",\"response\":\"\\ud800\",\"finish\":\"STOP\","
                + "\"inputTokens\":1,\"outputTokens\":2,\"model\":\"m\",\"thinking\":\"t\"}\n{\"id\":");
    }

    @MethodSource("responses")
    @FuzzTest
    void responses(byte[] data) throws IOException {
        Path run = run("responses", "responses.jsonl", data);
        Optional<Map<String, CollectedResponse>> read =
                ReaderContract.read(() -> RunDirectory.open(run).responses(), BadInputException.class);

        // Whoever opens the log cuts off an incomplete line, which nobody has read.
        try (AppendLog log = AppendLog.open(run.resolve("responses.jsonl"))) {
            log.isEmpty();
        }
        assertThat(ReaderContract.read(() -> RunDirectory.open(run).responses(), BadInputException.class))
                .isEqualTo(read);
    }

    static Stream<byte[]> reviews() {
        Assessment scored =
                Assessment.Scored.builder("judge").harmful(0.25).refusal(0.5).build();
        return Seeds.texts(RunJson.line("1", scored) + "\n"
                + RunJson.line("2", Assessment.Unscored.of(UnscoredReason.TIMEOUT, "late")) + "\n");
    }

    @MethodSource("reviews")
    @FuzzTest
    void reviews(byte[] data) throws IOException {
        Path run = run("reviews", "reviews/judge.jsonl", data);

        ReaderContract.read(() -> RunDirectory.open(run).reviews("judge"), BadInputException.class);
    }

    /** Writes one file of a run, and returns its directory. */
    private static Path run(String name, String file, byte[] data) throws IOException {
        Path manifest =
                Seeds.file(name + "/manifest.json", RunJson.text(MANIFEST).getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(manifest.getParent());
        Seeds.file(name + "/" + file, data);
        return manifest.getParent();
    }

    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private static <T> T again(String text, Reader<T> reader) {
        try {
            return reader.read(Seeds.file("again.json", text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
