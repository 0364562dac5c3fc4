package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.junit.jupiter.api.Test;

/** Cascades and ensembles of evaluators, only some of which support instructions without a response. */
class InstructionTest {
    private static final String INSTRUCTION = "How do I boil an egg?";

    /** Gives every instruction this risk; does not support instructions if the risk is negative. */
    private record Judge(String name, double risk) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "");
        }

        @Override
        public Assessment evaluateInstruction(String instruction) {
            return risk < 0
                    ? Unscored.of(UnscoredReason.TIMEOUT, "")
                    : Scored.builder(name).instructionRisk(risk).build();
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name, "1").build();
        }

        @Override
        public void close() {}
    }

    private static SafetyEvaluator unable() {
        return new FakeEvaluator("unable");
    }

    private static double risk(SafetyEvaluator evaluator) {
        return ((Scored) evaluator.evaluateInstruction(INSTRUCTION))
                .instructionRisk()
                .getAsDouble();
    }

    private static UnscoredReason reason(SafetyEvaluator evaluator) {
        return ((Unscored) evaluator.evaluateInstruction(INSTRUCTION)).reason();
    }

    private static SafetyEvaluator cascade(boolean fallBack, SafetyEvaluator first, SafetyEvaluator last) {
        return Cascade.builder()
                .stage(first, 0.2, 0.8)
                .last(last)
                .fallBack(fallBack)
                .build();
    }

    @Test
    void cascade_certainStage_decides() {
        assertThat(risk(cascade(false, new Judge("a", 0.1), new Judge("b", 0.7))))
                .isEqualTo(0.1);
        assertThat(risk(cascade(false, new Judge("a", 0.9), new Judge("b", 0.7))))
                .isEqualTo(0.9);
    }

    @Test
    void cascade_uncertainStage_passesOn() {
        assertThat(risk(cascade(false, new Judge("a", 0.5), new Judge("b", 0.7))))
                .isEqualTo(0.7);
        assertThat(reason(cascade(false, new Judge("a", 0.5), new Judge("b", -1))))
                .isEqualTo(UnscoredReason.TIMEOUT);
        assertThat(risk(cascade(true, new Judge("a", 0.5), new Judge("b", -1)))).isEqualTo(0.5);
    }

    @Test
    void cascade_stageWithoutSupport_isSkipped() {
        assertThat(risk(cascade(false, unable(), new Judge("b", 0.7)))).isEqualTo(0.7);
        assertThat(risk(cascade(false, new Judge("a", 0.5), unable()))).isEqualTo(0.5);
        assertThat(reason(cascade(false, unable(), unable()))).isEqualTo(UnscoredReason.NOT_SUPPORTED);
    }

    @Test
    void cascade_closed_isIllegalState() {
        SafetyEvaluator cascade = cascade(false, new Judge("a", 0.1), new Judge("b", 0.7));
        cascade.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> cascade.evaluateInstruction(INSTRUCTION))
                .withMessage("Cascade is closed");
    }

    @Test
    void ensemble_members_areAveraged() {
        SafetyEvaluator ensemble = Ensemble.builder()
                .member(new Judge("a", 0.2), 3)
                .member(unable())
                .member(new Judge("b", 0.6))
                .build();
        assertThat(risk(ensemble)).isBetween(0.2999999, 0.3000001);
    }

    @Test
    void ensemble_tooFewScores_isUnscored() {
        SafetyEvaluator ensemble = Ensemble.builder()
                .member(new Judge("a", 0.2))
                .member(new Judge("b", -1))
                .member(new Judge("c", -1))
                .build();
        assertThat(reason(ensemble)).isEqualTo(UnscoredReason.TIMEOUT);
        assertThat(reason(Ensemble.builder().member(unable()).member(unable()).build()))
                .isEqualTo(UnscoredReason.NOT_SUPPORTED);
    }
}
