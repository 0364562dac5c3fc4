package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What heads of several kinds give, alone and together. */
class TransformerEvaluatorHeadsTest {
    @TempDir
    private Path directory;

    private Path write(String name, String labels, long seed) throws IOException {
        return TinyCheckpoint.of("bert").set("id2label", labels).seed(seed).write(directory.resolve(name));
    }

    private Path toxicity() throws IOException {
        return write("toxicity", "{\"0\":\"neutral\",\"1\":\"toxic\"}", 1);
    }

    private Path guard() throws IOException {
        return write("guard", "{\"0\":\"BENIGN\",\"1\":\"INJECTION\",\"2\":\"JAILBREAK\"}", 2);
    }

    @Test
    void evaluate_harmAndInstruction_givesBoth() throws IOException {
        Path toxicity = toxicity();
        Path guard = guard();
        try (TransformerEvaluator harm = TransformerEvaluator.load(toxicity);
                TransformerEvaluator risk = TransformerEvaluator.load(guard);
                TransformerEvaluator both = TransformerEvaluator.builder()
                        .harmful(toxicity)
                        .instruction(guard)
                        .build()) {
            Scored joined = (Scored) both.evaluate("tea the pot", "yes no");
            assertThat(joined.harmful()).isEqualTo(((Scored) harm.evaluate("", "yes no")).harmful());
            assertThat(joined.instructionRisk())
                    .isEqualTo(((Scored) risk.evaluate("tea the pot", "no")).instructionRisk())
                    .isEqualTo(((Scored) both.evaluateInstruction("tea the pot")).instructionRisk())
                    .isPresent();
            assertThat(joined.actions()).isEmpty();
            assertThat(((Scored) both.evaluateInstruction("tea the pot")).harmful())
                    .isEmpty();
            assertThat(((Scored) both.evaluate(" ", "yes no")).instructionRisk())
                    .isEmpty();
            assertThat(both.heads())
                    .containsExactly(
                            "harmful: softmax of toxic against neutral",
                            "instruction risk: softmax of INJECTION + JAILBREAK against BENIGN");
            assertThat(both.remarks()).isEmpty();
            assertThat(both.name()).isEqualTo("toxicity + guard");
        }
    }

    @Test
    void evaluate_instructionAlone_needsAnInstruction() throws IOException {
        TransformerEvaluator guard = TransformerEvaluator.load(guard());
        try (guard) {
            assertThat(guard.evaluate(" ", "yes"))
                    .isEqualTo(Unscored.of(
                            UnscoredReason.NOT_SUPPORTED, "checkpoint reads the instruction, which is blank"));
            assertThat(guard.evaluate("yes", " ")).isEqualTo(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
            assertThat(guard.evaluateInstruction(" "))
                    .isEqualTo(Unscored.of(UnscoredReason.INVALID_INPUT, "instruction is blank"));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> guard.evaluateInstruction("yes"))
                .withMessage("TransformerEvaluator is closed");
    }

    @Test
    void evaluateInstruction_checkpointOfResponses_isNotSupported() throws IOException {
        try (SafetyEvaluator harm = TransformerEvaluator.load(toxicity())) {
            assertThat(((Unscored) harm.evaluateInstruction("tea")).reason()).isEqualTo(UnscoredReason.NOT_SUPPORTED);
        }
    }

    @Test
    void evaluate_refusals_haveAHeadOfTheirOwn() throws IOException {
        try (SafetyEvaluator refusals =
                TransformerEvaluator.load(write("refusal", "{\"0\":\"NORMAL\",\"1\":\"REJECTION\"}", 3))) {
            Scored scored = (Scored) refusals.evaluate("tea", "yes no");
            assertThat(scored.refusal()).isPresent();
            assertThat(scored.harmful()).isEmpty();
        }
    }

    @Test
    void build_labelsWithTwoCheckpoints_areThoseOfTheHarmfulOne() throws IOException {
        Path unnamed = write("unnamed", "{\"0\":\"x\",\"1\":\"y\",\"2\":\"z\"}", 4);
        Path action = TinyCheckpoint.copy(directory, "bert-action");
        try (TransformerEvaluator named = TransformerEvaluator.builder()
                        .harmful(unnamed)
                        .action(action)
                        .labelsByName(Map.of("z", "harmful"))
                        .build();
                TransformerEvaluator opposite = TransformerEvaluator.builder()
                        .checkpoint(unnamed)
                        .labels(Map.of(0, "harmful", 1, "harmful", 2, "safe"))
                        .build()) {
            Scored scored = (Scored) named.evaluate("tea", "yes no");
            assertThat(scored.actions()).isPresent();
            assertThat(scored.harmful().getAsDouble())
                    .isCloseTo(
                            1
                                    - ((Scored) opposite.evaluate("tea", "yes no"))
                                            .harmful()
                                            .getAsDouble(),
                            within(1e-6));
            assertThat(named.heads().get(0)).isEqualTo("harmful: softmax of z against x + y");
            assertThat(named.provenance().parameters()).containsEntry("unnamed labels", "{2=harmful}");
        }
    }

    @Test
    void remarks_sayWhatTheNamesDoNot() throws IOException {
        try (TransformerEvaluator codes =
                TransformerEvaluator.load(write("codes", "{\"0\":\"S\",\"1\":\"H\",\"2\":\"OK\"}", 5))) {
            assertThat(codes.remarks()).containsExactly("codes: read as harmful: softmax of S + H against OK");
        }
    }

    @Test
    void load_sixBareOutputs_saysWhatToDo() throws IOException {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        for (ThrowingLoader loader : new ThrowingLoader[] {SafetyEvaluator::load, TransformerEvaluator::load}) {
            assertThatThrownBy(() -> loader.load(path))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(
                            "labels must tell what the head predicts, but were [LABEL_0, LABEL_1, LABEL_2, LABEL_3,"
                                    + " LABEL_4, LABEL_5] (config.json); say what they mean with labels(..) or --labels, for example"
                                    + " 0=harmless,1=harmful; if they are Do-Not-Answer's actions, use action(..) or --action-model");
        }
    }

    private interface ThrowingLoader {
        SafetyEvaluator load(Path path) throws IOException;
    }
}
