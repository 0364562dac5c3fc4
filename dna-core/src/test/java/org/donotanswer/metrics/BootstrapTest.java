package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final List<Integer> SIX = List.of(0, 1, 2, 3, 4, 5);

    private static double macroF1(ConfusionMatrix<Integer> matrix) {
        return ClassificationReport.of(matrix).macro().f1();
    }

    private static SampleStatistic share(int successes) {
        return items -> (double) Arrays.stream(items).filter(i -> i < successes).count() / items.length;
    }

    @Test
    void estimate_proportion_agreesWithTheory() {
        // 300 of 1,000: standard error sqrt(.3 * .7 / 1000) = .01449, so about .3 -/+ 1.96 * .01449.
        Estimate estimate = Bootstrap.of(4_000, 0.95, 1).estimate(1_000, share(300));

        assertThat(estimate.value()).isEqualTo(0.3);
        assertThat(estimate.standardError()).isCloseTo(0.01449, within(0.0006));
        assertThat(estimate.interval().lower()).isCloseTo(0.2716, within(0.003));
        assertThat(estimate.interval().upper()).isCloseTo(0.3284, within(0.003));
        assertThat(estimate.undefined()).isZero();
    }

    @Test
    void estimate_sameSeed_isSame() {
        Bootstrap bootstrap = Bootstrap.of(200, 0.9, 7);

        assertThat(bootstrap.estimate(50, share(20))).isEqualTo(bootstrap.estimate(50, share(20)));
        assertThat(bootstrap.estimate(50, share(20)))
                .isNotEqualTo(Bootstrap.of(200, 0.9, 8).estimate(50, share(20)));
    }

    @Test
    void estimate_pinned_staysSame() {
        // A seed promises a stream of random numbers. Golden computed by NumPy's quantile of the same draws.
        Interval interval =
                Bootstrap.of(1_000, 0.95, 42).estimate(100, share(30)).interval();

        assertThat(interval.lower()).isCloseTo(0.21975, within(1e-12));
        assertThat(interval.upper()).isCloseTo(0.39, within(1e-12));
    }

    @Test
    void estimate_singleResample_isThatSample() {
        Estimate estimate = Bootstrap.of(1, 0.95, 3).estimate(10, share(5));

        assertThat(estimate.interval().width()).isZero();
        assertThat(estimate.standardError()).isNaN();
    }

    @Test
    void estimate_singleItem_isInEverySample() {
        Estimate estimate = Bootstrap.of(20, 0.95, 3).estimate(1, SampleStatistic.ofMean(new double[] {7}));

        assertThat(estimate).isEqualTo(new Estimate(7, new Interval(7, 7), 0, 0));
    }

    @Test
    void estimate_undefinedSamples_areCounted() {
        Estimate some = Bootstrap.of(500, 0.95, 1).estimate(3, items -> items[0] == items[1] ? Double.NaN : 1);
        Estimate all = Bootstrap.of(500, 0.95, 1).estimate(3, items -> Double.NaN);

        assertThat(some.undefined()).isBetween(120, 220);
        assertThat(some.interval()).isEqualTo(new Interval(1, 1));
        assertThat(all.undefined()).isEqualTo(500);
        assertThat(all.interval()).isEqualTo(new Interval(Double.NaN, Double.NaN));
    }

    @Test
    void estimate_groups_areDrawnWhole() {
        List<String> groups = List.of("a", "b", "a", "c", "c", "c");

        Estimate estimate = Bootstrap.of(500, 0.95, 1).estimate(groups, items -> {
            long[] counts = new long[6];
            Arrays.stream(items).forEach(i -> counts[i]++);
            assertThat(counts[0]).isEqualTo(counts[2]);
            assertThat(counts[3]).isEqualTo(counts[4]).isEqualTo(counts[5]);
            assertThat(counts[0] + counts[1] + counts[3]).isEqualTo(3);
            return items.length;
        });

        assertThat(estimate.value()).isEqualTo(6);
    }

    @Test
    void estimate_groups_widenInterval() {
        // 100 groups of 10 items that succeed or fail together carry as much information as 100 items, not 1,000.
        List<Integer> groups = IntStream.range(0, 1_000).mapToObj(i -> i / 10).toList();
        Bootstrap bootstrap = Bootstrap.of(2_000, 0.95, 1);

        double grouped = bootstrap.estimate(groups, share(300)).standardError();
        double single = bootstrap.estimate(1_000, share(300)).standardError();

        assertThat(grouped / single).isCloseTo(Math.sqrt(10), within(0.25));
    }

    @Test
    void compare_sameSystem_hasNoDifference() {
        Comparison comparison = Bootstrap.of(300, 0.95, 1).compare(100, share(30), share(30));

        assertThat(comparison).isEqualTo(new Comparison(0.3, 0.3, 0, new Interval(0, 0), 1, 0));
    }

    @Test
    void compare_betterSystem_isSignificant() {
        Comparison comparison = Bootstrap.of(999, 0.95, 1).compare(100, share(60), share(30));

        assertThat(comparison.difference()).isCloseTo(0.3, within(1e-12));
        assertThat(comparison.interval().lower()).isGreaterThan(0.2);
        // No sample on the far side of 0: 2 * (1 + 0) / (1 + 999).
        assertThat(comparison.pValue()).isEqualTo(0.002);
        assertThat(Bootstrap.of(999, 0.95, 1).compare(100, share(30), share(60)).pValue())
                .isEqualTo(0.002);
    }

    @Test
    void compare_pairs_isNarrowerThanIndependentSamples() {
        // The systems differ on only 2 of 100 items.
        Comparison comparison = Bootstrap.of(2_000, 0.95, 1).compare(100, share(32), share(30));

        assertThat(comparison.interval().lower()).isGreaterThanOrEqualTo(0);
        assertThat(comparison.interval().upper()).isLessThan(0.06);
        assertThat(comparison.pValue()).isBetween(0.1, 0.5);
    }

    @Test
    void compare_groups_drawsThemWhole() {
        List<Integer> groups = IntStream.range(0, 1_000).mapToObj(i -> i / 10).toList();
        Bootstrap bootstrap = Bootstrap.of(1_000, 0.95, 1);

        assertThat(bootstrap.compare(groups, share(340), share(300)).interval().width())
                .isGreaterThan(2
                        * bootstrap
                                .compare(1_000, share(340), share(300))
                                .interval()
                                .width());
    }

    @Test
    void ofMatrix_allItems_isFigureOfMatrix() {
        SampleStatistic statistic =
                SampleStatistic.ofMatrix(SIX, Samples.gold(), Samples.predicted(), BootstrapTest::macroF1);

        assertThat(statistic.of(IntStream.range(0, 200).toArray())).isCloseTo(0.6978146254328313, within(1e-15));
        assertThat(statistic.of(new int[] {0, 0, 1}))
                .isEqualTo(macroF1(ConfusionMatrix.of(
                        SIX,
                        List.of(
                                Samples.gold().get(0),
                                Samples.gold().get(0),
                                Samples.gold().get(1)),
                        List.of(
                                Samples.predicted().get(0),
                                Samples.predicted().get(0),
                                Samples.predicted().get(1)))));
    }

    @Test
    void compare_wholeBenchmark_isFast() {
        List<Integer> gold = new ArrayList<>(Samples.integers(5_634, 1, 6));
        List<Integer> first = Samples.integers(5_634, 2, 6);
        List<Integer> second = Samples.integers(5_634, 3, 6);
        Bootstrap bootstrap = Bootstrap.of(2_000, 0.95, 1);

        Comparison comparison = Assertions.assertTimeout(
                Duration.ofSeconds(20),
                () -> bootstrap.compare(
                        5_634,
                        SampleStatistic.ofMatrix(SIX, gold, first, BootstrapTest::macroF1),
                        SampleStatistic.ofMatrix(SIX, gold, second, BootstrapTest::macroF1)));

        assertThat(comparison.interval().contains(comparison.difference())).isTrue();
    }

    @Test
    void constructor_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(0, 0.95, 1))
                .withMessage("resamples must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(1, 0, 1))
                .withMessage("confidence must be in (0, 1), but was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(1, 0.95, 1).estimate(0, share(1)))
                .withMessage("items must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bootstrap.of(1, 0.95, 1).estimate(List.of(), share(1)))
                .withMessage("items must be at least 1, but was 0");
    }
}
