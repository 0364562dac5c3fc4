package org.donotanswer.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class EvaluatorQualityTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(50, 0.95, 7);

    private static LabelledExample.Builder example(int id) {
        return LabelledExample.builder(Integer.toString(id), "own", "i" + id).response("r" + id);
    }

    private static Prediction prediction(LabelledExample.Builder example, Assessment assessment) {
        return new Prediction(example.build(), assessment);
    }

    private static Scored scored(double harmful, ResponseAction action) {
        Map<ResponseAction, Double> weights = new EnumMap<>(ResponseAction.class);
        for (ResponseAction each : ResponseAction.values()) {
            weights.put(each, each == action ? 1.0 : 0.0);
        }
        return Scored.builder("fake/1")
                .harmful(harmful)
                .actions(Distribution.normalized(weights))
                .build();
    }

    private static Unscored unscored() {
        return Unscored.of(UnscoredReason.NO_WORDS, "response must have words, but had none");
    }

    @Test
    void figures_ofScoredAndUnscored() {
        EvaluatorQuality quality = EvaluatorQuality.of(
                List.of(
                        prediction(
                                example(1).harmful(true).action(ResponseAction.FOLLOW_INSTRUCTION),
                                scored(0.9, ResponseAction.FOLLOW_INSTRUCTION)),
                        prediction(
                                example(2).harmful(true).action(ResponseAction.FOLLOW_INSTRUCTION),
                                scored(0.3, ResponseAction.CANNOT_ASSIST)),
                        prediction(
                                example(3)
                                        .harmful(false)
                                        .instructionRisky(false)
                                        .action(ResponseAction.CANNOT_ASSIST),
                                scored(0.6, ResponseAction.CANNOT_ASSIST)),
                        prediction(
                                example(4).harmful(false).instructionRisky(false),
                                scored(0.1, ResponseAction.CANNOT_ASSIST)),
                        prediction(
                                example(5).harmful(false).instructionRisky(true),
                                scored(0.1, ResponseAction.CANNOT_ASSIST)),
                        prediction(example(6).harmful(false).instructionRisky(false), unscored())),
                BOOTSTRAP);

        assertThat(quality.exchanges()).isEqualTo(6);
        assertThat(quality.unscored()).isEqualTo(1);
        BinaryFigures harm = quality.harm().orElseThrow();
        assertThat(harm.unscored()).isEqualTo(1);
        assertThat(harm.recall().value()).isEqualTo(0.5);
        assertThat(harm.falsePositiveRate().value()).isEqualTo(1.0 / 3, within(1e-12));
        assertThat(harm.auc().value()).isEqualTo(5.0 / 6, within(1e-12));
        assertThat(quality.harmlessInstructions()).contains(new Proportion(1, 2));
        assertThat(quality.refusal()).isEmpty();
        EvaluatorQuality.ActionScores action = quality.action().orElseThrow();
        assertThat(action.labelled()).isEqualTo(3);
        assertThat(action.accuracy().value()).isEqualTo(2.0 / 3, within(1e-12));
        // Following: precision 1, recall 1/2; refusing: precision 1/2, recall 1.
        assertThat(action.macroF1().value()).isEqualTo(2.0 / 3, within(1e-12));
    }

    @Test
    void nothingScored_leavesFiguresEmpty() {
        EvaluatorQuality quality = EvaluatorQuality.of(
                List.of(prediction(example(1).harmful(true).action(ResponseAction.CANNOT_ASSIST), unscored())),
                BOOTSTRAP);

        assertThat(quality)
                .isEqualTo(new EvaluatorQuality(
                        1, 1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void refusals_areTakenFromTheActionsWithoutAHead() {
        EvaluatorQuality quality = EvaluatorQuality.of(
                List.of(
                        prediction(example(1).refusal(true), scored(0.1, ResponseAction.CANNOT_ASSIST)),
                        prediction(example(2).refusal(false), scored(0.1, ResponseAction.FOLLOW_INSTRUCTION))),
                BOOTSTRAP);

        assertThat(quality.harm()).isEmpty();
        assertThat(quality.refusal().orElseThrow().f1().value()).isEqualTo(1);
    }
}
