package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.donotanswer.metrics.Reliability.Bin;
import org.donotanswer.metrics.Reliability.Binning;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
    @Test
    void equalWidth_byHand() {
        Reliability reliability = Reliability.of(
                new double[] {0, 0.25, 0.5, 0.75, 1, 0.9},
                new boolean[] {false, true, true, false, true, true},
                2,
                Binning.EQUAL_WIDTH);

        // 0, .25 and the edge .5 are in the first bin.
        assertThat(reliability.bins()).hasSize(2);
        assertThat(reliability.bins().get(0)).isEqualTo(new Bin(0, 0.5, 3, 0.25, 2.0 / 3));
        assertThat(reliability.bins().get(1).count()).isEqualTo(3);
        assertThat(reliability.bins().get(1).meanProbability()).isCloseTo(2.65 / 3, within(1e-15));
        assertThat(reliability.expectedCalibrationError())
                .isCloseTo(0.5 * (2.0 / 3 - 0.25) + 0.5 * (2.65 / 3 - 2.0 / 3), within(1e-15));
        assertThat(reliability.maximumCalibrationError()).isCloseTo(2.0 / 3 - 0.25, within(1e-15));
        assertThat(reliability.count()).isEqualTo(6);
    }

    /** Goldens computed by scikit-learn 1.2.1's {@code calibration_curve(.., n_bins=10)}, and from its bins. */
    @Test
    void equalWidth_isScikitLearns() {
        Reliability reliability = Reliability.of(Samples.probabilities(), Samples.outcomes(), 10, Binning.EQUAL_WIDTH);
        double[] share = {
            0.09523809523809523,
            0.26666666666666666,
            0.25,
            0.5,
            0.4782608695652174,
            0.64,
            0.46153846153846156,
            0.7,
            0.6111111111111112,
            0.9523809523809523
        };
        double[] mean = {
            0.045238095238095244,
            0.16,
            0.2664285714285715,
            0.369375,
            0.45434782608695656,
            0.5591999999999999,
            0.6615384615384615,
            0.76,
            0.8755555555555558,
            0.959047619047619
        };

        assertThat(reliability.bins().stream().map(Bin::count))
                .containsExactly(21L, 15L, 28L, 16L, 23L, 25L, 13L, 20L, 18L, 21L);
        for (int i = 0; i < 10; i++) {
            assertThat(reliability.bins().get(i).observedProportion()).isCloseTo(share[i], within(1e-14));
            assertThat(reliability.bins().get(i).meanProbability()).isCloseTo(mean[i], within(1e-14));
        }
        assertThat(reliability.expectedCalibrationError()).isCloseTo(0.08235000000000002, within(1e-14));
    }

    @Test
    void equalWidth_everyHundredth_isInItsBin() {
        // Products at edges, for example .07 * 100, are not exact in binary.
        for (int bins = 1; bins <= 100; bins++) {
            for (int edge = 1; edge <= bins; edge++) {
                double probability = (double) edge / bins;
                Bin bin = Reliability.of(new double[] {probability}, new boolean[1], bins, Binning.EQUAL_WIDTH)
                        .bins()
                        .get(0);
                assertThat(bin.upper()).isEqualTo(probability);
            }
        }
    }

    @Test
    void equalWidth_justAboveEdge_isInNextBin() {
        for (int bins = 2; bins <= 100; bins++) {
            for (int edge = 1; edge < bins; edge++) {
                double lower = (double) edge / bins;
                assertThat(Reliability.of(new double[] {Math.nextUp(lower)}, new boolean[1], bins, Binning.EQUAL_WIDTH)
                                .bins())
                        .extracting(Bin::lower)
                        .containsExactly(lower);
            }
        }
    }

    @Test
    void equalMass_distinct_binsHaveEqualSizes() {
        Reliability reliability = Reliability.of(
                new double[] {0.9, 0.1, 0.2, 0.8, 0.3, 0.7},
                new boolean[] {true, false, false, true, true, true},
                3,
                Binning.EQUAL_MASS);

        assertThat(reliability.bins().stream().map(Bin::count)).containsExactly(2L, 2L, 2L);
        assertThat(reliability.bins().get(0).lower()).isEqualTo(0.1);
        assertThat(reliability.bins().get(0).upper()).isEqualTo(0.2);
        assertThat(reliability.bins().get(1).observedProportion()).isEqualTo(1);
    }

    @Test
    void equalMass_ties_stayTogether() {
        Reliability reliability = Reliability.of(
                new double[] {0.5, 0.5, 0.5, 0.9}, new boolean[] {true, false, true, true}, 4, Binning.EQUAL_MASS);

        assertThat(reliability.bins().stream().map(Bin::count)).containsExactly(3L, 1L);
    }

    @Test
    void of_noItems_isNaN() {
        Reliability reliability = Reliability.of(new double[0], new boolean[0], 10, Binning.EQUAL_WIDTH);

        assertThat(reliability.bins()).isEmpty();
        assertThat(reliability.expectedCalibrationError()).isNaN();
        assertThat(reliability.maximumCalibrationError()).isNaN();
    }

    @Test
    void of_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reliability.of(new double[2], new boolean[1], 10, Binning.EQUAL_WIDTH))
                .withMessage("probabilities and outcomes must have the same size, but were 2 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reliability.of(new double[] {0, 1.5}, new boolean[2], 10, Binning.EQUAL_WIDTH))
                .withMessage("probability must be in [0, 1], but was 1.5 (item 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reliability.of(new double[1], new boolean[1], 0, Binning.EQUAL_MASS))
                .withMessage("bins must be at least 1, but was 0");
    }

    @Test
    void bins_areUnmodifiable() {
        Reliability reliability = Reliability.of(new double[1], new boolean[1], 1, Binning.EQUAL_MASS);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> reliability.bins().clear());
    }

    @Property(seed = "20261201")
    void anyItems_areAllBinned(
            @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0, max = 1) Double> values,
            @ForAll @IntRange(min = 1, max = 20) int bins,
            @ForAll long seed) {
        double[] probabilities =
                values.stream().mapToDouble(Double::doubleValue).toArray();
        Random random = new Random(seed);
        boolean[] outcomes = new boolean[probabilities.length];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = random.nextDouble() < probabilities[i];
        }

        for (Binning binning : Binning.values()) {
            Reliability reliability = Reliability.of(probabilities, outcomes, bins, binning);
            assertThat(reliability.count()).isEqualTo(probabilities.length);
            assertThat(reliability.bins()).hasSizeLessThanOrEqualTo(bins).allSatisfy(bin -> assertThat(
                            bin.meanProbability())
                    .isBetween(bin.lower() - 1e-12, bin.upper() + 1e-12));
            assertThat(reliability.expectedCalibrationError())
                    .isBetween(0.0, reliability.maximumCalibrationError() + 1e-12);
        }
    }
}
