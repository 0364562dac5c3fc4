package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.junit.jupiter.api.Test;

class PoissonBootstrapTest {
    private static byte[] weights(PoissonBootstrap bootstrap, long group) {
        byte[] weights = new byte[bootstrap.resamples()];
        bootstrap.weights(group, weights);
        return weights;
    }

    /**
     * Returns the proportion of successes in each resample of n items in groups of equal size, of which the first ones
     * succeed.
     */
    private static double[] shares(PoissonBootstrap bootstrap, int successes, int items, int groupSize) {
        long[] good = new long[bootstrap.resamples()];
        long[] all = new long[bootstrap.resamples()];
        byte[] weights = new byte[bootstrap.resamples()];
        for (int item = 0; item < items; item++) {
            bootstrap.weights(item / groupSize, weights);
            for (int i = 0; i < weights.length; i++) {
                good[i] += item < successes ? weights[i] : 0;
                all[i] += weights[i];
            }
        }
        return IntStream.range(0, all.length)
                .mapToDouble(i -> (double) good[i] / all[i])
                .toArray();
    }

    @Test
    void weights_pinned_stayTheSame() {
        // A seed promises these weights. Computed independently in Python, with 60 digits for the bounds.
        PoissonBootstrap bootstrap = PoissonBootstrap.of(20, 0.95, 42);

        assertThat(weights(bootstrap, 0)).containsExactly(2, 1, 1, 1, 0, 2, 1, 0, 3, 0, 1, 0, 1, 3, 0, 1, 0, 1, 0, 2);
        assertThat(weights(bootstrap, 1)).containsExactly(0, 0, 1, 1, 2, 0, 2, 0, 0, 2, 1, 0, 4, 0, 0, 1, 2, 2, 1, 2);
        assertThat(bootstrap.weights("question 7"))
                .containsExactly(1, 1, 2, 1, 0, 1, 3, 2, 0, 3, 3, 2, 1, 0, 0, 1, 0, 0, 1, 0)
                .isEqualTo(weights(bootstrap, PoissonBootstrap.key("question 7")));
        assertThat(PoissonBootstrap.of(20, 0.95, -1).weights("question 7"))
                .containsExactly(1, 0, 0, 4, 1, 3, 0, 0, 1, 0, 1, 4, 1, 0, 0, 0, 6, 0, 0, 1);
        assertThat(PoissonBootstrap.key("a")).isEqualTo(-1_085_744_880_512_107_243L);
        assertThat(PoissonBootstrap.key("question 7")).isEqualTo(7_658_381_118_769_058_091L);
    }

    @Test
    void weights_fewerResamples_areTheFirst() {
        byte[] many = PoissonBootstrap.of(1_000, 0.95, 5).weights("group");

        assertThat(PoissonBootstrap.of(100, 0.95, 5).weights("group")).isEqualTo(Arrays.copyOf(many, 100));
    }

    @Test
    void weights_many_arePoisson() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(1_000, 0.95, 1);
        long[] counts = new long[PoissonBootstrap.MAX_WEIGHT + 1];
        for (int group = 0; group < 2_000; group++) {
            for (byte weight : weights(bootstrap, group)) {
                counts[weight]++;
            }
        }

