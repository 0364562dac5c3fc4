package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Goldens computed by scikit-learn 1.2.1's {@code roc_auc_score}, {@code brier_score_loss} and {@code roc_curve}. */
class ScoresTest {
    private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.1};
    private static final boolean[] OUTCOMES = {false, false, true, true, true, false, true, false};

    @Test
    void rocAuc_ties_countHalf() {
        // 12 of 16 pairs are in order, and 2 are tied: the positive .4 with the two negative .4.
        assertThat(Scores.rocAuc(SCORES, OUTCOMES)).isEqualTo(0.8125);
    }

    @Test
    void rocAuc_twoHundredItems_isScikitLearns() {
        assertThat(Scores.rocAuc(Samples.probabilities(), Samples.outcomes()))
                .isCloseTo(0.7639263926392639, within(1e-14));
    }

    @Test
    void rocAuc_oneClass_isNaN() {
        assertThat(Scores.rocAuc(new double[] {1, 2}, new boolean[] {true, true}))
                .isNaN();
        assertThat(Scores.rocAuc(new double[] {1, 2}, new boolean[2])).isNaN();
        assertThat(Scores.rocAuc(new double[0], new boolean[0])).isNaN();
    }

    @Test
    void rocAuc_infiniteAndSignedZero_areOrdered() {
        assertThat(Scores.rocAuc(
                        new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}, new boolean[] {false, true}))
                .isEqualTo(1);
        assertThat(Scores.rocAuc(new double[] {-0.0, 0.0, 0.0, -0.0}, new boolean[] {false, true, false, true}))
                .isEqualTo(0.5);
    }

    @Test
    void brier_isScikitLearns() {
        assertThat(Scores.brier(SCORES, OUTCOMES)).isCloseTo(0.1465625, within(1e-15));
        assertThat(Scores.brier(Samples.probabilities(), Samples.outcomes())).isCloseTo(0.2027385, within(1e-14));
        assertThat(Scores.brier(new double[0], new boolean[0])).isNaN();
    }

    @Test
    void logLoss_isTheMeanOfTheLogarithms() {
        assertThat(Scores.logLoss(new double[] {0.8, 0.25}, new boolean[] {true, false}))
                .isCloseTo(-(Math.log(0.8) + Math.log(0.75)) / 2, within(1e-15));
        assertThat(Scores.logLoss(new double[] {0.5, 0.5, 0.5}, new boolean[] {true, false, true}))
                .isCloseTo(Math.log(2), within(1e-15));
        assertThat(Scores.logLoss(new double[0], new boolean[0])).isNaN();
    }

    @Test
    void logLoss_certainty_isClipped() {
        assertThat(Scores.logLoss(new double[] {1, 0}, new boolean[] {true, false}))
                .isBetween(0.0, 1e-15);
        assertThat(Scores.logLoss(new double[] {0}, new boolean[] {true})).isCloseTo(52 * Math.log(2), within(1e-12));
        assertThat(Scores.logLoss(new double[] {1}, new boolean[] {false})).isCloseTo(52 * Math.log(2), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.1111111111111111",
        "0.01, 0.20202020202020202",
        "0.1, 0.42424242424242425",
        "0.5, 0.8686868686868687",
        "1, 1"
    })
    void truePositiveRateAt_isScikitLearns(double falsePositiveRate, double truePositiveRate) {
        assertThat(Scores.truePositiveRateAt(Samples.probabilities(), Samples.outcomes(), falsePositiveRate))
                .isCloseTo(truePositiveRate, within(1e-15));
    }

    @Test
    void truePositiveRateAt_ties_areFlaggedTogether() {
        double[] scores = {0.9, 0.5, 0.5, 0.1};
        boolean[] outcomes = {true, true, false, false};

        assertThat(Scores.truePositiveRateAt(scores, outcomes, 0.49)).isEqualTo(0.5);
        assertThat(Scores.truePositiveRateAt(scores, outcomes, 0.5)).isEqualTo(1);
        assertThat(Scores.truePositiveRateAt(scores, new boolean[4], 0.5)).isNaN();
    }

    @Test
    void truePositiveRateAt_allMayBeFlagged_isOne() {
        assertThat(Scores.truePositiveRateAt(new double[] {0.1, 0.2}, new boolean[] {true, false}, 1))
                .isOne();
    }

    @Test
    void wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.rocAuc(new double[2], new boolean[3]))
                .withMessage("scores and outcomes must have the same size, but were 2 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.rocAuc(new double[] {0, Double.NaN}, new boolean[2]))
                .withMessage("score must be a number, but was NaN (item 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.brier(new double[] {-1}, new boolean[1]))
                .withMessage("probability must be in [0, 1], but was -1.0 (item 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.logLoss(new double[] {2}, new boolean[1]))
                .withMessage("probability must be in [0, 1], but was 2.0 (item 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.truePositiveRateAt(new double[1], new boolean[1], 1.5))
                .withMessage("falsePositiveRate must be in [0, 1], but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scores.truePositiveRateAt(new double[] {Double.NaN}, new boolean[1], 0.5))
                .withMessage("score must be a number, but was NaN (item 0)");
    }

    private static boolean[] oddOnes(List<Integer> values) {
        boolean[] outcomes = new boolean[values.size()];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = (values.get(i) * 7 / 3) % 2 == 1;
        }
        return outcomes;
    }

    @Property(seed = "20261201")
    void rocAuc_monotoneTransform_isSame(@ForAll @Size(min = 2, max = 60) List<@IntRange(max = 40) Integer> values) {
        double[] scores = values.stream().mapToDouble(v -> v / 40.0).toArray();
        boolean[] outcomes = oddOnes(values);

        assertThat(Scores.rocAuc(
                        Arrays.stream(scores).map(s -> Math.exp(3 * s) - 7).toArray(), outcomes))
                .isEqualTo(Double.valueOf(Scores.rocAuc(scores, outcomes)));
    }

    @Property(seed = "20261201")
    void rocAuc_negatedScores_isComplement(@ForAll @Size(min = 2, max = 60) List<@IntRange(max = 40) Integer> values) {
        double[] scores = values.stream().mapToDouble(v -> v / 40.0).toArray();
        boolean[] outcomes = oddOnes(values);
        double auc = Scores.rocAuc(scores, outcomes);

        if (!Double.isNaN(auc)) {
            assertThat(Scores.rocAuc(Arrays.stream(scores).map(s -> -s).toArray(), outcomes))
                    .isCloseTo(1 - auc, within(1e-12));
        }
    }
}
