package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.annotate.SampleRuns;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The teacher and the trainer are fakes: the teacher gives a probability of .9 to responses with "harm", .1 to others. */
class DistilCommandTest {
    private static final int INSTRUCTIONS = 20;

    @TempDir
    private Path directory;

    private Path base;
    private Path output;
    private final FakeEngine engine = new FakeEngine();
    private final List<Exchange> asked = new ArrayList<>();

    @BeforeEach
    void writeBase() throws IOException {
        base = Files.createDirectories(directory.resolve("encoder"));
        Files.writeString(base.resolve("config.json"), "{}");
        output = directory.resolve("out");
    }

    /** A harmful and a harmless response to each instruction, labelled with the opposite of what the teacher says. */
    private Path labelled() throws IOException {
        StringBuilder rows = new StringBuilder("instruction,response,harmful\n");
        for (int i = 0; i < INSTRUCTIONS; i++) {
            rows.append("Risk " + i + " with risk,This is harm.,0\nRisk " + i + " with risk,This is fine.,1\n");
        }
        return Files.writeString(directory.resolve("own.csv"), rows);
    }

    private Path unlabelled() throws IOException {
        StringBuilder rows = new StringBuilder("instruction,response\n");
        for (int i = 0; i < INSTRUCTIONS; i++) {
            rows.append("Unlabelled " + i + ",This is harm.\nUnlabelled " + i + ",This is fine.\n");
        }
        return Files.writeString(directory.resolve("more.csv"), rows);
    }

    private Run run(ToDoubleFunction<Exchange> teacher, Object... more) {
        List<Object> args = new ArrayList<>(List.of("distil", "--student", base, "--output", output));
        args.addAll(List.of(more));
        return Run.distilling(
                choice -> new FakeEvaluator(exchange -> {
                    asked.add(exchange);
                    return teacher.applyAsDouble(exchange);
                }),
                engine,
                args.toArray());
    }

    private static double harm(Exchange exchange) {
        return exchange.response().contains("harm") ? 0.9 : 0.1;
    }

    private FineTuningJob job(Object... more) {
        Run run = run(DistilCommandTest::harm, more);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return engine.jobs.get(engine.jobs.size() - 1);
    }

    private static List<FineTuningExample> examples(FineTuningJob job) {
        return Stream.concat(job.training().stream(), job.heldOut().stream()).toList();
    }

    private static double harmful(FineTuningExample example) {
        return example.targets().get(HeadKind.HARMFUL).get(1);
    }

    @Test
    void labelled_isMixedWithTheTeacher() throws IOException {
        FineTuningJob job = job("--teacher", "embedded", "--csv", labelled(), "--teacher-share", 0.75, "--held-out", 0);

        assertThat(examples(job)).hasSize(2 * INSTRUCTIONS).allSatisfy(example -> assertThat(harmful(example))
                .isCloseTo(
                        example.response().orElseThrow().contains("harm") ? 0.75 * 0.9 : 0.25 + 0.75 * 0.1,
                        within(1e-12)));
        assertThat(job.data()).containsOnlyKeys("csv/own.csv", "teacher");
    }

    @Test
    void unlabelled_isTheTeachersAlone() throws IOException {
        FineTuningJob job = job("--teacher", "embedded", "--unlabelled", unlabelled(), "--held-out", 0);

        assertThat(examples(job)).hasSize(2 * INSTRUCTIONS).allSatisfy(example -> {
            assertThat(harmful(example))
                    .isEqualTo(example.response().orElseThrow().contains("harm") ? 0.9 : 0.1);
            assertThat(example.source()).isEqualTo("unlabelled/more.csv");
        });
        assertThat(job.data()).containsOnlyKeys("unlabelled/more.csv", "teacher");
        assertThat(job.command().orElseThrow()).startsWith("dna distil ").contains("--teacher embedded");
    }

    @Test
    void heldOut_isNotTrainedOnAndCompared() throws IOException {
        Run run = run(
                DistilCommandTest::harm,
                "--teacher",
                "embedded",
                "--csv",
                labelled(),
                "--unlabelled",
                unlabelled(),
                "--held-out",
                0.25,
                "--heads",
                "harmful");

        assertThat(run.err()).isEmpty();
        assertThat(examples(engine.jobs.get(0))).hasSize(60);
        assertThat(asked).hasSize(80);
        assertThat(run.lines())
                .contains("60 exchanges, 30 of them labelled; the teacher scored 60. Held out: 20.")
                .contains(
                        "harmful: the same label for 100.00 % of 20 exchanges held out, with probabilities 0.000 apart"
                                + " on average")
                .contains(
                        "  on 10 labels, teacher and student: log loss 2.3026 and 2.3026, AUC 0.000 and 0.000, macro F1"
                                + " 0.000 and 0.000");
    }

