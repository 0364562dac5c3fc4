package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.evaluation.EvaluationCounts;
import org.donotanswer.bench.evaluation.EvaluationFingerprint;
import org.donotanswer.bench.evaluation.EvaluationStep;
import org.donotanswer.bench.evaluation.FileEvaluation;
import org.donotanswer.bench.evaluation.InputFiles;
import org.donotanswer.bench.evaluation.JsonLinesFormat;
import org.donotanswer.bench.evaluation.OutputPlan;
import org.donotanswer.bench.evaluation.StateFile;
import org.donotanswer.harness.io.FileCompression;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.TemporaryFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

/** Kills evaluations of files at every step, and goes on. The output is that of an undisturbed evaluation. */
class EvaluateResumeTest {
    private static final OrderedPipeline.Limits LIMITS = new OrderedPipeline.Limits(4, 1 << 18, 5, 1 << 20);
    private static final int CHECKPOINT_ROWS = 8;
    private static final List<String> OUTPUTS = List.of("a.jsonl.partial", "b.jsonl.partial", "c.jsonl.partial");

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
        return evaluation(output, List.of(in), threads, listener);
    }

    private FileEvaluation evaluation(String output, List<Path> input, int threads, EvaluationStep.Listener listener)
            throws IOException {
        return evaluation(output, input, threads, false, CHECKPOINT_ROWS, listener);
    }

    private FileEvaluation evaluation(
            String output,
            List<Path> input,
            int threads,
            boolean isReplacing,
            int checkpointRows,
            EvaluationStep.Listener listener)
            throws IOException {
        InputFiles inputs = InputFiles.of(input.stream().map(Path::toString).toList());
        OutputPlan plan = OutputPlan.of(directory.resolve(output) + (output.endsWith("/") ? "/" : ""), inputs);
        FakeEvaluator fake = new FakeEvaluator();
        return new FileEvaluation(
                plan,
                TableSettings.DEFAULT,
                EvaluationFingerprint.of(EvaluateCommand.decisiveOptions(command()), plan, fake, inputs.mayBeSeveral()),
                new FileEvaluation.Setup(
                        fake,
                        new JsonLinesFormat(),
                        new OrderedPipeline(threads, LIMITS),
                        Progress.none(),
                        inputs.mayBeSeveral(),
                        isReplacing,
                        checkpointRows),
                listener);
    }

    /** Returns the command, parsed without options. */
    private static CommandSpec command() {
        ModelTrainer trainer = (examples, seed) -> new FakeEvaluator();
        return Dna.commandLine(Streams.ofProcess(), choice -> new FakeEvaluator(), trainer, trainer, new FakeEngine())
                .parseArgs("evaluate", "", "")
                .subcommand()
                .commandSpec();
    }

    /** Runs the evaluation until the given step, and returns whether it was killed. */
    private boolean runUntil(String output, int steps, boolean isResuming) throws Exception {
        return runUntil(output, List.of(in), steps, isResuming);
    }

    private boolean runUntil(String output, List<Path> input, int steps, boolean isResuming) throws Exception {
        int[] left = {steps};
        try {
            evaluation(output, input, 2, step -> {
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
        Path state = directory.resolve(output.endsWith("/") ? output + "evaluation.state" : output + ".state");
        if (!Files.exists(state)) {
            return;
        }
        List<String> durable = StateFile.unnamed(state, OUTPUTS);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path partial :
                    files.filter(file -> file.toString().endsWith(".partial")).toList()) {
                boolean isWhole = output.endsWith("/")
                        ? durable.contains(partial.getFileName().toString())
                        : !durable.isEmpty();
                if (!isWhole) {
                    Files.writeString(partial, "{\"torn", StandardOpenOption.APPEND);
                }
            }
        }
        Files.writeString(state, "{\"begun\":[],", StandardOpenOption.APPEND);
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
            if (step == EvaluationStep.CHUNK_WRITTEN) {
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> evaluation("out.jsonl", 1, kill).run(false)).isInstanceOf(Killed.class);
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
        rows("d.jsonl", 1);

        Run run = evaluate("--resume", "--no-check-language");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("dna evaluate: inputs and options must be those of the interrupted evaluation, but was"
                        + " different in --check-language, input " + in.resolve("d.jsonl")
                        + "; give the same or start again by --overwrite\n");
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
    @ValueSource(strings = {"{}\n", "null\n", "", "[]\n", "{\"version\":2", "{\n \"version\" : 1", "\0\0\0\0\n\0\0\0"})
    void damagedState_isRefused(String damaged) throws IOException {
        Path state = interrupt();
        Files.writeString(state, damaged);

        assertThat(evaluate("--resume").err())
                .isEqualTo("dna evaluate: state must be one of this version, but was not (" + state.toRealPath()
                        + "); start again by --overwrite\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"begun\":[],\"state\":{\"part\":2,\"position\":{\"file\":0,\"rows\":0},\"bytes\":0,"
                        + "\"unnamed\":[],\"counts\":{}}}",
                "{\"begun\":[\"\",\"\",\"\",\"\"],\"state\":{\"part\":0,\"position\":{\"file\":0,\"rows\":0},"
                        + "\"bytes\":0,\"unnamed\":[],\"counts\":{}}}"
            })
    void damagedLineOfState_isRefused(String damaged) throws IOException {
        Path state = interrupt();
        Files.writeString(state, damaged + "\n", StandardOpenOption.APPEND);

        assertThat(evaluate("--resume").err()).startsWith("dna evaluate: state must be one of this version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.jsonl", "out/"})
    void inputsInAnotherOrder_areRefused(String output) throws Exception {
        Path a = in.resolve("a.jsonl");
        Path c = in.resolve("c.jsonl");
        assertThat(runUntil(output, List.of(a, c), 9, false)).isTrue();

        assertThatThrownBy(() -> evaluation(output, List.of(c, a), 1, EvaluationStep.Listener.NONE)
                        .run(true))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("but was different in order of inputs;");
        evaluation(output, List.of(a, c), 1, EvaluationStep.Listener.NONE).run(true);
    }

    @Test
    void oneFile_resumedAsItsDirectory_isRefused() throws Exception {
        Files.delete(in.resolve("b.jsonl"));
        Files.delete(in.resolve("c.jsonl"));
        assertThat(runUntil("out.jsonl", List.of(in.resolve("a.jsonl")), 9, false))
                .isTrue();

        assertThatThrownBy(() ->
                        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("but was different in names of files in assessments;");
    }

    @Test
    void inputChanged_isRefusedOnlyIfItWasBegun() throws Exception {
        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(false);
        int before = Files.readAllLines(directory.resolve("out.jsonl")).size();
        clear();
        // In the middle of the first file.
        assertThat(runUntil("out.jsonl", 6, false)).isTrue();
        rows("c.jsonl", 10);
        assertThat(runUntil("out.jsonl", 6, true)).isTrue();
        rows("a.jsonl", 22);

        assertThatThrownBy(() ->
                        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("but was different in input " + in.resolve("a.jsonl") + ";");
        assertThat(before).isEqualTo(31);
    }

    @Test
    void outputOfAnotherEvaluation_isRefused() throws Exception {
        assertThat(runUntil("out/", 3, false)).isTrue();
        Path partial = directory.resolve("out/a.jsonl.partial");
        String written = Files.readString(partial);

        assertThatThrownBy(() -> evaluation("out/a.jsonl", 1, EvaluationStep.Listener.NONE)
                        .run(false))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("output must not be half written, but was (" + partial.toRealPath() + ")");
        assertThat(partial).hasContent(written);
    }

    @Test
    void outputThatAnotherEvaluationIsWriting_isRefused() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        EvaluationStep.Listener rival = step -> {
            if (step == EvaluationStep.CHUNK_WRITTEN && failures.isEmpty()) {
                failures.add(catchThrowable(() -> evaluation(
                                "out/a.jsonl",
                                List.of(in.resolve("c.jsonl")),
                                1,
                                true,
                                CHECKPOINT_ROWS,
                                EvaluationStep.Listener.NONE)
                        .run(false)));
            }
        };

        evaluation("out/", 1, rival).run(false);

        assertThat(failures).hasSize(1);
        assertThat(failures.get(0))
                .isInstanceOf(TemporaryFile.InUseException.class)
                .hasMessageContaining("is writing it (");
        assertThat(Files.readAllLines(directory.resolve("out/a.jsonl"))).hasSize(22);
    }

    @Test
    void wholeOutput_ofAnotherSize_isRefused() throws Exception {
        List<EvaluationStep> steps = new ArrayList<>();
        evaluation("out.jsonl", 2, steps::add).run(false);
        clear();
        assertThat(runUntil("out.jsonl", steps.indexOf(EvaluationStep.PUBLISHED), false))
                .isTrue();
        Path partial = directory.resolve("out.jsonl.partial");
        Files.writeString(partial, "torn", StandardOpenOption.APPEND);

        assertThatThrownBy(() ->
                        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "file must have the \\d+ bytes of its state, but had \\d+ \\(.*\\.partial\\); start again"
                                + " by --overwrite");
        assertThat(directory.resolve("out.jsonl")).doesNotExist();
    }

    @Test
    void killedJustAfterTheOutputGotItsName_isFinishedByResumeOnly() throws Exception {
        List<EvaluationStep> steps = new ArrayList<>();
        evaluation("out.jsonl", 2, steps::add).run(false);
        clear();
        assertThat(runUntil("out.jsonl", steps.indexOf(EvaluationStep.PUBLISHED) + 1, false))
                .isTrue();
        assertThat(directory.resolve("out.jsonl")).exists();

        assertThat(evaluate().err()).startsWith("dna evaluate: output must not be half written, but was (");
        assertThat(evaluate("--resume").err()).startsWith("31 exchanges of 3 files");
        assertThat(files()).containsOnlyKeys("out.jsonl");
    }

    @Test
    void manyOutputs_shareAFewStates() throws Exception {
        for (int i = 0; i < 300; i++) {
            rows("many-" + i + ".jsonl", i % 3);
        }
        List<EvaluationStep> steps = new ArrayList<>();

        evaluation("out/", List.of(in), 1, false, 20_000, steps::add).run(false);

        // The first is that of the beginning; there may be one for every 5 seconds.
        assertThat(steps.stream().filter(step -> step == EvaluationStep.STATE_WRITTEN))
                .hasSizeBetween(3, 10);
        assertThat(directory.resolve("out").toFile().list()).hasSize(303);
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
                        "{\"response\":\"No.\"}\n".repeat(3).getBytes(StandardCharsets.UTF_8)));
        byte[] whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 4));
        FileEvaluation failing = evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE);

        assertThatThrownBy(() -> failing.run(false))
                .hasMessageContaining("file must be whole gzip, but was cut off or damaged");
        assertThat(failing.isUnfinished()).isTrue();
        Files.write(bad, whole);
        evaluation("out.jsonl", 1, EvaluationStep.Listener.NONE).run(true);
        assertThat(Files.readAllLines(directory.resolve("out.jsonl"))).hasSize(34);
    }
}