        double n = 2_000_000;
        double probability = Math.exp(-1);
        double mean = 0;
        double squares = 0;
        for (int weight = 0; weight < counts.length; weight++) {
            double error = Math.sqrt(n * probability * (1 - probability));
            assertThat((double) counts[weight])
                    .as("weight " + weight)
                    .isCloseTo(n * probability, within(4 * error + 1));
            mean += weight * counts[weight] / n;
            squares += (double) weight * weight * counts[weight] / n;
            probability /= weight + 1;
        }
        assertThat(mean).isCloseTo(1, within(0.003));
        assertThat(squares - mean * mean).isCloseTo(1, within(0.005));
    }

    @Test
    void weights_neighbors_areIndependent() {
        // Correlations of 100,000 pairs have a standard error of .0032.
        PoissonBootstrap bootstrap = PoissonBootstrap.of(100_000, 0.95, 1);
        byte[] first = weights(bootstrap, 1_000);
        byte[] named = bootstrap.weights("question 1");

        assertThat(correlation(first, weights(bootstrap, 1_001))).isCloseTo(0, within(0.013));
        assertThat(correlation(named, bootstrap.weights("question 2"))).isCloseTo(0, within(0.013));
        assertThat(correlation(first, weights(PoissonBootstrap.of(100_000, 0.95, 2), 1_000)))
                .isCloseTo(0, within(0.013));
        assertThat(correlation(Arrays.copyOf(first, first.length - 1), Arrays.copyOfRange(first, 1, first.length)))
                .isCloseTo(0, within(0.013));
    }

    private static double correlation(byte[] first, byte[] second) {
        double product = 0;
        for (int i = 0; i < first.length; i++) {
            product += (first[i] - 1.0) * (second[i] - 1.0);
        }
        return product / first.length;
    }

    @Test
    void weights_acrossGroups_areIndependentWithinResample() {
        // The sums of 400 groups' weights have variance 400 if these are independent.
        PoissonBootstrap bootstrap = PoissonBootstrap.of(5_000, 0.95, 3);
        double[] sums = new double[5_000];
        for (int group = 0; group < 400; group++) {
            byte[] weights = bootstrap.weights("group-" + group);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weights[i];
            }
        }

        assertThat(Arrays.stream(sums).average().orElseThrow()).isCloseTo(400, within(1.2));
        assertThat(Math.pow(bootstrap.standardError(sums), 2)).isCloseTo(400, within(32.0));
    }

    @Test
    void key_manyNames_areDistinct() {
        Set<Long> keys = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            keys.add(PoissonBootstrap.key("" + i));
        }
        for (String name : List.of("", "\0", "\0\0", "ab", "ba", "\uD800", "\uD83D\uDE00")) {
            keys.add(PoissonBootstrap.key(name));
        }

        assertThat(keys).hasSize(100_007);
    }

    @Test
    void estimate_proportion_agreesWithBootstrap() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(4_000, 0.95, 1);
        Estimate ordinary = Bootstrap.of(4_000, 0.95, 1)
                .estimate(
                        1_000,
                        items -> (double) Arrays.stream(items)
                                        .filter(i -> i < 300)
                                        .count()
                                / items.length);

        Estimate estimate = bootstrap.estimate(0.3, shares(bootstrap, 300, 1_000, 1));

        assertThat(estimate.value()).isEqualTo(0.3);
        assertThat(estimate.standardError()).isCloseTo(0.01449, within(0.0006));
        assertThat(estimate.standardError()).isCloseTo(ordinary.standardError(), within(0.0008));
        assertThat(estimate.interval().lower()).isCloseTo(ordinary.interval().lower(), within(0.004));
        assertThat(estimate.interval().upper()).isCloseTo(ordinary.interval().upper(), within(0.004));
        assertThat(estimate.undefined()).isZero();
    }

    @Test
    void estimate_groups_widenInterval() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(4_000, 0.95, 1);

        double grouped = bootstrap.standardError(shares(bootstrap, 300, 1_000, 10));
        double single = bootstrap.standardError(shares(bootstrap, 300, 1_000, 1));

        assertThat(grouped / single).isCloseTo(Math.sqrt(10), within(0.25));
    }

    @Test
    void estimate_undefinedFigures_areLeftOutAndCounted() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(4, 0.5, 1);
        double[] figures = {3, Double.NaN, 1, 2};

        // The quartiles of 1, 2 and 3 are 1.5 and 2.5.
        assertThat(bootstrap.estimate(2, figures)).isEqualTo(new Estimate(2, new Interval(1.5, 2.5), 1, 1));
        assertThat(bootstrap.interval(figures)).isEqualTo(new Interval(1.5, 2.5));
        assertThat(bootstrap.standardError(figures)).isEqualTo(1);
        assertThat(figures).containsExactly(3, Double.NaN, 1, 2);

        double[] none = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        assertThat(bootstrap.interval(none)).isEqualTo(new Interval(Double.NaN, Double.NaN));
        assertThat(bootstrap.standardError(none)).isNaN();
        assertThat(bootstrap.estimate(2, none).undefined()).isEqualTo(4);

        // Two figures are enough for a standard deviation.
        assertThat(bootstrap.standardError(new double[] {3, Double.NaN, 1, Double.NaN}))
                .isEqualTo(Math.sqrt(2));
    }

    @Test
    void compare_sameWeights_pairs() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(999, 0.95, 1);
        double[] better = shares(bootstrap, 60, 100, 1);
        double[] worse = shares(bootstrap, 30, 100, 1);

        Comparison comparison = bootstrap.compare(0.6, better, 0.3, worse);

        assertThat(comparison.difference()).isCloseTo(0.3, within(1e-15));
        assertThat(comparison.interval().lower()).isGreaterThan(0.2);
        // No resample on the far side of 0: 2 * (1 + 0) / (1 + 999).
        assertThat(comparison.pValue()).isEqualTo(0.002);
        assertThat(bootstrap.compare(0.3, worse, 0.6, better).pValue()).isEqualTo(0.002);
        assertThat(bootstrap.compare(0.3, worse, 0.3, worse))
                .isEqualTo(new Comparison(0.3, 0.3, 0, new Interval(0, 0), 1, 0));
        // Two of 100 items differ: with paired resamples, the difference is never negative.
        assertThat(bootstrap
                        .compare(0.32, shares(bootstrap, 32, 100, 1), 0.3, worse)
                        .interval()
                        .lower())
                .isNotNegative();
    }

    @Test
    void compare_undefinedFigures_areCounted() {
        Comparison comparison = PoissonBootstrap.of(3, 0.95, 1)
                .compare(1, new double[] {1, Double.NaN, 1}, 0, new double[] {0, 0, Double.NaN});

        assertThat(comparison).isEqualTo(new Comparison(1, 0, 1, new Interval(1, 1), 1, 2));
    }

    @Test
    void of_wrongArguments_areRejected() {
        PoissonBootstrap bootstrap = PoissonBootstrap.of(10, 0.95, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoissonBootstrap.of(0, 0.95, 1))
                .withMessage("resamples must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoissonBootstrap.of(1, 1, 1))
                .withMessage("confidence must be in (0, 1), but was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.weights(1, new byte[9]))
                .withMessage("weights must have length 10, the number of resamples, but was 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.interval(new double[11]))
                .withMessage("figures must have length 10, the number of resamples, but was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.estimate(0, new double[9]))
                .withMessage("figures must have length 10, the number of resamples, but was 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.standardError(new double[9]))
                .withMessage("figures must have length 10, the number of resamples, but was 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.compare(0, new double[11], 0, new double[10]))
                .withMessage("first figures must have length 10, the number of resamples, but was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bootstrap.compare(0, new double[10], 0, new double[1]))
                .withMessage("second figures must have length 10, the number of resamples, but was 1");
        assertThatNullPointerException()
                .isThrownBy(() -> PoissonBootstrap.key(null))
                .withMessage("group");
    }
}
