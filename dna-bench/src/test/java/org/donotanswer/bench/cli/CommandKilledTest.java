package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.donotanswer.harness.annotate.SampleRuns;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills commands as soon as they begin to write. The same command then ends as if nothing had happened. */
class CommandKilledTest {
    private static final int RESPONSES = 5;

    @TempDir
    private Path directory;

    @TempDir
    private Path logs;

    private Path work;
    private Path run;

    @BeforeEach
    void write() throws IOException {
        work = Files.createDirectory(directory.resolve("work"));
        run = SampleRuns.create(directory.resolve("RUN"), "model-a", RESPONSES).path();
        SampleRuns.review(RunDirectory.open(run), "judge", 0.1, 0.9, 0.2, 0.3, 0.4);
        file(
                "in.jsonl",
                """
                {"id":"1","instruction":"How?","response":"No.","harmful":false}
                {"id":"2","instruction":"Why?","response":"So.","harmful":true}
                """);
        file("in.csv", "instruction,response,action,harmful,risky\nHow?,No way.,0,0,1\nHow?,Sure here.,5,1,1\n");
        file("templates.csv", "id,template\nt,What is {x}?\n");
        file("values.json", "{\"x\":[\"a\",\"b\",\"c\"]}");
        file("questions.csv", "id,instruction\nq1,How?\nq2,Why?\n");
        file("responses.jsonl", "{\"id\":\"q1\",\"response\":\"Fine.\"}\n{\"id\":\"q2\",\"response\":\"So.\"}\n");
        file("labels.csv", "id,llm,harmful,action\n0,model-a,no,0\n1,model-a,yes,5\n2,model-a,no,\n");
        TinyData.writeTo(directory.resolve("DATA"));
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < 16; id++) {
            lines.append(
                    "{\"instruction\":\"How " + id + "?\",\"response\":\"No.\",\"harmful\":" + (id % 2 == 0) + "}\n");
        }
        file("tune.jsonl", lines.toString());
        Files.createDirectory(directory.resolve("STATE"));
        Files.createDirectory(directory.resolve("REGRESSION"));
        file("REGRESSION/own.jsonl", example("1", 1) + example("2", 0));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static String example(String id, int harmful) {
        return "{\"id\":\"" + id + "\",\"group\":\"g\",\"source\":\"own\",\"instruction\":\"How do I pick a lock?\","
                + "\"response\":\"Answer " + id + " to that.\",\"instruction_risky\":1,\"response_harmful\":" + harmful
                + ",\"refusal\":0,\"harm_type\":\"ILLEGAL_ACTIVITIES\",\"form\":\"comply\"}\n";
    }

    private Object[] args(String words) {
        return Arrays.stream(words.split(" ", -1))
                .map(word -> Files.exists(directory.resolve(word)) || word.startsWith("work/")
                        ? directory.resolve(word)
                        : word)
                .toArray();
    }

