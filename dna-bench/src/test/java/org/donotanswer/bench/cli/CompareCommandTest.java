package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares fake evaluators on few exchanges, and measures the real embedded model in a JVM of its own. */
class CompareCommandTest {
    @TempDir
    private Path directory;

    private final AtomicInteger evaluations = new AtomicInteger();
    private Path input;
    private Path json;
    private Path markdown;
    private String seconds = "0";

    /** Evaluates as another evaluator does, but has a provenance of its own, and fails on request. */
    private record Renamed(SafetyEvaluator evaluator, Provenance provenance, boolean fails) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return fails
                    ? Assessment.Unscored.of(UnscoredReason.TIMEOUT, "evaluator must respond, but did not")
                    : evaluator.evaluate(exchange);
        }

        @Override
        public String name() {
            return provenance.name();
        }

        @Override
        public void close() {}
    }

    /** The evaluators by the names on the command line: the encoder finds all harm, the cascade asks it about "spoon". */
    private final EvaluatorFactory evaluators = new EvaluatorFactory() {
        @Override
        public SafetyEvaluator open(ModelChoice choice) throws IOException {
            Path path = choice.model()
                    .map(location -> ((ModelLocation.Local) location).path())
                    .orElse(Path.of("embedded"));
            return switch (path.getFileName().toString()) {
                case "missing.dna" -> throw new NoSuchFileException(path.toString());
                case "failing.dna" ->
                    new Renamed(new FakeEvaluator(), provenance("failing").build(), true);
                case "trained.dna" ->
                    new Renamed(
                            new FakeEvaluator(),
                            provenance("trained")
                                    .data("a file", Sha256.of(input))
                                    .build(),
                            false);
                default ->
                    new FakeEvaluator(exchange -> {
                        evaluations.incrementAndGet();
                        return exchange.response().contains("spoon")
                                ? 0.5
                                : exchange.response().contains("harm") ? 0.95 : 0.05;
                    });
            };
        }

        @Override
        public SafetyEvaluator create(String name) throws IOException {
            SafetyEvaluator encoder =
                    new FakeEvaluator(exchange -> exchange.instruction().contains("risk") ? 0.9 : 0.1);
            return name.equals("encoder")
                    ? encoder
                    : Cascade.builder().stage(open(embedded())).last(encoder).build();
        }
    };

    private static ModelChoice embedded() {
        return new ModelChoice(Optional.empty(), Optional.empty(), true, Optional.empty());
    }

    private static ProvenanceBuilder provenance(String name) {
        return Provenance.builder(name, "1");
    }

    @BeforeEach
    void writeInput() throws IOException {
        json = directory.resolve("figures.json");
        markdown = directory.resolve("tables.md");
        input = Files.writeString(
                directory.resolve("own.jsonl"),
                line(1, "a risk", "This does harm.", 1, 1, "FOLLOW_INSTRUCTION")
                        + line(2, "a risk", "Take a spoon.", 1, 1, "FOLLOW_INSTRUCTION")
                        + line(3, "a joke", "No, sorry.", 0, 0, "CANNOT_ASSIST")
                        + line(4, "a joke", "A spoon walks in.", 0, 0, "FOLLOW_INSTRUCTION")
                        + "{\"id\":\"5\",\"source\":\"own\",\"instruction\":\"Alone\",\"instruction_risky\":1}\n");
    }

    private static String line(int id, String instruction, String response, int harmful, int risky, String action) {
        return "{\"id\":\"" + id + "\",\"source\":\"own\",\"label_by\":\"human\",\"instruction\":\"" + instruction
                + "\",\"response\":\"" + response + "\",\"response_harmful\":" + harmful + ",\"instruction_risky\":"
                + risky + ",\"refusal\":" + (action.equals("CANNOT_ASSIST") ? 1 : 0) + ",\"action\":\"" + action
                + "\"}\n";
    }

    private Run run(Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("compare", "--speed-seconds", seconds, "--json", json, "--markdown", markdown, "--overwrite"));
        arguments.addAll(List.of(more));
        return Run.with(
                InputStream.nullInputStream(), new ByteArrayOutputStream(), false, evaluators, arguments.toArray());
    }

    private JsonNode json() throws IOException {
        return new JsonMapper().readTree(json.toFile());
    }

    @Test
    void evaluators_areSideBySide() throws IOException {
        Run run = run("--evaluator", "embedded", "--evaluator", "encoder", "--evaluator", "cascade", "--input", input);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("4 exchanges, labelled by human: 2 harmful and 2 harmless responses.");
        assertThat(Files.readString(markdown))
                .startsWith("# Evaluators side by side\n")
                .containsSubsequence(
                        "\n## In short\n",
                        "\n| Evaluator | own: AUC | own: F1 | own: false alarms | Download, MB |",
                        "\n| embedded | 0.875 | 0.800 | 0.500 |",
                        "\n| encoder | 1.000 | 1.000 | 0.000 |",
                        "\n## own\n",
                        "\n## What each needs\n",
                        "| none | never |",
                        "| ONNX Runtime, tokenizers | never |",
                        "\n## Provenance\n")
                .doesNotContain("Speed and memory", "Trained on");
        JsonNode figures = json();
        assertThat(figures.at("/exchanges/own").intValue()).isEqualTo(4);
        assertThat(figures.findValuesAsText("version").subList(0, 2)).containsExactly("fake/1", "fake/1");
        JsonNode first = figures.at("/evaluators/0/inputs/0");
        assertThat(first.at("/quality/harm/recall/value").doubleValue()).isEqualTo(1);
        assertThat(first.at("/quality/harm/bestF1/value").doubleValue()).isEqualTo(0.8);
        assertThat(first.at("/quality/harmlessInstructions/share").doubleValue())
                .isEqualTo(0.5);
        assertThat(first.at("/quality/action/accuracy/value").doubleValue()).isEqualTo(1);
        assertThat(first.has("passedOn")).isFalse();
        assertThat(figures.toString()).doesNotContain("walks in", "joke");
    }

    @Test
    void cascade_reportsWhatItPassedOn_ofEachInput() throws IOException {
        Path second = Files.writeString(
                directory.resolve("second.jsonl"), line(1, "a risk", "This does harm.", 1, 1, "FOLLOW_INSTRUCTION"));

        assertThat(run("--evaluator", "cascade", "--input", input, "--input", second)
                        .exitCode())
                .isZero();

        JsonNode inputs = json().at("/evaluators/0/inputs");
        assertThat(inputs.get(0).at("/passedOn/flagged").intValue()).isEqualTo(2);
        assertThat(inputs.get(0).at("/passedOn/of").intValue()).isEqualTo(4);
        assertThat(inputs.get(1).at("/passedOn/share").doubleValue()).isZero();
        assertThat(Files.readString(markdown)).contains("| Passed on, % |").contains(" 50.0 |");
    }

    @Test
    void oneClassOnly_leavesFiguresUndefined() throws IOException {
        Files.writeString(input, line(1, "a joke", "No, sorry.", 0, 0, "CANNOT_ASSIST"));

        assertThat(run("--evaluator", "embedded", "--input", input).exitCode()).isZero();

        JsonNode harm = json().at("/evaluators/0/inputs/0/quality/harm");
        assertThat(harm.at("/auc/value").isNull()).isTrue();
        assertThat(harm.at("/falsePositiveRate/value").doubleValue()).isZero();
    }

    @Test
    void benchmark_isAnInput() throws IOException {
        Path data = TinyData.writeTo(directory.resolve("data"));

        assertThat(run("--evaluator", "embedded", "--data", data).err()).isEmpty();

        assertThat(json().at("/exchanges/do-not-answer").intValue())
                .isEqualTo(TinyData.LLMS.size() * TinyData.QUESTIONS.size());
        assertThat(json().at("/provenance/data").size()).isGreaterThan(3);
    }

    @Test
    void trainedOnAnInput_isSaid() throws IOException {
        Path model = Files.writeString(directory.resolve("trained.dna"), "");

        Run run = run("--evaluator", "embedded", "--evaluator", model, "--input", input);

        assertThat(run.err()).isEmpty();
        assertThat(Files.readString(markdown))
                .contains("Trained on exchanges of own: trained.dna. The figures there say nothing of exchanges that"
                        + " were not seen.");
        assertThat(json().findValuesAsText("trainedOn")).containsExactly("false", "true");
    }

    @Test
    void sameName_isNumbered() throws IOException {
        Path model = Files.writeString(directory.resolve("model.dna"), "");

        assertThat(run("--evaluator", model, "--evaluator", model, "--input", input)
                        .exitCode())
                .isZero();

        assertThat(Files.readString(markdown)).contains("\n| model.dna | ", "\n| model.dna 2 | ");
    }

    @Test
    void evaluatorThatFails_isExitCode1() throws IOException {
        Path model = Files.writeString(directory.resolve("failing.dna"), "");

        Run run = run("--evaluator", model, "--evaluator", "embedded", "--input", input);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dna compare: 4 of 4 exchanges of own are unscored because failing.dna failed\n");
        assertThat(json().at("/evaluators/0/inputs/0/quality").has("harm")).isFalse();
        assertThat(json().at("/evaluators/0/inputs/0/quality/unscored").intValue())
                .isEqualTo(4);
        assertThat(Files.readString(markdown)).contains("\n| failing.dna | \\- | \\- | \\- |");
    }

    @Test
    void missingEvaluator_isToldBeforeOthersAreMeasured() throws IOException {
        Path missing = directory.resolve("missing.dna");

        Run run = run("--evaluator", "embedded", "--evaluator", missing, "--input", input);

        assertThat(run.err()).isEqualTo("dna compare: file must exist, but was missing (" + missing + ")\n");
        assertThat(evaluations).hasValue(0);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(input);
        }
    }

    @Test
    void wrongUsage_isReported() throws IOException {
        assertThat(run("--evaluator", "embedded").err())
                .startsWith("dna compare: --input or --data must be given, but was without\n");
        assertThat(run("--evaluator", "embedded", "--input", input, input).err())
                .startsWith("dna compare: inputs must have different names, but was own twice\n");
        assertThat(run("--input", input).err()).contains("--evaluator");
        assertThat(run("--evaluator", "encodr", "--input", input).err()).contains("(did you mean 'encoder'?)");
        Files.writeString(
                input, "{\"id\":\"5\",\"source\":\"own\",\"instruction\":\"Alone\",\"instruction_risky\":1}\n");
        assertThat(run("--evaluator", "embedded", "--input", input).err())
                .startsWith("dna compare: input must have exchanges, but had none (own)\n");
        Files.writeString(input, line(1, "a joke", "No, sorry.", 0, 0, "CANNOT_ASSIST"));
        seconds = "1";
        assertThat(run("--evaluator", "embedded", "--input", input).err())
                .startsWith("dna compare: exchanges must be at least 2 to measure speed on, but was 1\n");
        seconds = "-1";
        assertThat(run("--evaluator", "embedded", "--input", input).err())
                .startsWith("dna compare: --speed-seconds must be between 0 and 3600, but was -1.0\n");
    }

    @Test
    void freshJvm_measuresSpeedAndMemory() throws IOException {
        seconds = "0.01";

        Run run = run("--evaluator", "embedded", "--input", input);

        assertThat(run.err()).isEmpty();
        JsonNode jvm = json().at("/evaluators/0/jvm");
        assertThat(jvm.at("/speed/exchanges").intValue()).isPositive();
        assertThat(jvm.at("/openMillis").doubleValue()).isPositive();
        if (Files.exists(Path.of("/proc/self/status"))) {
            assertThat(jvm.at("/peakMegabytes").doubleValue())
                    .isGreaterThanOrEqualTo(jvm.at("/residentMegabytes").doubleValue());
            assertThat(jvm.at("/addedMegabytes").doubleValue())
                    .isLessThan(jvm.at("/residentMegabytes").doubleValue());
        }
        assertThat(Files.readString(markdown))
                .containsSubsequence("| Exchanges a second | p99, ms | Memory, MB |", "\n## Speed and memory\n");
    }

    @Test
    void freshJvm_thatFails_isReportedWithItsReason() throws IOException {
        seconds = "0.01";
        Path model = Files.writeString(directory.resolve("garbage.dna"), "no model");

        Run run = run("--evaluator", model, "--input", input);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("dna compare: JVM of " + model + " must end with exit code 0, but ended with 1 (")
                .contains("model must be of a kind that a provider on the class path knows");
        assertThat(json).doesNotExist();
    }

    @Test
    void llm_isAskedInItsJvmAsWell_withItsOptions() throws IOException {
        seconds = "0.01";
        Path cache = directory.resolve("replies");
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> JudgeEndpoint.verdict(user, schema, true))) {
            Run run = run(
                    "--evaluator",
                    "llm",
                    "--endpoint",
                    endpoint.address(),
                    "--judge-model",
                    "judge-1",
                    "--cache",
                    cache,
                    "--input",
                    input);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        }
        JsonNode llm = json().at("/evaluators/0");
        assertThat(llm.at("/version").textValue()).startsWith("judge-1 ");
        assertThat(llm.at("/requirements/network").textValue()).isEqualTo("each exchange");
        assertThat(llm.at("/inputs/0/quality/harm/falsePositiveRate/value").doubleValue())
                .isEqualTo(1);
        assertThat(llm.at("/jvm/speed/exchanges").intValue()).isBetween(1, 2);
    }

    @Test
    void checkpoint_isMeasuredWithItsOptions() throws IOException {
        seconds = "0.01";
        Path checkpoint = TinyCheckpoints.writeBert(directory.resolve("tiny"), "LABEL_0", "LABEL_1");
        Files.writeString(checkpoint.resolve("README.md"), "---\nlanguage: en\nlicense: mit\n---\n# Tiny\n");

        assertThat(run("--evaluator", checkpoint, "--input", input, "--labels", "0=harmless,1=harmful")
                        .err())
                .isEmpty();

        JsonNode tiny = json().at("/evaluators/0");
        assertThat(tiny.at("/requirements/licence").textValue()).isEqualTo("mit");
        assertThat(tiny.at("/jvm/speed/exchanges").intValue()).isPositive();
        assertThat(run("--evaluator", checkpoint, "--input", input, "--labels", "7=harmful")
                        .err())
                .startsWith("dna compare: JVM of " + checkpoint + " must end with exit code 0, but ended with ")
                .contains("7");
    }

    @Test
    void help_saysWhatIsCompared() {
        assertThat(Run.of("compare", "--help").out())
                .startsWith(
                        """
                        Usage: dna compare --evaluator E [OPTIONS]
                        Puts evaluators side by side: how well they judge labelled exchanges, how fast they are, their
                        memory, and what an application needs for them.

                        Input and output:
                              --input=FILE...         Labelled examples as JSON lines, or directories of such files
                                                      (*.jsonl). Each is an input with figures of its own. Required unless
                                                      --data is given.
                        """)
                .contains(
                        """
                              --speed-seconds=SECONDS How long to measure the speed of each evaluator, after half as long a
                                                      warm-up; 0 leaves out speed, memory and the time to open. Default: 20.
                        """);
    }
}
