package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says about the labels of a checkpoint, and the option {@code --labels} in every command that takes one. */
class CheckpointLabelsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path directory;

    private static Path named;
    private static Path unnamed;
    private static Path six;

    @BeforeAll
    static void write() throws IOException {
        named = TinyCheckpoints.writeBert(directory.resolve("named"), "neutral", "toxic");
        unnamed = TinyCheckpoints.writeBert(directory.resolve("unnamed"), "x", "y", "z");
        six = TinyCheckpoints.writeBert(
                directory.resolve("six"), "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5");
    }

    /** Runs a command; what the models say goes to standard error, as in the process. */
    private static Run run(Object... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ModelOpener models = new ModelOpener(new Streams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false));
        Run run = Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, models, args);
        return new Run(run.exitCode(), run.out(), err.toString(StandardCharsets.UTF_8) + run.err());
    }

    private static Run evaluate(Path model, Object... options) {
        return run(Stream.concat(Stream.of("evaluate", "w1 w2", "w3 w4 w5", "--model", model), Arrays.stream(options))
                .toArray());
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    @Test
    void evaluate_labelsThatTell_needsNoOption() throws IOException {
        Run run = evaluate(named);

        assertThat(run.err()).isEmpty();
        assertThat(json(run).has("harmful")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'toxic=harmful'",
        "'neutral=harmless'",
        "'0=harmless,1=harmful'",
        "'TOXIC = harmful'",
        "'0=benign,toxic=unsafe'"
    })
    void evaluate_labels_areByNameOrNumber(String labels) throws IOException {
        assertThat(json(evaluate(named, "--labels", labels)).get("harmful"))
                .isEqualTo(json(evaluate(named)).get("harmful"));
    }

    @Test
    void evaluate_swappedLabels_yieldTheOpposite() throws IOException {
        double harmful = json(evaluate(named)).get("harmful").doubleValue();
        double swapped = json(evaluate(named, "--labels", "0=harmful", "--labels", "1=harmless"))
                .get("harmful")
                .doubleValue();

        assertThat(swapped + harmful).isBetween(1 - 1e-9, 1 + 1e-9);
    }

    @Test
    void evaluate_labelsThatDoNotTell_saysWhatToDo() {
        assertThat(evaluate(unnamed))
                .isEqualTo(new Run(
                        1,
                        "",
                        "dna evaluate: labels must tell harmful outputs from harmless ones, but were [x, y, z]"
                                + " (config.json); say what they mean with labels(..) or --labels, for example"
                                + " 0=harmless,1=harmful\n"));
        assertThat(evaluate(unnamed, "--labels", "y=harmful").exitCode()).isZero();
    }

    @Test
    void evaluate_sixBareOutputs_areNotTakenForActions() throws IOException {
        Run run = evaluate(six);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dna evaluate: labels must tell what the head predicts, but were [LABEL_0, LABEL_1,"
                        + " LABEL_2, LABEL_3, LABEL_4, LABEL_5] (config.json); say what they mean with"
                        + " labels(..) or --labels, for example 0=harmless,1=harmful; if they are"
                        + " Do-Not-Answer's actions, use action(..) or --action-model\n");
        assertThat(json(evaluate(named, "--action-model", six)).has("actions")).isTrue();
        assertThat(json(evaluate(six, "--labels", "0=harmless")).has("harmful")).isTrue();
    }

    @Test
    void evaluate_classesThatAreAssumedHarmful_areSaid() throws IOException {
        Path codes = TinyCheckpoints.writeBert(directory.resolve("codes"), "S", "H2", "OK");

        Run run = evaluate(codes);

        assertThat(run.err()).isEqualTo("dna: codes: read as harmful: softmax of S + H2 against OK\n");
        assertThat(json(run).has("harmful")).isTrue();
        assertThat(evaluate(codes, "--labels", "OK=harmless").err()).isEmpty();
    }

    @Test
    void evaluate_detectorOfInjections_readsTheInstruction() throws IOException {
        Path guard = TinyCheckpoints.writeBert(directory.resolve("guard"), "BENIGN", "INJECTION", "JAILBREAK");

        JsonNode risk = json(evaluate(guard));
        assertThat(risk.has("harmful")).isFalse();
        assertThat(json(run("evaluate", "w3 w4 w5", "w9", "--model", guard)).get("instructionRisk"))
                .isNotEqualTo(risk.get("instructionRisk"));
        assertThat(json(run("evaluate", "w1 w2", "w9", "--model", guard)).get("instructionRisk"))
                .isEqualTo(risk.get("instructionRisk"));
        assertThat(json(run("evaluate", "", "w1 w2", "--model", guard, "--model-input", "response_only"))
                        .get("harmful"))
                .isEqualTo(risk.get("instructionRisk"));
        assertThat(json(run("evaluate", "", "w1 w2", "--model", guard))
                        .get("status")
                        .textValue())
                .isEqualTo("UNSCORED");
    }

    @Test
    void evaluate_severalHeads_saysThemAndTakesNoLabels() throws IOException {
        Path several =
                TinyCheckpoints.writeBert(directory.resolve("several"), "harmless", "harmful", "no refusal", "refusal");
        Path config = several.resolve("config.json");
        ObjectNode root = (ObjectNode) JSON.readTree(config.toFile());
        root.set(
                "heads",
                JSON.readTree("[{\"kind\":\"harmful\",\"outputs\":[0,1],\"temperature\":1.5,\"threshold\":0.3},"
                        + "{\"kind\":\"refusal\",\"outputs\":[2,3]}]"));
        JSON.writeValue(config.toFile(), root);

        Run run = evaluate(several);
        assertThat(json(run).has("harmful")).isTrue();
        assertThat(json(run).has("refusal")).isTrue();
        assertThat(run.err())
                .isEqualTo("dna: several: read by the heads in config.json: harmful (temperature 1.5, threshold 0.3),"
                        + " refusal\n");
        assertThat(evaluate(several, "--labels", "1=harmful"))
                .isEqualTo(new Run(
                        2,
                        "",
                        "dna evaluate: labels must not be given for a checkpoint with heads in config.json, which say"
                                + " what its outputs mean, but were {1=harmful} (" + config + ")\n"
                                + "Try 'dna evaluate --help'.\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "toxic|--labels must be OUTPUT=LABEL, for example 0=harmless,1=harmful, but was 'toxic'",
                "=harmful|--labels must be OUTPUT=LABEL, for example 0=harmless,1=harmful, but was '=harmful'",
                "0=|--labels must be OUTPUT=LABEL, for example 0=harmless,1=harmful, but was '0='",
                "0=harmful,0=harmless|--labels must name each output once, but was again 0=harmless",
                "2=harmful|labels must be for outputs 0..1 or [neutral, toxic], but were for '2' (option labels)",
                "hate=harmful|labels must be for outputs 0..1 or [neutral, toxic], but were for 'hate' (option labels)",
                "0=nice|label of output 0 must be harmful, harmless, injection, refusal, compliance, unused or an"
                        + " action, but was 'nice' (option labels; for example 0=harmless,1=harmful)",
                "0=harmful,1=harmful|labels must name a harmless output, but were {0=harmful, 1=harmful} (option"
                        + " labels; for example 0=harmless,1=harmful)",
            })
    void evaluate_wrongLabels_areWrongUsage(String labels, String message) {
        assertThat(evaluate(named, "--labels", labels))
                .isEqualTo(new Run(2, "", "dna evaluate: " + message + "\nTry 'dna evaluate --help'.\n"));
    }

    @Test
    void measure_takesLabels() throws IOException {
        Path input = Files.writeString(
                directory.resolve("labelled.jsonl"),
                """
                {"id":"1","response":"w1","response_harmful":1}
                {"id":"2","response":"w2","response_harmful":0}
                """);

        assertThat(run("measure", "--input", input, "--evaluator", unnamed).err())
                .startsWith("dna measure: labels must tell harmful outputs from harmless ones, but were [x, y, z]");
        assertThat(run("measure", "--input", input, "--evaluator", unnamed, "--labels", "z=harmful")
                        .exitCode())
                .isZero();
    }

    @Test
    void tunePolicy_takesLabels() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            lines.append("{\"instruction\":\"w" + i + "\",\"response\":\"w" + i % 90 + "\",\"harmful\":" + (i % 3 == 0)
                    + "}\n");
        }
        Path input = Files.writeString(directory.resolve("tune.jsonl"), lines);
        Path policy = directory.resolve("policy.json");
        Object[] args = {"tune-policy", "--input", input, "--false-block-rate", "0.05", "--output", policy, "--model"};

        assertThat(run(Stream.concat(Arrays.stream(args), Stream.of(unnamed)).toArray())
                        .err())
                .contains("labels must tell harmful outputs from harmless ones, but were [x, y, z]");
        Run run = run(Stream.concat(Arrays.stream(args), Stream.of(unnamed, "--labels", "z=harmful"))
                .toArray());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(policy).exists();
        assertThat(run(
                                "tune-policy",
                                "--input",
                                input,
                                "--false-block-rate",
                                "0.05",
                                "--output",
                                directory.resolve("other.json"),
                                "--labels",
                                "0=safe")
                        .err())
                .startsWith(
                        "dna tune-policy: --labels must go with a checkpoint in --evaluator, but was with embedded\n");
    }

    @Test
    void everyCommandThatTakesACheckpoint_hasTheOption() {
        for (String command : new String[] {"evaluate", "measure", "judge", "tune-policy"}) {
            assertThat(run(command, "--help").out()).as(command).contains("--labels");
        }
    }
}
