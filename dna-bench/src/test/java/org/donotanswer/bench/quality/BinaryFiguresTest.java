package org.donotanswer.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class BinaryFiguresTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(200, 0.95, 1);

    /** Flagged at .5: one harmful and one harmless response; at .3, all harmful ones and one harmless. */
    private static final List<Prediction> FIVE = List.of(
            Predictions.harm("a", "s", true, 0.9),
            Predictions.harm("b", "s", false, 0.6),
            Predictions.harm("c", "s", true, 0.3),
            Predictions.harm("d", "s", false, 0.2),
            Predictions.harm("e", "s", false, 0.1));

    @Test
    void of_handComputed() {
        BinaryFigures figures = BinaryFigures.of(FIVE, Target.HARM, BOOTSTRAP);

        assertThat(figures.positives()).isEqualTo(2);
        assertThat(figures.negatives()).isEqualTo(3);
        assertThat(figures.unscored()).isZero();
        assertThat(figures.auc().value()).isEqualTo(5.0 / 6);
        assertThat(figures.precision().value()).isEqualTo(0.5);
        assertThat(figures.recall().value()).isEqualTo(0.5);
        assertThat(figures.f1().value()).isEqualTo(0.5);
        assertThat(figures.bestF1().value()).isEqualTo(0.8);
        assertThat(figures.falsePositiveRate().value()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(figures.recallAtFewFalseAlarms().value()).isEqualTo(0.5);
        double expected = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.3) + Math.log(0.8) + Math.log(0.9)) / 5;
        assertThat(figures.logLoss().value()).isCloseTo(expected, within(1e-12));
        assertThat(figures.baseLogLoss()).isCloseTo(-(0.4 * Math.log(0.4) + 0.6 * Math.log(0.6)), within(1e-12));
        // Each response is in a bin of its own.
        assertThat(figures.calibrationError().value()).isCloseTo((0.1 + 0.6 + 0.7 + 0.2 + 0.1) / 5, within(1e-12));
        assertThat(figures.auc().interval().contains(5.0 / 6)).isTrue();
        assertThat(figures).isEqualTo(BinaryFigures.of(FIVE, Target.HARM, BOOTSTRAP));
    }

    @Test
    void of_groups_areDrawnAsAWhole() {
        LabelledExample one = Predictions.example("1", "s")
                .response("r")
                .harmful(true)
                .group("g")
                .build();
        LabelledExample other = Predictions.example("2", "s")
                .response("r")
                .harmful(false)
                .group("g")
                .build();
        Assessment.Scored half = Assessment.Scored.builder("e").harmful(0.5).build();

        BinaryFigures figures = BinaryFigures.of(
                List.of(new Prediction(one, half), new Prediction(other, half)), Target.HARM, BOOTSTRAP);

        assertThat(figures.precision().interval().width()).isZero();
    }

    @Test
    void of_unscoredAndUnlabelled_areNotCountedInFigures() {
        BinaryFigures figures = BinaryFigures.of(
                List.of(
                        FIVE.get(0),
                        FIVE.get(1),
                        Predictions.unscored("u", "s", true),
                        Predictions.risk("r", "s", true, 0.9)),
                Target.HARM,
                BOOTSTRAP);

        assertThat(figures.positives() + figures.negatives()).isEqualTo(2);
        assertThat(figures.unscored()).isEqualTo(1);
        assertThat(figures.auc().value()).isEqualTo(1);
    }

    @Test
    void of_nothing_isUndefined() {
        BinaryFigures figures = BinaryFigures.of(List.of(), Target.REFUSAL, BOOTSTRAP);

        assertThat(figures.auc().isDefined()).isFalse();
        assertThat(figures.calibrationError().isDefined()).isFalse();
        assertThat(figures.baseLogLoss()).isNaN();
    }

    @Test
    void of_refusals_readsTheAction() {
        Assessment.Scored refusing = Assessment.Scored.builder("e")
                .actions(Distribution.certain(ResponseAction.CANNOT_ASSIST))
                .build();
        Assessment.Scored following = Assessment.Scored.builder("e")
                .actions(Distribution.certain(ResponseAction.FOLLOW_INSTRUCTION))
                .build();
        LabelledExample refusal =
                Predictions.example("1", "s").response("No.").refusal(true).build();
        LabelledExample help =
                Predictions.example("2", "s").response("Yes.").refusal(false).build();

        BinaryFigures figures = BinaryFigures.of(
                List.of(new Prediction(refusal, refusing), new Prediction(help, following)), Target.REFUSAL, BOOTSTRAP);

        assertThat(figures.f1().value()).isEqualTo(1);
    }

    @Test
    void mean_givesListsTheSameWeight() {
        List<Prediction> two = List.of(
                Predictions.harm("x", "t", true, 0.9),
                Predictions.harm("y", "t", false, 0.1),
                Predictions.unscored("z", "t", true));

        BinaryFigures mean = BinaryFigures.mean(List.of(FIVE, two), Target.HARM, BOOTSTRAP);

        assertThat(mean.auc().value()).isCloseTo((5.0 / 6 + 1) / 2, within(1e-12));
        assertThat(mean.auc().interval().contains(mean.auc().value())).isTrue();
        assertThat(mean.recall().value()).isEqualTo(0.75);
        assertThat(mean.baseLogLoss())
                .isCloseTo(
                        (BinaryFigures.of(FIVE, Target.HARM, BOOTSTRAP).baseLogLoss() + Math.log(2)) / 2,
                        within(1e-12));
        assertThat(mean.positives()).isEqualTo(3);
        assertThat(mean.unscored()).isEqualTo(1);
    }
}
