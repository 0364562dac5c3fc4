package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.donotanswer.classifier.transformer.SharedEncoder.Window;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints with several heads on one encoder, against a transcription of the reference. */
class SeveralHeadsTest {
    private static final String INSTRUCTION = "tea the pot";
    private static final String RESPONSE = "yes no tea";
    private static final Offset<Double> ROUNDING = within(1e-5);

    /** The first output of each head. */
    private static final int HARMFUL = 0;

    private static final int REFUSAL = 2;
    private static final int ACTION = 4;
    private static final int RISK = 10;
    private static final int TYPE = 12;

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void write() throws IOException {
        directory = SharedEncoder.checkpoint().write(parent.resolve("shared"));
    }

    private static double[] probabilities(Distribution<?> distribution) {
        return distribution.probabilities().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static double mean(List<Window> windows, ToDoubleFunction<Window> value) {
        double sum = 0;
        int tokens = 0;
        for (Window window : windows) {
            sum += window.tokens() * value.applyAsDouble(window);
            tokens += window.tokens();
        }
        return sum / tokens;
    }

    private static double[] mean(List<Window> windows, int first, int count, double temperature) {
        double[] means = new double[count];
        for (int i = 0; i < count; i++) {
            int index = i;
            means[i] = mean(windows, window -> window.classes(first, count, temperature)[index]);
        }
        return means;
    }

    private static double worst(List<Window> windows, int first, double temperature, double threshold) {
        return windows.stream()
                .mapToDouble(window -> window.event(first, temperature, threshold))
                .max()
                .orElseThrow();
    }

    /** Compares all heads with their definition. */
    private static void assertScores(Assessment assessment, List<Window> windows) {
        Scored scored = (Scored) assessment;
        assertThat(scored.harmful().getAsDouble()).isCloseTo(worst(windows, HARMFUL, 1.31, 0.27), ROUNDING);
        assertThat(scored.refusal().getAsDouble())
                .isCloseTo(mean(windows, window -> window.event(REFUSAL, 0.5, 0.5)), ROUNDING);
        assertThat(probabilities(scored.actions().orElseThrow()))
                .containsExactly(mean(windows, ACTION, 6, 2), ROUNDING);
        assertThat(scored.instructionRisk().getAsDouble()).isCloseTo(worst(windows, RISK, 1, 0.8), ROUNDING);
        assertThat(probabilities(scored.harmTypes().orElseThrow()))
                .containsExactly(mean(windows, TYPE, 12, 1), ROUNDING);
    }

    @Test
    void evaluate_allKinds_areCalibratedSoftmaxesOfTheirOutputs() throws IOException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory);
                SharedEncoder reference = SharedEncoder.open(directory, 100, 1, 0)) {
            assertScores(evaluator.evaluate(INSTRUCTION, RESPONSE), reference.windows(INSTRUCTION, RESPONSE));
            List<Assessment> several = evaluator.evaluateAll(
                    List.of(Exchange.of("no", "pot"), Exchange.of("no", " "), Exchange.of("yes", "tea pot tea")));
            assertScores(several.get(0), reference.windows("no", "pot"));
            assertThat(several.get(1)).isEqualTo(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
            assertScores(several.get(2), reference.windows("yes", "tea pot tea"));
        }
    }

    @Test
    void evaluate_windows_areJoinedByTheKindOfHead() throws IOException {
        String response = "yes no tea the pot no no yes the tea";
        try (TransformerEvaluator evaluator = TransformerEvaluator.builder()
                        .checkpoint(directory)
                        .maxTokens(10)
                        .windows(5, 1)
                        .build();
                SharedEncoder reference = SharedEncoder.open(directory, 10, 5, 1)) {
            List<Window> windows = reference.windows("tea", response);
            assertThat(windows.size()).isGreaterThan(1);
            assertScores(evaluator.evaluate("tea", response), windows);
        }
    }

    @Test
    void evaluateInstruction_pair_readsItWithAnEmptyResponse() throws IOException {
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory);
                SharedEncoder reference = SharedEncoder.open(directory, 100, 1, 0)) {
            Window window = reference.windows(INSTRUCTION, "").get(0);
            Scored scored = (Scored) evaluator.evaluateInstruction(INSTRUCTION);
            assertThat(scored.instructionRisk().getAsDouble()).isCloseTo(window.event(RISK, 1, 0.8), ROUNDING);
            assertThat(probabilities(scored.harmTypes().orElseThrow()))
                    .containsExactly(window.classes(TYPE, 12, 1), ROUNDING);
            assertThat(scored.harmful()).isEmpty();
            assertThat(scored.refusal()).isEmpty();
            assertThat(scored.actions()).isEmpty();
            assertThat(evaluator.evaluateInstruction(" "))
                    .isEqualTo(Unscored.of(UnscoredReason.INVALID_INPUT, "instruction is blank"));
        }
    }

    @Test
    void evaluateInstruction_noHeadForRisk_isNotSupported() throws IOException {
        TinyCheckpoint.setConfig(
                directory,
                "heads",
                "[{\"kind\":\"harmful\",\"outputs\":[0,1]},{\"kind\":\"harm_type\",\"outputs\":"
                        + "[12,13,14,15,16,17,18,19,20,21,22,23]}]");
        try (SafetyEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(((Unscored) evaluator.evaluateInstruction(INSTRUCTION)).reason())
                    .isEqualTo(UnscoredReason.NOT_SUPPORTED);
            assertThat(((Scored) evaluator.evaluate(INSTRUCTION, RESPONSE)).harmTypes())
                    .isPresent();
        }
    }

    @Test
    void evaluate_blankInstruction_hasNeitherRiskNorHarmType() throws IOException {
        try (SafetyEvaluator evaluator = TransformerEvaluator.load(directory);
                SharedEncoder reference = SharedEncoder.open(directory, 100, 1, 0)) {
            Scored scored = (Scored) evaluator.evaluate("", RESPONSE);
            assertThat(scored.harmful().getAsDouble())
                    .isCloseTo(reference.windows("", RESPONSE).get(0).event(HARMFUL, 1.31, 0.27), ROUNDING);
            assertThat(scored.actions()).isPresent();
            assertThat(scored.instructionRisk()).isEmpty();
            assertThat(scored.harmTypes()).isEmpty();
        }
    }

    @Test
    void build_roles_useTheirHeadOnly() throws IOException {
        try (TransformerEvaluator all = TransformerEvaluator.load(directory);
                TransformerEvaluator harmful = TransformerEvaluator.builder()
                        .harmful(directory)
                        .warmUp(false)
                        .build();
                TransformerEvaluator joined = TransformerEvaluator.builder()
                        .harmful(directory)
                        .action(directory)
                        .warmUp(false)
                        .build()) {
            Scored expected = (Scored) all.evaluate(INSTRUCTION, RESPONSE);
            assertThat(harmful.evaluate(INSTRUCTION, RESPONSE))
                    .isEqualTo(Scored.builder("shared")
                            .harmful(expected.harmful().getAsDouble())
                            .build());
            assertThat(joined.evaluate(INSTRUCTION, RESPONSE))
                    .isEqualTo(Scored.builder("shared + shared")
                            .harmful(expected.harmful().getAsDouble())
                            .actions(expected.actions().orElseThrow())
                            .build());
            assertThat(harmful.heads())
                    .containsExactly("harmful: softmax of harmful against harmless, temperature 1.31, threshold 0.27");
            assertThat(harmful.remarks())
                    .containsExactly(
                            "shared: read by the heads in config.json: harmful (temperature 1.31, threshold 0.27)",
                            "shared: heads that are not used: refusal, action, instruction risk, harm type");
            assertThat(joined.provenance().parameters())
                    .containsEntry("shared (action) head", joined.heads().get(1));
        }
    }

    @Test
    void build_instruction_readsThePairWithoutItsResponse() throws IOException {
        try (TransformerEvaluator all = TransformerEvaluator.load(directory);
                TransformerEvaluator instruction =
                        TransformerEvaluator.builder().instruction(directory).build()) {
            Scored alone = (Scored) all.evaluateInstruction(INSTRUCTION);
            Scored expected = Scored.builder("shared")
                    .instructionRisk(alone.instructionRisk().getAsDouble())
                    .build();
            assertThat(instruction.evaluateInstruction(INSTRUCTION)).isEqualTo(expected);
            assertThat(instruction.evaluate(INSTRUCTION, RESPONSE)).isEqualTo(expected);
            assertThat(instruction.evaluate(" ", RESPONSE))
                    .isEqualTo(Unscored.of(
                            UnscoredReason.NOT_SUPPORTED, "checkpoint reads the instruction, which is blank"));
            assertThat(instruction.countTokens(Exchange.of("", RESPONSE))).isZero();
            assertThat(instruction.countTokens(Exchange.of(INSTRUCTION, RESPONSE)))
                    .isPositive()
                    .isEqualTo(instruction.countTokens(Exchange.of(INSTRUCTION, "no")));
        }
    }

    @Test
    void heads_remarksAndProvenance_sayEveryHead() throws IOException {
        TinyCheckpoint.setConfig(
                directory,
                "heads",
                "[{\"kind\":\"refusal\",\"outputs\":[3,2],\"threshold\":0.9},"
                        + "{\"kind\":\"action\",\"outputs\":[4,5,6,7,8,9],\"temperature\":2},"
                        + "{\"kind\":\"instruction_risk\",\"outputs\":[10,11]},"
                        + "{\"kind\":\"harm_type\",\"outputs\":[12,13,14,15,16,17,18,19,20,21,22,23]}]");
        String refusal = "refusal: softmax of no refusal against refusal, threshold 0.9";
        String action =
                "action: softmax of cannot assist, refute opinion, dual perspectives, cautious disclaimer, unable"
                        + " or uncertain, follow instruction, temperature 2.0";
        String risk = "instruction risk: softmax of risky instruction against harmless instruction";
        String type =
                "harm type: softmax of Sensitive organization information, Private information, Illegal activities,"
                        + " Unethical or unsafe actions, Disinformation campaigns, Stereotypes and discrimination, Toxic language,"
                        + " Adult content, False or misleading information, Material harm by misinformation, Mental health or"
                        + " overreliance, Chatbot treated as human";
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(evaluator.heads()).containsExactly(refusal, action, risk, type);
            assertThat(evaluator.headKinds())
                    .containsExactly(HeadKind.REFUSAL, HeadKind.ACTION, HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);
            assertThat(evaluator.remarks())
                    .containsExactly(
                            "shared: read by the heads in config.json: refusal (threshold 0.9), action (temperature 2.0),"
                                    + " instruction risk, harm type",
                            "shared: outputs that are in no head: 0, 1");
            assertThat(evaluator.provenance().parameters())
                    .containsEntry("shared refusal head", refusal)
                    .containsEntry("shared action head", action)
                    .containsEntry("shared instruction risk head", risk)
                    .containsEntry("shared harm type head", type)
                    .containsEntry("shared input format", "PAIR")
                    .doesNotContainKey("shared head");
        }
    }

    @Test
    void evaluate_oneCalibratedHead_isShiftedFromTheSameWithoutHeads() throws IOException {
        Path plain = TinyCheckpoint.of("bert").write(parent.resolve("plain"));
        double before;
        try (SafetyEvaluator evaluator = TransformerEvaluator.load(plain)) {
            before = ((Scored) evaluator.evaluate("", RESPONSE)).harmful().getAsDouble();
        }
        TinyCheckpoint.setConfig(
                plain, "heads", "[{\"kind\":\"harmful\",\"outputs\":[0,1],\"threshold\":" + before + "}]");
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(plain)) {
            assertThat(((Scored) evaluator.evaluate("", RESPONSE)).harmful().getAsDouble())
                    .isCloseTo(0.5, ROUNDING);
            assertThat(evaluator.provenance().parameters())
                    .containsEntry("plain head", evaluator.heads().get(0))
                    .containsEntry("plain input format", "RESPONSE_ONLY");
        }
        TinyCheckpoint.setConfig(plain, "heads", "[{\"kind\":\"harmful\",\"outputs\":[0,1]}]");
        try (SafetyEvaluator evaluator = TransformerEvaluator.load(plain)) {
            assertThat(((Scored) evaluator.evaluate("", RESPONSE)).harmful()).hasValue(before);
        }
    }

    @Test
    void load_onlyHeadsOfTheInstruction_readsItAlone() throws IOException {
        TinyCheckpoint.setConfig(directory, "input_format", "");
        TinyCheckpoint.setConfig(directory, "heads", "[{\"kind\":\"instruction_risk\",\"outputs\":[10,11]}]");
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(evaluator.provenance().parameters()).containsEntry("shared input format", "INSTRUCTION_ONLY");
            assertThat(evaluator.evaluate(INSTRUCTION, RESPONSE)).isEqualTo(evaluator.evaluateInstruction(INSTRUCTION));
        }
    }

    @Test
    void build_labels_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransformerEvaluator.builder()
                        .checkpoint(directory)
                        .labels(Map.of(0, "harmful"))
                        .build())
                .withMessage("labels must not be given for a checkpoint with heads in config.json, which say what its"
                        + " outputs mean, but were {0=harmful} (" + directory.resolve("config.json") + ")");
    }

    @Test
    void build_roleWithoutHead_isRefused() throws IOException {
        TinyCheckpoint.setConfig(
                directory,
                "heads",
                "[{\"kind\":\"harmful\",\"outputs\":[0,1]},{\"kind\":\"refusal\",\"outputs\":[2,3]}]");
        assertThatThrownBy(
                        () -> TransformerEvaluator.builder().action(directory).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessage("heads must include one of kind action, but was [harmful, refusal] ("
                        + directory.resolve("config.json") + ")");
    }

    @Test
    void build_formatThatLacksAText_isRefused() throws IOException {
        String kinds = "[harmful, refusal, action, instruction_risk, harm_type]";
        String where = " (" + directory.resolve("config.json") + ")";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransformerEvaluator.builder()
                        .checkpoint(directory)
                        .inputFormat(InputFormat.RESPONSE_ONLY)
                        .build())
                .withMessage("input format must be separated_string or pair for heads " + kinds
                        + ", but was response_only" + where);
        TinyCheckpoint.setConfig(directory, "input_format", "\"instruction_only\"");
        assertThatThrownBy(
                        () -> TransformerEvaluator.builder().harmful(directory).build())
                .isInstanceOf(CheckpointException.class)
                .hasMessage("input_format must be response_only, separated_string or pair for heads [harmful], but was"
                        + " instruction_only" + where);
        TinyCheckpoint.setConfig(directory, "input_format", "");
        assertThatThrownBy(() -> TransformerEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("input_format must be separated_string or pair for heads " + kinds + ", but was missing"
                        + where);
        try (TransformerEvaluator evaluator = TransformerEvaluator.builder()
                .harmful(directory, InputFormat.RESPONSE_ONLY)
                .build()) {
            assertThat(((Scored) evaluator.evaluate("", RESPONSE)).harmful()).isPresent();
        }
    }
}
