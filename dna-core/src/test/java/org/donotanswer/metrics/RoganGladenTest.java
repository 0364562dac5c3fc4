package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.donotanswer.metrics.RoganGladen.Accuracy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoganGladenTest {
    @Test
    void prevalence_byHand() {
        // (.25 + .95 - 1) / (.85 + .95 - 1) = .2 / .8
        RoganGladen corrected = RoganGladen.of(50, 200, new Accuracy(85, 100, 190, 200));

        assertThat(corrected.apparent()).isEqualTo(0.25);
        assertThat(corrected.unclipped()).isCloseTo(0.25, within(1e-15));
        assertThat(corrected.prevalence()).isEqualTo(corrected.unclipped());
        assertThat(corrected.complement()).isCloseTo(0.75, within(1e-15));
        assertThat(corrected.isClipped()).isFalse();
    }

    @Test
    void prevalence_outsideRange_isClipped() {
        // Fewer items are flagged than the expected false alarms alone.
        RoganGladen low = RoganGladen.of(3, 1_000, new Accuracy(40, 50, 99, 100));
        RoganGladen high = RoganGladen.of(95, 100, new Accuracy(90, 100, 100, 100));

        assertThat(low.unclipped()).isCloseTo(-0.008860759493670893, within(1e-15));
        assertThat(low.prevalence()).isZero();
        assertThat(low.isClipped()).isTrue();
        assertThat(high.unclipped()).isCloseTo(0.95 / 0.9, within(1e-15));
        assertThat(high.prevalence()).isEqualTo(1);
        assertThat(high.complement()).isZero();
        assertThat(high.isClipped()).isTrue();
    }

    @Test
    void prevalence_endOfRange_isNotClipped() {
        Accuracy perfect = new Accuracy(10, 10, 10, 10);

        assertThat(RoganGladen.of(0, 10, perfect).unclipped()).isZero();
        assertThat(RoganGladen.of(0, 10, perfect).isClipped()).isFalse();
        assertThat(RoganGladen.of(10, 10, perfect).unclipped()).isOne();
        assertThat(RoganGladen.of(10, 10, perfect).isClipped()).isFalse();
    }

    @Test
    void prevalence_undefined_isNaN() {
        for (RoganGladen undefined : List.of(
                RoganGladen.of(5, 10, new Accuracy(5, 10, 5, 10)),
                RoganGladen.of(6, 10, new Accuracy(5, 10, 5, 10)),
                RoganGladen.of(5, 10, new Accuracy(2, 10, 3, 10)),
                RoganGladen.of(0, 0, new Accuracy(9, 10, 9, 10)),
                RoganGladen.of(5, 10, new Accuracy(0, 0, 9, 10)),
                RoganGladen.of(5, 10, new Accuracy(9, 10, 0, 0)))) {
            assertThat(undefined.unclipped()).isNaN();
            assertThat(undefined.prevalence()).isNaN();
            assertThat(undefined.complement()).isNaN();
            assertThat(undefined.isClipped()).isFalse();
            assertThat(undefined.interval(0.95)).isEqualTo(new Interval(Double.NaN, Double.NaN));
            assertThat(undefined.complementInterval(0.95)).isEqualTo(new Interval(Double.NaN, Double.NaN));
        }
    }

    /** Goldens computed in Python with the formulas of the paper. */
    @ParameterizedTest
    @CsvSource({
        "50, 200, 85, 100, 190, 200, .95, 0.17045861942500812, 0.3395023228943113",
        "50, 200, 85, 100, 190, 200, .99, 0.14913954591897807, 0.37095720050691927",
        "3, 1000, 40, 50, 99, 100, .95, 0, 0.015136747848109106",
        "23, 150, 48, 50, 89, 100, .95, 0, 0.14754397025067129",
        "190, 200, 60, 60, 60, 60, .95, 0.9125345185355426, 1",
        "0, 50, 9, 10, 10, 10, .99, 0, 0.1775775773095648"
    })
    void interval_isLangsAndReiczigels(
            long flagged,
            long items,
            long truePositives,
            long positives,
            long trueNegatives,
            long negatives,
            double confidence,
            double lower,
            double upper) {
        RoganGladen corrected =
                RoganGladen.of(flagged, items, new Accuracy(truePositives, positives, trueNegatives, negatives));
        Interval interval = corrected.interval(confidence);

        assertThat(interval.lower()).isCloseTo(lower, within(1e-12));
        assertThat(interval.upper()).isCloseTo(upper, within(1e-12));
        assertThat(corrected.complementInterval(confidence))
                .isEqualTo(new Interval(1 - interval.upper(), 1 - interval.lower()));
    }

    @Test
    void interval_littleKnownOfTest_isAll() {
        // Right in 1 of 1 and in 11 of 100 cases: (1 + 1) / (1 + 2) + (11 + 1) / (100 + 2) is below 1.
        assertThat(RoganGladen.of(50, 100, new Accuracy(1, 1, 11, 100)).interval(0.95))
                .isEqualTo(new Interval(0, 1));
        // Right in 2 of 2 and in 1 of 6 cases: (2 + 1) / (2 + 2) + (1 + 1) / (6 + 2) is 1.
        assertThat(RoganGladen.of(50, 100, new Accuracy(2, 2, 1, 6)).interval(0.95))
                .isEqualTo(new Interval(0, 1));
    }

    @Test
    void interval_perfectTestOfMany_isNearWilsons() {
        long many = 1_000_000_000;
        Interval interval =
                RoganGladen.of(30, 200, new Accuracy(many, many, many, many)).interval(0.95);
        Interval wilson = Interval.wilson(30, 200, 0.95);

        assertThat(interval.lower()).isCloseTo(wilson.lower(), within(0.002));
        assertThat(interval.upper()).isCloseTo(wilson.upper(), within(0.002));
    }

    @ParameterizedTest
    @CsvSource({
        ".3, .85, .95, 300, 100, 100",
        ".05, .9, .98, 2000, 200, 400",
        ".5, .8, .8, 500, 60, 60",
        ".02, .95, .97, 1000, 100, 300",
        ".8, .7, .9, 400, 150, 150"
    })
    void interval_simulated_coversAsPromised(
            double prevalence, double sensitivity, double specificity, int items, int positives, int negatives) {
        Random random = new Random(1);
        int covered = 0;
        for (int run = 0; run < 2_000; run++) {
            int flagged = successes(random, items, prevalence * sensitivity + (1 - prevalence) * (1 - specificity));
            Accuracy accuracy = new Accuracy(
                    successes(random, positives, sensitivity),
                    positives,
                    successes(random, negatives, specificity),
                    negatives);
            covered += RoganGladen.of(flagged, items, accuracy).interval(0.95).contains(prevalence) ? 1 : 0;
        }

        assertThat(covered / 2_000.0).isBetween(0.935, 0.975);
    }

    private static int successes(Random random, int trials, double probability) {
        int successes = 0;
        for (int i = 0; i < trials; i++) {
            successes += random.nextDouble() < probability ? 1 : 0;
        }
        return successes;
    }

    @Property(seed = "20261201")
    void correct_undoesTheTest(
            @ForAll @DoubleRange(max = 1) double prevalence,
            @ForAll @DoubleRange(min = 0.55, max = 1) double sensitivity,
            @ForAll @DoubleRange(min = 0.55, max = 1) double specificity) {
        double apparent = prevalence * sensitivity + (1 - prevalence) * (1 - specificity);

        assertThat(RoganGladen.correct(Math.min(1, apparent), sensitivity, specificity))
                .isCloseTo(prevalence, within(1e-12));
    }

    @Test
    void accuracy_ofMatrix_countsCells() {
        // 8 of 10 harmful items are flagged, and 3 of 20 others.
        ConfusionMatrix<String> matrix =
                ConfusionMatrix.ofCounts(List.of("harmful", "harmless"), List.of(List.of(8L, 2L), List.of(3L, 17L)));

        Accuracy accuracy = Accuracy.of(matrix, "harmful");

        assertThat(accuracy).isEqualTo(new Accuracy(8, 10, 17, 20));
        assertThat(accuracy.sensitivity()).isEqualTo(0.8);
        assertThat(accuracy.specificity()).isEqualTo(0.85);
    }

    @Test
    void of_wrongArguments_areRejected() {
        Accuracy accuracy = new Accuracy(9, 10, 9, 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoganGladen.of(11, 10, accuracy))
                .withMessage("flagged must be in 0..10, but was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Accuracy(-1, 10, 9, 10))
                .withMessage("truePositives must be in 0..10, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Accuracy(9, 10, 1, 0))
                .withMessage("trueNegatives must be in 0..0, but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoganGladen.correct(-0.5, 0.9, 0.9))
                .withMessage("apparent must be in [0, 1] or NaN, but was -0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoganGladen.correct(0.5, 0.9, 1.5))
                .withMessage("specificity must be in [0, 1] or NaN, but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoganGladen.correct(0.5, 1.5, 0.9))
                .withMessage("sensitivity must be in [0, 1] or NaN, but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoganGladen.of(1, 10, accuracy).interval(1))
                .withMessage("confidence must be in (0, 1), but was 1.0");
    }
}