    @Test
    void twoTeachers_areAveraged() throws IOException {
        List<Double> probabilities = new ArrayList<>(List.of(0.25, 0.75));
        Run run = Run.distilling(
                choice -> {
                    double probability = probabilities.remove(0);
                    return new FakeEvaluator(exchange -> exchange.response().contains("harm") ? probability : 0.0);
                },
                engine,
                "distil",
                "--student",
                base,
                "--output",
                output,
                "--teacher",
                "embedded",
                "--teacher",
                "embedded",
                "--teacher-weight",
                "1,3",
                "--unlabelled",
                unlabelled(),
                "--heads",
                "harmful");

        assertThat(run.err()).isEmpty();
        assertThat(examples(engine.jobs.get(0)))
                .filteredOn(example -> example.response().orElseThrow().contains("harm"))
                .allSatisfy(example -> assertThat(harmful(example)).isCloseTo(0.625, within(1e-12)));
    }

    @Test
    void unscored_isLeftOutUnlessLabelled() throws IOException {
        Path instructions = Files.writeString(
                directory.resolve("instructions.jsonl"), "{\"instruction\":\"Alone?\",\"response\":\"\"}\n");

        Run run = run(
                DistilCommandTest::harm,
                "--teacher",
                "embedded",
                "--csv",
                labelled(),
                "--unlabelled",
                instructions,
                "--held-out",
                0);

        assertThat(run.lines())
                .contains("41 exchanges, 40 of them labelled; the teacher scored 40. Held out: 0.")
                .contains("Note: 1 exchanges without a label are left out, as the teacher did not score them.");
        assertThat(examples(engine.jobs.get(0))).hasSize(40);
    }

    @Test
    void teacherThatScoresNothing_isAnError() throws IOException {
        Path instructions = Files.writeString(
                directory.resolve("instructions.jsonl"), "{\"instruction\":\"Alone?\",\"response\":\"\"}\n");

        Run run = run(DistilCommandTest::harm, "--teacher", "embedded", "--unlabelled", instructions);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("dna distil: teacher must score an exchange, but scored none of 1\n");
    }

    @Test
    void stopped_resumesWithTheLabelsOfFinishedBatches() throws IOException {
        StringBuilder rows = new StringBuilder("response\n");
        for (int i = 0; i < TeacherLabels.BATCH_SIZE + 10; i++) {
            rows.append("Response " + i + (i % 2 == 0 ? " is harm\n" : " is fine\n"));
        }
        Path many = Files.writeString(directory.resolve("many.csv"), rows);
        Object[] args = {"--teacher", "embedded", "--unlabelled", many, "--heads", "harmful", "--model-input", "pair"};

        Run stopped = run(
                exchange -> {
                    if (asked.size() > TeacherLabels.BATCH_SIZE + 3) {
                        throw new IllegalStateException("out of order");
                    }
                    return harm(exchange);
                },
                args);
        assertThat(stopped.exitCode()).isEqualTo(1);
        asked.clear();
        Run second = run(DistilCommandTest::harm, args);

        assertThat(second.err()).isEmpty();
        assertThat(second.exitCode()).isZero();
        assertThat(asked).hasSize(10);
        assertThat(output.resolveSibling("out.state")).isDirectoryContaining("glob:**teacher-*.jsonl");
    }

    @Test
    void state_isKeptWhereTheUserWants() throws IOException {
        Path state = directory.resolve("mine");

        job("--teacher", "embedded", "--unlabelled", unlabelled(), "--state", state);

        assertThat(state).isDirectoryContaining("glob:**teacher-*.jsonl");
        assertThat(output.resolveSibling("out.state")).doesNotExist();
    }

    @Test
    void damagedState_isTold() throws IOException {
        Object[] args = {"--teacher", "embedded", "--unlabelled", unlabelled()};
        job(args);
        Path log;
        try (Stream<Path> files = Files.list(output.resolveSibling("out.state"))) {
            log = files.findFirst().orElseThrow();
        }
        Files.writeString(log, "{\"exchange\":\"1\",\"status\":\"GOOD\"}\n");
        Files.delete(output.resolve("config.json"));

        Run run = run(DistilCommandTest::harm, args);

        assertThat(run.err())
                .isEqualTo("dna distil: labels must be readable, but were not: delete the file (" + log + ")\n");
    }

    private Path reviewedRun() throws IOException {
        RunDirectory run = SampleRuns.create(directory.resolve("RUN"), "model-a", 5);
        SampleRuns.review(run, "judge", 0.25, 0.75, 0.5, 0.125);
        try (ReviewLog log = run.appendReviews(run.reviewers().get("judge"))) {
            log.append(Map.of("4", Assessment.Unscored.of(UnscoredReason.REVIEW_REFUSED, "")));
        }
        return run.path();
    }

    @Test
    void teacherRun_givesItsResponsesAndReviews() throws IOException {
        Path run = reviewedRun();

        Run result = run(
                exchange -> {
                    throw new AssertionError("no evaluator must be asked");
                },
                "--teacher-run",
                run,
                "--reviewer",
                "judge",
                "--heads",
                "harmful",
                "--validation",
                0,
                "--held-out",
                0);

        assertThat(result.err()).isEmpty();
        assertThat(engine.jobs.get(0).training().stream().map(DistilCommandTest::harmful))
                .containsExactly(0.25, 0.75, 0.5, 0.125);
        assertThat(result.lines())
                .contains("5 exchanges, 0 of them labelled; the teacher scored 4. Held out: 0.")
                .contains("Note: 1 exchanges without a label are left out, as the teacher did not score them.");
        assertThat(engine.jobs.get(0).training().get(0).source()).isEqualTo("unlabelled/RUN");
    }

