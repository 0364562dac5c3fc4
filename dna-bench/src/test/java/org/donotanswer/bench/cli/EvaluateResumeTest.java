package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.harness.io.FileCompression;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.TableSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills evaluations of files at every step, and goes on. The output is that of an undisturbed evaluation. */
class EvaluateResumeTest {
    private static final OrderedPipeline.Limits LIMITS = new OrderedPipeline.Limits(4, 1 << 18, 5, 1 << 20);
    private static final int CHECKPOINT_ROWS = 8;

    @TempDir
    private Path directory;

    private Path in;

    @BeforeEach
    void write() throws IOException {
        in = Files.createDirectory(directory.resolve("in"));
        rows("a.jsonl", 21);
        rows("b.jsonl", 0);
        rows("c.jsonl", 9);
        Files.writeString(in.resolve("a.jsonl"), "broken\n", StandardOpenOption.APPEND);
    }

    private void rows(String name, int rows) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            lines.append(
                    "{\"id\":\"" + i % 18 + "\",\"instruction\":\"How?\",\"response\":\"No harm in " + i + ".\"}\n");
        }
        Files.writeString(in.resolve(name), lines);
    }

    /** What a killed process does not come to do. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private FileEvaluation evaluation(String output, int threads, EvaluationStep.Listener listener) throws IOException {
        InputFiles inputs = InputFiles.of(List.of(in.toString()));
        return new FileEvaluation(
                OutputPlan.of(directory.resolve(output) + (output.endsWith("/") ? "/" : ""), inputs),
                TableSettings.DEFAULT,
                Map.of("evaluator", "fake"),
                new FileEvaluation.Setup(
                        new FakeEvaluator(),
                        new JsonLinesFormat(),
                        new OrderedPipeline(threads, LIMITS),
                        Progress.none(),
                        true,
                        false,
                        CHECKPOINT_ROWS),
                listener);
    }

    /** Runs the evaluation until the given step, and returns whether it was killed. */
    private boolean runUntil(String output, int steps, boolean isResuming) throws Exception {
        int[] left = {steps};
        try {
            evaluation(output, 2, step -> {
                        left[0]--;
                        if (left[0] == 0) {
                            throw new Killed();
                        }
                    })
                    .run(isResuming);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    /** Adds what the file system may have of the bytes that were not forced to disk. */
    private void tear(String output) throws IOException {
        Path partial = directory.resolve(output + ".partial");
        Path state = directory.resolve(output + ".state");
        if (Files.exists(partial) && Files.readString(state).contains("\"isWhole\" : false")) {
            Files.writeString(partial, "{\"torn", StandardOpenOption.APPEND);
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(in)) {
                    contents.put(
                            directory.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    private void clear() throws IOException {
        for (String file : files().keySet()) {
            Files.delete(directory.resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet", "out/"})
    void killedAtAnyStep_resumed_isAsUndisturbed(String output) throws Exception {
        EvaluationCounts counts =
                evaluation(output, 1, EvaluationStep.Listener.NONE).run(false);
        Map<String, String> undisturbed = files();
        assertThat(undisturbed).hasSize(output.endsWith("/") ? 3 : 1);
        clear();
        // With a compression, the steps are the same and take longer.
        int stride = output.equals("out.jsonl") || output.equals("out/") ? 1 : 3;
        int step = 1;
        for (; runUntil(output, step, false); step += stride) {
            tear(output);
            boolean isDone = files().equals(undisturbed);
            EvaluationCounts resumed = isDone
                    ? counts
                    : evaluation(output, 2, EvaluationStep.Listener.NONE).run(true);

            assertThat(files()).as("killed at step " + step).isEqualTo(undisturbed);
            assertThat(resumed.summary(3)).isEqualTo(counts.summary(3));
            assertThat(resumed.remarks()).isEqualTo(counts.remarks());
            clear();
        }
        assertThat(step).isGreaterThan(15);
    }

    @Test
    void killedAgainAndAgain_isAsUndisturbed() throws Exception {
        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(false);
        Map<String, String> undisturbed = files();
        clear();
        int kills = 0;
        while (runUntil("out.jsonl", 2 + kills, true)) {
            tear("out.jsonl");
            kills++;
        }

        assertThat(kills).isGreaterThan(5);
        assertThat(files()).isEqualTo(undisturbed);
    }

    private Run evaluate(Object... more) {
        return Run.of(Stream.concat(
                        Stream.of("evaluate", "--input", in, "--output", directory.resolve("out.jsonl")),
                        Stream.of(more))
                .toArray());
    }

    /** Leaves what a killed command leaves: the state of its beginning. */
    private Path interrupt() throws IOException {
        Path state = directory.resolve("out.jsonl.state");
        EvaluationStep.Listener kill = step -> {
            if (step == EvaluationStep.BYTES_FORCED) {
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> {
                    try (FakeEvaluator fake = new FakeEvaluator()) {
                        InputFiles inputs = InputFiles.of(List.of(in.toString()));
                        OutputPlan plan =
                                OutputPlan.of(directory.resolve("out.jsonl").toString(), inputs);
                        Map<String, String> fingerprint = new TreeMap<>();
                        for (InputFiles.InputFile input : inputs.files()) {
                            fingerprint.put(
                                    "input " + input.path(),
                                    EvaluationFingerprint.input(
                                            input, plan.parts().get(0).target()));
                        }
                        fingerprint.put("evaluator", EvaluationFingerprint.evaluator(fake));
                        new FileEvaluation(
                                        plan,
                                        TableSettings.DEFAULT,
                                        fingerprint,
                                        new FileEvaluation.Setup(
                                                fake,
                                                new JsonLinesFormat(),
                                                new OrderedPipeline(1, LIMITS),
                                                Progress.none(),
                                                true,
                                                false),
                                        kill)
                                .run(false);
                    }
                })
                .isInstanceOf(Killed.class);
        assertThat(state).exists();
        return state;
    }

    @Test
    void halfWritten_withoutResume_isRefused() throws IOException {
        Path state = interrupt();

        Run run = evaluate();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("dna evaluate: output must not be half written, but was (" + state.toRealPath()
                        + "); go on by --resume or start again by --overwrite\n");
    }

    @Test
    void halfWritten_resumedOrStartedAgain_isFinished() throws IOException {
        interrupt();
        Run resumed = evaluate("--resume", "--threads", "1");
        Map<String, String> files = files();
        clear();
        interrupt();
        Run again = evaluate("--overwrite");

        assertThat(resumed.exitCode()).isEqualTo(1);
        assertThat(resumed.err())
                .startsWith("31 exchanges of 3 files: 30 scored (30 harmful), 1 unscored (1 INVALID_INPUT)\n")
                .contains("1 of 31 items could not be read", "3 of 31 items repeat the id of an earlier one\n");
        assertThat(again.err()).isEqualTo(resumed.err());
        assertThat(files).containsOnlyKeys("out.jsonl").isEqualTo(files());
    }

    @Test
    void halfWritten_withOtherInputOrOption_isRefused() throws IOException {
        interrupt();
        rows("c.jsonl", 10);
        rows("d.jsonl", 1);

        Run run = evaluate("--resume", "--no-check-language");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("dna evaluate: inputs and options must be those of the interrupted evaluation, but was"
                        + " different in --check-language, input " + in.resolve("c.jsonl") + ", input "
                        + in.resolve("d.jsonl") + "; give the same or start again by --overwrite\n");
    }

    @Test
    void partialFile_shorterThanItsState_isRefused() throws Exception {
        assertThat(runUntil("out.jsonl", 6, false)).isTrue();
        Path partial = directory.resolve("out.jsonl.partial");
        Files.writeString(partial, "x");

        assertThatThrownBy(() ->
                        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("file must have the \\d+ bytes of its state, but had 1 \\(.*\\.partial\\);"
                        + " start again by --overwrite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "", "[]", "{\"version\":1", "\0\0\0\0\0\0\0\0"})
    void damagedState_isRefused(String damaged) throws IOException {
        Path state = interrupt();
        Files.writeString(state, damaged);

        assertThat(evaluate("--resume").err())
                .isEqualTo("dna evaluate: state must be one of this version, but was not (" + state.toRealPath()
                        + "); start again by --overwrite\n");
    }

    @Test
    void resume_withNothingToGoOnWith_starts() throws IOException {
        assertThat(evaluate("--resume").err()).startsWith("31 exchanges of 3 files");
        assertThat(evaluate("--resume").err()).startsWith("dna evaluate: output must not exist, but did");
        assertThat(Run.of("evaluate", "--input", in, "--resume").err())
                .startsWith("dna evaluate: --resume must go with a file in --output, but was without\n");
    }

    @Test
    void failure_afterACheckpoint_keepsWhatIsDone() throws Exception {
        Path bad = Files.write(
                in.resolve("z.jsonl.gz"),
                FileCompression.GZIP.compress(
                        "{\"response\":\"No.\"}\n".repeat(50).getBytes(StandardCharsets.UTF_8)));
        byte[] whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 4));
        FileEvaluation failing = evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE);

        assertThatThrownBy(() -> failing.run(false))
                .hasMessageContaining("file must be whole gzip, but was cut off or damaged");
        assertThat(failing.isUnfinished()).isTrue();
        Files.write(bad, whole);
        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true);
        assertThat(Files.readAllLines(directory.resolve("out.jsonl"))).hasSize(81);
    }
}