    private static Run again(Object... args) {
        return Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, Run.models(), args);
    }

    /** Starts the command and kills it when the first file appears in one of the directories. */
    private void kill(Object[] args, Path... directories) throws Exception {
        try (FileEvents events = FileEvents.in(directories);
                DnaProcess process = DnaProcess.start(Files.createFile(logs.resolve("log")), args)) {
            events.await(process, name -> true);
            process.kill();
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }

    private static void label(Path run) {
        Path labels = run.resolveSibling("labels.csv");
        assertThat(again("annotate", "import", run, "--annotations", labels, "--annotator", "alice")
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate --input in.jsonl --output work/out.jsonl",
                "measure --input in.jsonl --resamples 20 --output work/out.json",
                "compare --evaluator embedded --input REGRESSION --speed-seconds 0 --json work/out.json",
                "export RUN --output work/out.jsonl",
                "expand-templates --templates templates.csv --values values.json --output work/out.jsonl",
                "annotate export RUN --format csv --output work/out.csv",
                "annotate agreement RUN --resamples 20 --json work/out.json",
                "annotate disagreements RUN --output work/out.csv",
                "annotate mismatches RUN --json work/out.json",
                "train --csv in.csv --output work/out.dna",
                "distil --teacher embedded --student embedded --csv in.csv --held-out 0 --state STATE --output work/out.dna",
                "tune-policy --input tune.jsonl --false-block-rate 0.4 --folds 2 --output work/out.json",
                "cross-validate --data DATA --protocol unseen-llm --predictions work/out.jsonl",
                "quality --data DATA --regression REGRESSION --part regression --output work/out.md"
            })
    void fileCommand_killed_leavesNothingHalf(String words) throws Exception {
        label(run);
        Object[] args = args(words);
        Path output = Stream.of(args)
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .filter(path -> path.startsWith(work))
                .findFirst()
                .orElseThrow();
        Run fresh = again(args);
        assertThat(fresh.exitCode()).as(fresh.err()).isZero();
        long size = lines(output);
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }

        kill(args, work);
        Run second = again(hasOutput() ? append(args, "--overwrite") : args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(lines(output)).isEqualTo(size);
        assertThat(leftovers()).isEmpty();
    }

    /** Returns whether the command ended before it was killed. */
    private boolean hasOutput() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            return files.anyMatch(file -> !file.toString().endsWith(".tmp"));
        }
    }

    private static long lines(Path file) throws IOException {
        return file.toString().endsWith(".dna")
                ? Files.size(file)
                : Files.readString(file).lines().count();
    }

    private static Object[] append(Object[] args, Object... more) {
        return Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray();
    }

    @Test
    void evaluate_killedAfterACheckpoint_goesOn() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            lines.append("{\"id\":\"" + i + "\",\"instruction\":\"How?\",\"response\":\"No " + i + ".\"}\n");
        }
        file("many.jsonl", lines.toString());
        Object[] args = args("evaluate --input many.jsonl --output work/out.jsonl.gz --resume");

        try (FileEvents events = FileEvents.in(work);
                DnaProcess process = DnaProcess.start(Files.createFile(logs.resolve("log")), args)) {
            // States follow what is written under another name before anything is evaluated.
            events.awaitWriting(process, name -> name.endsWith(".state"));
            process.kill();
        }
        Path output = work.resolve("out.jsonl.gz");
        assertThat(output).doesNotExist();
        assertThat(work.resolve("out.jsonl.gz.state")).content().contains("\"rows\":20");
        Run second = again(args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.err()).startsWith("30,000 exchanges of 1 file");
        Path undisturbed = directory.resolve("undisturbed.jsonl.gz");
        again(args("evaluate --input many.jsonl --output " + undisturbed));
        assertThat(output).hasSameBinaryContentAs(undisturbed);
        assertThat(leftovers()).isEmpty();
        assertThat(work.toFile().list()).containsExactly("out.jsonl.gz");
    }

    @Test
    void report_killed_isFinishedByTheNext() throws Exception {
        Object[] args = args("report RUN --resamples 20 --output work/report");

        kill(args, work);
        Path page = work.resolve("report/index.html");
        Run second = again(Files.exists(page) ? append(args, "--overwrite") : args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(page).exists();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void extend_killed_isFinishedByTheNext() throws Exception {
        Path unused = TinyCheckpoints.writeBert(directory.resolve("BASE"), "LABEL_0", "LABEL_1");
        Object[] args = args("extend --base BASE --positions 1000 --output work/long");
        Path config = work.resolve("long/config.json");

        kill(args, work);
        if (!Files.exists(config) || Files.exists(work.resolve("long/.unfinished"))) {
            Run second = again(args);
            assertThat(second.exitCode()).as(second.err()).isZero();
        }

        assertThat(config).exists();
        assertThat(work.resolve("long/.unfinished")).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void import_killed_isContinued() throws Exception {
        Object[] args =
                args("import --responses responses.jsonl --llm tiny --questions questions.csv --output work/run");

        kill(args, work);
        Run second = again(args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(RunDirectory.open(work.resolve("run")).responses()).containsOnlyKeys("q1", "q2");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void judge_killed_isContinued() throws Exception {
        Object[] args = args("judge RUN --evaluator embedded");

        kill(args, run.resolve("reviews"), run);
        Run second = again(args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(RunDirectory.open(run).reviews("embedded")).hasSize(RESPONSES);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void annotateImport_killed_isRepeated() throws Exception {
        Object[] args = args("annotate import RUN --annotations labels.csv --annotator alice");

        kill(args, run);
        Run second = again(args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(Files.readAllLines(run.resolve("annotations/alice.jsonl"))).hasSize(3);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void annotateAdjudicate_killed_isRepeated() throws Exception {
        label(run);
        Object[] args = args("annotate adjudicate RUN");

        kill(args, run.resolve("reviews"));
        Run second = again(args);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(RunDirectory.open(run).reviews(RunDirectory.HUMAN)).containsOnlyKeys("0", "1");
        assertThat(RunDirectory.open(run).reviewers()).containsKey(RunDirectory.HUMAN);
        assertThat(leftovers()).isEmpty();
    }
}