    @Test
    void teacherRun_withoutTheReviewer_isTold() throws IOException {
        Path run = reviewedRun();

        assertThat(run(DistilCommandTest::harm, "--teacher-run", run, "--reviewer", "nobody")
                        .err())
                .isEqualTo("dna distil: run must have reviews by nobody, but had those by judge (" + run + ")\n");
    }

    private void assertWrongUsage(String message, Object... args) {
        assertThat(run(DistilCommandTest::harm, args))
                .isEqualTo(new Run(2, "", "dna distil: " + message + "\nTry 'dna distil --help'.\n"));
        assertThat(output).doesNotExist();
    }

    @Test
    void wrongUsage_isTold() throws IOException {
        Path csv = labelled();
        assertWrongUsage("teacher must be given by --teacher or by --teacher-run, but was neither", "--csv", csv);
        assertWrongUsage(
                "teacher must be given by --teacher or by --teacher-run, but was both",
                "--teacher",
                "embedded",
                "--teacher-run",
                "RUN");
        assertWrongUsage(
                "--teacher-run and --reviewer must be given together, but was without a reviewer",
                "--teacher-run",
                "RUN");
        assertWrongUsage(
                "--teacher-run and --reviewer must be given together, but was without runs",
                "--teacher",
                "embedded",
                "--reviewer",
                "judge");
        assertWrongUsage(
                "name of a reviewer must be letters, digits, dots, dashes and underscores, but was 'a/b'",
                "--teacher-run",
                "RUN",
                "--reviewer",
                "a/b");
        assertWrongUsage(
                "--teacher must be a model (have an LLM judge a run, and name it by --teacher-run), but was llm",
                "--teacher",
                "llm",
                "--csv",
                csv);
        assertWrongUsage(
                "--teacher-weight must be a number for each of several teachers, but was 2 for 1",
                "--teacher",
                "embedded",
                "--teacher-weight",
                "1,2",
                "--csv",
                csv);
        assertWrongUsage(
                "--teacher-share must be from 0 to 1, but was 1.5",
                "--teacher",
                "embedded",
                "--teacher-share",
                1.5,
                "--csv",
                csv);
        assertWrongUsage(
                "--data, --csv, --unlabelled or --teacher-run must be given, but was none", "--teacher", "embedded");
        assertWrongUsage(
                "--held-out must be from 0 to 0.5, but was 0.75",
                "--teacher",
                "embedded",
                "--held-out",
                0.75,
                "--csv",
                csv);
        assertWrongUsage(
                "--overwrite must go with the student embedded, but was with " + base,
                "--teacher",
                "embedded",
                "--overwrite",
                "--csv",
                csv);
    }

    private Run embedded(Object... more) {
        List<Object> args = new ArrayList<>(
                List.of("distil", "--teacher", "embedded", "--student", "embedded", "--output", output));
        args.addAll(List.of(more));
        return Run.distilling(choice -> new FakeEvaluator(), engine, args.toArray());
    }

    @Test
    void embeddedStudent_wrongUsage_isTold() throws IOException {
        Path csv = labelled();

        assertThat(embedded("--csv", csv, "--epochs", 2).err())
                .startsWith("dna distil: --epochs must go with a classifier as the student, but was with embedded\n");
        assertThat(Run.distilling(
                                choice -> new FakeEvaluator(),
                                engine,
                                "distil",
                                "--teacher",
                                "embedded",
                                "--student",
                                "llm",
                                "--csv",
                                csv,
                                "--output",
                                output)
                        .err())
                .startsWith("dna distil: --student must be embedded or a base, but was llm\n");
        assertThat(Files.writeString(output, "mine")).exists();
        assertThat(embedded("--csv", csv).err())
                .startsWith("dna distil: output must not exist, but did (" + output + "); replace it by --overwrite\n");
        assertThat(output).hasContent("mine");
    }

    @Test
    void embeddedStudent_againFromState_givesTheSameBytes() throws IOException {
        Object[] args = {"--csv", labelled(), "--unlabelled", unlabelled()};
        Run first = embedded(args);
        assertThat(first.err()).isEmpty();
        assertThat(first.exitCode()).isZero();
        byte[] bytes = Files.readAllBytes(output);

        Run second = embedded(append(args, "--overwrite", "--threads", 1));

        assertThat(second.err()).isEmpty();
        assertThat(output).hasBinaryContent(bytes);
        assertThat(second.lines())
                .filteredOn(line -> line.startsWith("Wrote "))
                .singleElement()
                .asString()
                .endsWith("SHA-256 " + Sha256.of(output));
    }

    private static Object[] append(Object[] args, Object... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray();
    }
}
