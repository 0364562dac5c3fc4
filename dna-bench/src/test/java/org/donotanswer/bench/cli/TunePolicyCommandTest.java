package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunePolicyCommandTest {
    @TempDir
    private Path directory;

    private Path input;
    private Path output;

    /** The evaluator gives .9 to responses that contain "harm", otherwise .1: 3 of 150 harmless ones, 27 of 30 harmful ones. */
    @BeforeEach
    void write() throws IOException {
        StringBuilder lines = new StringBuilder("\n");
        for (int i = 0; i < 180; i++) {
            boolean harmful = i >= 150;
            boolean found = harmful ? i < 177 : i < 3;
            lines.append("{\"instruction\":\"Question " + i + "\",\"response\":\"" + (found ? "harm" : "fine")
                    + "\",\"harmful\":" + harmful + ",\"more\":1}\n");
        }
        input = Files.writeString(directory.resolve("labelled.jsonl"), lines);
        output = directory.resolve("policy.json");
    }

    private Run tune(Object... more) {
        Object[] args = new Object[7 + more.length];
        System.arraycopy(
                new Object[] {"tune-policy", "--input", input, "--false-block-rate", "0.05", "--output", output},
                0,
                args,
                0,
                7);
        System.arraycopy(more, 0, args, 7, more.length);
        return Run.of(args);
    }

    @Test
    void tune_labelledLines_writesPolicyAndEstimates() throws IOException {
        Run run = tune();

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        SafetyPolicy policy = SafetyPolicy.read(output);
        // Up to 8 of 151 may be blocked, more than the 3 with .9: the threshold may be as low as the scores of .1
        // allow.
        assertThat(policy)
                .isEqualTo(SafetyPolicy.builder()
                        .defaultRule(Rule.block(0.2))
                        .rule(HarmType.ADULT_CONTENT, Rule.block(0.2))
                        .build());
        assertThat(run.out())
                .isEqualTo(
                        """
                        Thresholds that block 5.00 % of harmless responses, chosen from 180 responses: 150 harmless, 30 harmful.
                        Estimates with 95.0 % intervals, from 5 folds, each decided with thresholds that the other folds chose:

                        scope               block  harmless              blocked  harmful     blocked (recall)
                        ADULT_CONTENT         0.2       150  2.00 % [0.68, 5.71]       30  90.0 % [74.4, 96.5]
                        default               0.2         0                    -        0                    -
                        all                     -       150  2.00 % [0.68, 5.71]       30  90.0 % [74.4, 96.5]
                        all, one threshold      -       150  2.00 % [0.68, 5.71]       30  90.0 % [74.4, 96.5]

                        Wrote FILE: version VERSION
                        """
                                .replace("FILE", output.toString())
                                .replace("VERSION", policy.version()));
    }

    @Test
    void tune_policyAndYaml_keepsTheRest() throws IOException {
        Path base = Files.writeString(
                directory.resolve("base.yaml"),
                "shadow: true\nharmTypes: {Adult Content: {forbid: [REFUTE_OPINION]}}\n");
        output = directory.resolve("policy.yaml");

        Run run = tune("--policy", base, "--review-rate", "0.1", "--granularity", "default");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(Files.readString(output)).startsWith("format: 1\n");
        SafetyPolicy policy = SafetyPolicy.read(output);
        assertThat(policy.shadow()).isTrue();
        assertThat(policy.harmTypeRules()).containsOnlyKeys(HarmType.ADULT_CONTENT);
        assertThat(policy.defaultRule().review()).isPresent();
    }

    @Test
    void tune_data_takesHumanLabels() throws IOException {
        Path data = TinyData.writeTo(directory.resolve("data"));
        Run run =
                Run.of("tune-policy", "--data", data, "--false-block-rate", "0.3", "--folds", "2", "--output", output);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith(
                        "Thresholds that block 30.0 % of harmless responses, chosen from 21 responses: 15 harmless, 6 harmful.")
                .doesNotContain("trained on");
    }

    @Test
    void tune_badLine_namesIt() throws IOException {
        Files.writeString(input, "{\"instruction\":\"a\",\"response\":\"b\",\"harmful\":\"maybe\"}\n");
        assertThat(tune().err())
                .isEqualTo("dna tune-policy: harmful must be 1 or 0, true or false, yes or no, but was 'maybe' ("
                        + input + ", line 1, column harmful)\n");
        Files.writeString(input, "\n{\"instruction\":\"a\",\"harmful\":true}\n");
        assertThat(tune().err())
                .isEqualTo(
                        "dna tune-policy: response must have a known name or be named by --column response=NAME, but was missing among instruction, harmful ("
                                + input + ", line 2, column response)\n");
        Files.writeString(input, "{\"instruction\":\"secret");
        assertThat(tune().err())
                .isEqualTo("dna tune-policy: line must be a JSON object, but was broken (" + input + ", line 1)\n");
        Files.writeString(input, "[5]");
        assertThat(tune().err())
                .isEqualTo("dna tune-policy: record must be a JSON object, but was number in record 1 (" + input
                        + ", line 1)\n");
        assertThat(output).doesNotExist();
    }

    @Test
    void tune_tooFew_namesTheMinimum() throws IOException {
        Files.writeString(input, "{\"instruction\":\"a\",\"response\":\"b\",\"harmful\":true}\n".repeat(9));
        Run run = tune("--folds", "9");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dna tune-policy: responses must form at least 9 groups, one per fold, but formed 1\n");
    }

    @Test
    void tune_badPolicy_namesThePlace() throws IOException {
        Path base = Files.writeString(directory.resolve("base.json"), "{\"default\": {\"blok\": 1}}");
        Run run = tune("--policy", base);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("dna tune-policy: default must have only the members")
                .endsWith("(did you mean 'block'?) (base.json, line 1, column 14)\n");
    }

    @Test
    void tune_wrongUsage_isReported() {
        assertUsage(
                Run.of("tune-policy", "--false-block-rate", "0.1", "--output", output),
                "one of --input and --data must be given, but was neither");
        assertUsage(tune("--data", directory), "one of --input and --data must be given, but was both");
        assertUsage(tune("--review-rate", "1.5"), "reviewRate must be in (0, 1), but was 1.5");
        assertUsage(tune("--folds", "1"), "folds must be at least 2, but was 1");
        output = directory.resolve("policy.txt");
        assertUsage(tune(), "name of the output must end in .json, .yaml or .yml, but was " + output);
    }

    @Test
    void tune_missingInput_isReported() {
        input = directory.resolve("none.jsonl");
        assertThat(tune())
                .isEqualTo(new Run(1, "", "dna tune-policy: file must exist, but was missing (" + input + ")\n"));
    }

    private static void assertUsage(Run run, String message) {
        assertThat(run).isEqualTo(new Run(2, "", "dna tune-policy: " + message + "\nTry 'dna tune-policy --help'.\n"));
    }
}
