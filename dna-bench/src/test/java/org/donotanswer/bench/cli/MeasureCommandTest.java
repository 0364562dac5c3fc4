package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasureCommandTest {
    /** A text that must not appear in any message. */
    private static final String PRIVATE = "gnome";

    @TempDir
    private Path directory;

    private Path input;

    /** The evaluator gives .9 to responses that contain "harm" and .1 to others: 3 of 4 harmful ones, 1 of 4 harmless ones. */
    @BeforeEach
    void write() throws IOException {
        input = Files.writeString(
                directory.resolve("labelled.jsonl"),
                """
                {"id":"1","instruction":"i1","response":"harm","response_harmful":1,"refusal":0,"source":"a"}
                {"id":"2","instruction":"i2","response":"harm","response_harmful":1,"refusal":0,"source":"a"}
                {"id":"3","instruction":"i3","response":"harm","response_harmful":true,"refusal":0,"source":"b"}
                {"id":"4","instruction":"i4","response":"fine","response_harmful":1,"refusal":0,"source":"b"}

                {"id":"5","instruction":"i5","response":"fine","response_harmful":0,"refusal":1,"source":"a"}
                {"id":"6","instruction":"i6","response":"fine","response_harmful":0,"refusal":1,"source":"a"}
                {"id":"7","instruction":"i7","response":"fine","response_harmful":0,"refusal":1,"source":"b"}
                {"id":"8","instruction":"i8","response":"harm","response_harmful":0,"refusal":0,"source":"b"}
                {"id":"9","response":" ","response_harmful":0,"source":"b"}
                {"id":10,"response":"fine","response_harmful":null,"action":"CANNOT_ASSIST","harm_type":"ADULT_CONTENT"}
                """);
    }

    private Run measure(Object... more) {
        return Run.of(Stream.concat(Stream.of("measure", "--input", input), Arrays.stream(more))
                .toArray());
    }

    @Test
    void measure_labelledLines_showsAllFigures() {
        Run run = measure("--by", "source");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Evaluation of fake/1\n")
                .contains("Flagged from a probability of 0.5. In parentheses: 95 % intervals.")
                .contains("Exchanges  10\nUnscored   1 (1 EMPTY_RESPONSE)\n")
                .contains("Harmful responses: 9 labelled, 8 scored (4 harmful, 4 harmless)")
                .containsPattern("Precision +0\\.750 \\(0\\.301-0\\.954\\) +0\\.600 \\(.*\\) +0\\.750 \\(")
                .containsPattern("Recall +0\\.750 \\(")
                .containsPattern("F1 +0\\.750 \\(")
                .containsPattern("False alarms +0\\.250 \\(0\\.046-0\\.699\\) +0\\.400 \\(")
                .containsPattern("AUC +0\\.750 \\(")
                .containsPattern("Calibration error +0\\.150\n")
                .containsPattern("harmless +3 +1 +1\n")
                .containsPattern("harmful +1 +3 +0\n")
                .contains("Refusals: 8 labelled, 8 scored (3 refusals, 5 no refusals)")
                .contains(
                        "The probability of a refusal is that of the actions that refuse, as the evaluator has no head of")
                .contains("== Action ==", "== Harm type ==", "== By source ==")
                .containsPattern("source +Labelled +Harmful +Unscored\na +4 +2 +0\nb +5 +2 +1\n")
                .containsPattern("\na +1\\.000 \\(.*\n *b +0\\.500 \\(")
                .contains("Exchanges without the field source: 1.");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void measure_json_hasTheEvaluation() throws IOException {
        Path output = directory.resolve("measurement.json");

        Run run = measure("--output", output, "--by", "source");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Evaluation of fake/1\n");
        JsonNode json = new JsonMapper().readTree(output.toFile());
        assertThat(json.at("/evaluator").asText()).isEqualTo("fake/1");
        assertThat(json.at("/overall/exchanges").asInt()).isEqualTo(10);
        assertThat(json.at("/overall/harmful/scoredOnly/recall/value").asDouble())
                .isEqualTo(0.75);
        assertThat(json.at("/bySource/a/harmful/scoredOnly/precision/value").asDouble())
                .isEqualTo(1);
        assertThat(json.at("/refusal/overall/scoredOnly/matrix/counts/1/1").asInt())
                .isEqualTo(3);
        assertThat(json.at("/refusal/bySource/b/coverage/scored/total").asInt()).isEqualTo(4);
        assertThat(json.at("/overall/refusal")).isEqualTo(json.at("/refusal/overall"));
        assertThat(json.at("/bySource/b/refusal")).isEqualTo(json.at("/refusal/bySource/b"));
        assertThat(json.at("/withoutSource").asInt()).isEqualTo(1);
        assertThat(json.at("/by").asText()).isEqualTo("source");
        assertThat(json.at("/provenance/data").size()).isEqualTo(1);
        assertThat(json.has("assessments")).isFalse();
        assertThat(measure("--format", "json", "--by", "source").out()).isEqualTo(Files.readString(output));
    }

    @Test
    void measure_markdown_hasTables() throws IOException {
        Path output = directory.resolve("measurement.md");

        assertThat(measure("--output", output).exitCode()).isZero();

        assertThat(output).content().startsWith("# Evaluation of fake/1\n").contains("| Precision |");
        assertThat(measure("--format", "markdown").out()).isEqualTo(Files.readString(output));
    }

    @Test
    void measure_csvAndSeveralFiles_isTheSame() throws IOException {
        Path csv = Files.writeString(
                directory.resolve("more.csv"),
                """
                id,question,response,harmful,action,harm_type
                x1,i,harm,yes,5,1
                x2,i,fine,0,Cannot assist,
                x3,j,fine,,,
                """);

        Run run = measure(csv, "--by", "source");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Harmful responses: 11 labelled, 10 scored (5 harmful, 5 harmless)")
                .contains("Exchanges without the field source: 4.");
    }

    @Test
    void measure_oneClassOnly_isUndefined() throws IOException {
        Files.writeString(input, "{\"response\":\"fine\",\"harmful\":0}\n{\"response\":\"fine\",\"harmful\":0}\n");

        Run run = measure();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("Recall +undefined\n")
                .containsPattern("AUC +undefined\n")
                .contains("Only one class occurs among the scored exchanges, so figures that need both are undefined.");
        assertThat(measure("--format", "json").out()).contains("\"auc\" : {\n        \"value\" : null");
    }

    @Test
    void measure_otherLabelsOnly_isReported() throws IOException {
        Files.writeString(input, "{\"response\":\"fine\",\"action\":0}\n");

        Run run = measure("--by", "source");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Harmful responses: no exchange has this label.")
                .contains("No exchange has the field source.")
                .doesNotContain("Refusals");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{\"response\":\"gnome\"} # exchanges must have labels (response_harmful, refusal, action or harm_type), but had none (FILE)",
                "`` # number of exchanges must be at least 1, but was 0 (FILE)",
                "{\"response\":\"gnome # line must be a JSON object, but was broken (FILE, line 1)",
                "[\"gnome\"] # record must be a JSON object, but was string in record 1 (FILE, line 1)",
                "{\"harmful\":1} # response must have a known name or be named by --column response=NAME, but was missing among harmful (FILE, line 1, column response)",
                "{\"response\":[\"gnome\"]} # response must be a string, but was array (FILE, line 1, column response)",
                "{\"response\":\"gnome\",\"harmful\":2} # harmful must be 1 or 0, true or false, yes or no, but was '2' (FILE, line 1, column harmful)",
                "{\"response\":\"gnome\",\"refusal\":{}} # refusal must be a string, a number or a boolean, but was object (FILE, line 1, column refusal)",
                "{\"response\":\"gnome\",\"action\":6} # response action code must be in 0..5, but was 6 (FILE, line 1, column action)",
                "{\"response\":\"gnome\",\"harmful\":0,\"response_harmful\":1} # harmful must be one column, but was harmful and response_harmful; say which by --column harmful=NAME (FILE, line 1, column harmful)",
            })
    void measure_badLine_namesThePlace(String line, String message) throws IOException {
        Files.writeString(input, line == null ? "" : line + "\n");

        Run run = measure();

        assertThat(run).isEqualTo(new Run(1, "", "dna measure: " + message.replace("FILE", input.toString()) + "\n"));
        assertThat(run.err()).doesNotContain(PRIVATE);
    }

    @Test
    void measure_repeatedId_namesBothPlaces() throws IOException {
        Path other = Files.writeString(
                directory.resolve("other.jsonl"),
                "{\"id\":\"x\",\"response\":\"r\",\"harmful\":1}\n{\"id\":2,\"response\":\"r\",\"harmful\":1}\n");
        assertThat(measure(other).err())
                .isEqualTo("dna measure: id must be unique, but was that of line 2 of " + input + " (" + other
                        + ", line 2, column id)\n");
        Files.writeString(other, "{\"id\":\"x\",\"response\":\"r\"}\n".repeat(2));
        Run run = measure(other);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "dna measure: id must be unique, but was that of line 1 (" + other + ", line 2, column id)\n");
    }

    @Test
    void measure_brokenCsv_namesThePlace() throws IOException {
        Path csv = directory.resolve("labelled.csv");
        Files.writeString(csv, "id,antwort\n1,r\n");
        assertThat(Run.of("measure", "--input", csv).err())
                .isEqualTo(
                        "dna measure: response must have a known name or be named by --column response=NAME, but was missing among id, antwort ("
                                + csv + ", line 1, column response)\n");
        Files.writeString(csv, "id,response,harm_type\n1,r,13\n");
        assertThat(Run.of("measure", "--input", csv).err())
                .isEqualTo("dna measure: harm type number must be in 1..12, but was 13 (" + csv
                        + ", line 2, column harm_type)\n");
    }

    @Test
    void measure_missingFile_isOneLine() {
        input = directory.resolve("none.jsonl");

        assertThat(measure())
                .isEqualTo(new Run(1, "", "dna measure: file must exist, but was missing (" + input + ")\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "--threshold 2 # threshold must be in [0, 1], but was 2.0",
                "--confidence 1 # confidence must be in (0, 1), but was 1.0",
                "--resamples 0 # resamples must be at least 1, but was 0",
                "--evaluator llm # --endpoint must be given with llm, but was missing",
                "--judge-model m # --judge-model must go with the evaluator llm, but was without",
                "--max-tokens 4 # --max-tokens must go with one checkpoint, but was with 0",
            })
    void measure_wrongUsage_isReported(String args, String message) {
        assertThat(measure((Object[]) args.split(" ")))
                .isEqualTo(new Run(2, "", "dna measure: " + message + "\nTry 'dna measure --help'.\n"));
    }

    @Test
    void measure_noInput_isWrongUsage() {
        assertThat(Run.of("measure").err()).startsWith("dna measure: Missing required option: '--input=FILE'");
    }

    @Test
    void measure_model_isOpened() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> {
                    assertThat(choice.model()).contains(new ModelLocation.Hosted("owner/name", "main"));
                    assertThat(choice.options()).isPresent();
                    return new FakeEvaluator();
                },
                "measure",
                "--input",
                input,
                "--evaluator",
                "hf:owner/name",
                "--windows",
                "4");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EVALUATOR_UNAVAILABLE", "EVALUATOR_FAILURE", "TIMEOUT"})
    void measure_failingEvaluator_isMeasuredAndExits1(UnscoredReason reason) {
        Run run = measureWith(reason);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("Unscored   10 (10 " + reason + ")", "No labelled exchange was scored");
        assertThat(run.err())
                .isEqualTo("dna measure: 10 of 10 exchanges are unscored because the evaluator failed (10 " + reason
                        + ")\n");
    }

    @Test
    void measure_misconfiguredEvaluator_endsAtOnce() {
        assertThat(measureWith(UnscoredReason.EVALUATOR_MISCONFIGURED))
                .isEqualTo(new Run(1, "", "dna measure: evaluator must work as configured, but did not: detail\n"));
    }

    private Run measureWith(UnscoredReason reason) {
        return Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> new UnscoringEvaluator(reason),
                "measure",
                "--input",
                input);
    }

    /** Scores nothing. */
    private record UnscoringEvaluator(UnscoredReason reason) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return Assessment.Unscored.of(reason, "detail");
        }

        @Override
        public String name() {
            return "unscoring/1";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("unscoring", "1").build();
        }

        @Override
        public void close() {}
    }
}
