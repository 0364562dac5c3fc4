package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.harness.annotate.SampleRuns;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotateCommandTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path directory;

    private Path first;
    private Path second;

    @BeforeEach
    void create() throws IOException {
        first = directory.resolve("a");
        second = directory.resolve("b");
        SampleRuns.create(first, "model-a", SampleRuns.TEXTS);
        SampleRuns.review(RunDirectory.open(first), "judge", 0.5, 0.02);
        SampleRuns.create(second, "model-b", 4);
    }

    private static String succeeded(Run run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    private static void failed(Run run, int exitCode, String message) {
        assertThat(run.err().lines().findFirst()).contains(message);
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    /** Returns tasks with the labels of two annotators, who agree on refusals except for every third response. */
    private Path labelled(Path tasks) throws IOException {
        ArrayNode export = (ArrayNode) MAPPER.readTree(tasks.toFile());
        int number = 0;
        for (JsonNode task : export) {
            boolean disputed = number++ % 3 == 0;
            ArrayNode annotations = ((ObjectNode) task).putArray("annotations");
            label(annotations.addObject(), 3, disputed);
            label(annotations.addObject(), 4, false);
        }
        Path file = directory.resolve("export.json");
        MAPPER.writeValue(file.toFile(), export);
        return file;
    }

    private static void label(ObjectNode annotation, int by, boolean follows) {
        annotation.put("completed_by", by);
        ArrayNode result = annotation.putArray("result");
        choice(result.addObject(), "harmful", follows ? "yes" : "no");
        choice(result.addObject(), "action", follows ? "FOLLOW_INSTRUCTION" : "CANNOT_ASSIST");
    }

    private static void choice(ObjectNode result, String control, String value) {
        result.put("from_name", control).put("to_name", "response").put("type", "choices");
        result.putObject("value").putArray("choices").add(value);
    }

    /** From responses to adjudicated labels, through files as annotators would return them. */
    @Test
    void labels_goAllTheWay() throws IOException {
        Path tasks = directory.resolve("tasks");
        Path queue = directory.resolve("queue.csv");
        Path json = directory.resolve("agreement.json");

        assertThat(succeeded(
                        Run.of("annotate", "export", first, second, "--format", "label-studio", "--output", tasks)))
                .isEqualTo("Wrote 14 responses to " + tasks + "\n");
        Path export = labelled(tasks.resolve("tasks.json"));
        assertThat(succeeded(
                        Run.of("annotate", "import", first, second, "--annotations", export, "--annotator", "3=alice")))
                .isEqualTo(
                        """
                        alice: 14 new, 0 changed, 0 unchanged
                        annotator-4: 14 new, 0 changed, 0 unchanged
                        alice and annotator-4 annotated the same 14 responses
                        """);
        assertThat(succeeded(Run.of("annotate", "agreement", first, second, "--json", json)))
                .contains("Harmful: 14 of 14 responses labelled by two or more\n")
                .containsPattern("percent agreement +14 +0.643 \\(0\\.\\d{3}-0\\.\\d{3}\\)\n");
        assertThat(MAPPER.readTree(json.toFile())
                        .at("/harmful/percentAgreement/value")
                        .doubleValue())
                .isEqualTo(9.0 / 14);
        assertThat(succeeded(Run.of("annotate", "disagreements", first, second, "--output", queue)))
                .isEqualTo("Annotators disagree on 5 of 14 responses; wrote " + queue + "\n");
        assertThat(succeeded(Run.of("annotate", "adjudicate", first, second)))
                .isEqualTo(
                        """
                        9 of 14 responses have both labels: 0 by decision, 0 by a single annotator; 9 new or changed
                        Still open: 5
                        """);
        Files.writeString(queue, Files.readString(queue).replace(",,,\r\n", ",yes,0,\r\n"));
        assertThat(succeeded(Run.of("annotate", "adjudicate", first, second, "--decisions", queue)))
                .isEqualTo(
                        """
                        14 of 14 responses have both labels: 5 by decision, 0 by a single annotator; 5 new or changed
                        Still open: 0
                        """);
        assertThat(RunDirectory.open(first).reviews(RunDirectory.HUMAN)).hasSize(10);
        assertThat(Run.of("annotate", "mismatches", first, second).lines())
                .contains("human\tmodel-a\t0\tharmful\tCANNOT_ASSIST")
                .endsWith("5 mismatches: 5 harmful without following, 0 harmless following");
    }

    @Test
    void export_ofOneUncertainResponse_asCsv() throws IOException {
        Path file = directory.resolve("x.csv");

        String out = succeeded(
                Run.of("annotate", "export", first, "--format", "csv", "--output", file, "--only-uncertain", "judge"));

        assertThat(out).startsWith("Wrote 1 responses");
        assertThat(Files.readString(file)).contains(",0,model-a,");
    }

    @Test
    void csvOfOneAnnotator_isTakenIn() throws IOException {
        Path file = directory.resolve("x.csv");
        Files.writeString(file, "id,llm,harmful,action\n0,model-b,no,0\n1,model-b,,\n2,model-b,yes,\n");

        assertThat(succeeded(Run.of("annotate", "import", second, "--annotations", file, "--annotator", "alice")))
                .isEqualTo(
                        """
                        alice: 2 new, 0 changed, 0 unchanged; 0 without harmful, 1 without action
                        Left out: 0 skipped by their annotator, 1 without any label
                        """);
        assertThat(succeeded(Run.of("annotate", "agreement", second)))
                .containsPattern("Krippendorff's alpha +0 +undefined\n");
    }

    @Test
    void mistakeInTheFile_leavesTheOtherLabels() throws IOException {
        Path file = directory.resolve("x.csv");
        Files.writeString(file, "sep=;\nid;llm;harmful;action;;\n0.0;model-b;0.0;0.0;;\n9;model-b;no;0;;\n;;;;;\n");
        String mistake = "id and llm must be those of a response of the runs, but were unknown (" + file
                + ", line 4, column id)\n";
        List<Object> command =
                List.of("annotate", "import", second, "--annotations", file, "--annotator", "alice", "--strict");

        assertThat(Run.of(command.toArray()))
                .isEqualTo(new Run(
                        1,
                        "",
                        mistake
                                + "dna annotate import: annotations must be without errors, but had 1; nothing was imported"
                                + " (" + file + ")\n"));
        assertThat(second.resolve("annotations")).doesNotExist();
        assertThat(Run.of(command.subList(0, command.size() - 1).toArray()))
                .isEqualTo(new Run(
                        1,
                        """
                        alice: 1 new, 0 changed, 0 unchanged
                        Left out: 0 skipped by their annotator, 0 without any label, 1 with an error
                        """,
                        mistake));
    }

    @Test
    void nothingToImport_isAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("x.json"), "[]");

        failed(
                Run.of("annotate", "import", second, "--annotations", file, "--annotator", "alice"),
                1,
                "dna annotate import: annotations must be in the file, but were not (" + file + ")");
    }

    @Test
    void wrongUsage_isReported() throws IOException {
        Path csv = Files.writeString(directory.resolve("x.csv"), "id,llm,harmful,action\n0,model-b,no,0\n");
        Path json = Files.writeString(directory.resolve("x.json"), "[{\"data\":{\"item\":\"r1\"},\"annotations\":[]}]");
        Path output = directory.resolve("output.csv");

        failed(
                Run.of("annotate", "import", second, "--annotations", csv),
                2,
                "dna annotate import: name of the annotator must be given for a file that names none, but was not");
        failed(
                Run.of("annotate", "import", second, "--annotations", csv, "--annotator", "../x"),
                2,
                "dna annotate import: name of an annotator must be letters, digits, dots, dashes and underscores, but was"
                        + " '../x'");
        failed(
                Run.of("annotate", "import", second, "--annotations", json, "--annotator", "alice"),
                2,
                "dna annotate import: annotators must be given as ID=NAME for a file that names them, but one was given as"
                        + " NAME");
        failed(
                Run.of("annotate", "export", second, "--format", "csv", "--output", output, "--band", "0.1", "0.2"),
                2,
                "dna annotate export: --band must go with --only-uncertain, but was without");
        failed(
                Run.of("annotate", "export", second, "--format", "csv", "--output", output, "--sample", "0"),
                2,
                "dna annotate export: sample must be at least 1, but was 0");
        failed(
                Run.of("annotate", "mismatches"),
                2,
                "dna annotate mismatches: labels must come from runs or from --data, but was neither");
        failed(
                Run.of("annotate", "mismatches", second, "--with-text"),
                2,
                "dna annotate mismatches: --with-text must go with --json, but was without");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agreement", "adjudicate"})
    void runWithoutAnnotations_isReported(String command) {
        failed(
                Run.of("annotate", command, second),
                1,
                "dna annotate " + command + ": runs must have annotations, but had none (" + second
                        + "); add some by annotate import");
    }

    @Test
    void missingRun_isReported() {
        failed(
                Run.of("annotate", "agreement", directory.resolve("none")),
                1,
                "dna annotate agreement: directory must be that of a run, with a manifest, but was missing ("
                        + directory.resolve("none").resolve("manifest.json") + ")");
    }

    @Test
    @RealData
    void mismatchesOfThePublishedData_are34() throws IOException {
        Path json = directory.resolve("mismatches.json");

        List<String> lines = Run.of(
                        "annotate", "mismatches", "--data", RealDataDirectories.doNotAnswer(), "--json", json)
                .lines();

        assertThat(lines).hasSize(35).endsWith("34 mismatches: 21 harmful without following, 13 harmless following");
        assertThat(MAPPER.readTree(json.toFile()).at("/list")).hasSize(34);
        assertThat(Files.readString(json)).doesNotContain("instruction\"").doesNotContain("response\"");
    }
}
