package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    /** Goldens computed by SciPy's {@code binomtest(..).proportion_ci(.., method="wilson")}. */
    @ParameterizedTest
    @CsvSource({
        "193, 5634, 0.95, 0.02981524660653423, 0.03933204348101639",
        "0, 10, 0.95, 0.0, 0.27753279986288926",
        "10, 10, 0.95, 0.7224672001371109, 1.0",
        "3, 939, 0.95, 0.001087132326959452, 0.009350952176668358",
        "7, 20, 0.99, 0.14639344137693885, 0.6283381789526872"
    })
    void wilson_isSciPys(long successes, long trials, double confidence, double lower, double upper) {
        Interval interval = Interval.wilson(successes, trials, confidence);

        assertThat(interval.lower()).isCloseTo(lower, within(1e-14));
        assertThat(interval.upper()).isCloseTo(upper, within(1e-14));
    }

    @Test
    void wilson_noTrials_isAll() {
        assertThat(Interval.wilson(0, 0, 0.95)).isEqualTo(new Interval(0, 1));
    }

    @Test
    void wilson_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interval.wilson(-1, 10, 0.95))
                .withMessage("successes must be in 0..10, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interval.wilson(11, 10, 0.95))
                .withMessage("successes must be in 0..10, but was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interval.wilson(1, 10, 1))
                .withMessage("confidence must be in (0, 1), but was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interval.wilson(1, 10, Double.NaN))
                .withMessage("confidence must be in (0, 1), but was NaN");
    }

    @Test
    void constructor_crossedEnds_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(2, 1))
                .withMessage("ends must be in ascending order or both NaN, but were 2.0 and 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(Double.NaN, 1))
                .withMessage("ends must be in ascending order or both NaN, but were NaN and 1.0");
        assertThat(new Interval(1, 3).width()).isEqualTo(2);
        assertThat(new Interval(1, 3).contains(1)).isTrue();
        assertThat(new Interval(1, 3).contains(Math.nextDown(1.0))).isFalse();
        assertThat(new Interval(1, 3).contains(3)).isTrue();
        assertThat(new Interval(1, 3).contains(Math.nextUp(3.0))).isFalse();
    }

    @Property(seed = "20261201")
    void wilson_any_containsProportionAndIsSymmetric(
            @ForAll @IntRange(min = 1, max = 10_000) int trials, @ForAll @IntRange(max = 10_000) int successes) {
        int k = Math.min(successes, trials);
        Interval interval = Interval.wilson(k, trials, 0.95);
        Interval mirrored = Interval.wilson(trials - k, trials, 0.95);

        assertThat(interval.contains((double) k / trials)).isTrue();
        assertThat(interval.lower()).isBetween(0.0, 1.0);
        assertThat(interval.upper()).isBetween(0.0, 1.0).isCloseTo(1 - mirrored.lower(), within(1e-12));
        assertThat(Interval.wilson(k, trials, 0.99).width()).isGreaterThan(interval.width());
    }

    /** Goldens computed by SciPy's {@code norm.sf}. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "0.5, 0.3085375387259869",
        "1, 0.15865525393145707",
        "2.999, 0.0013543365337271057",
        "3, 0.0013498980316300933",
        "3.5, 0.00023262907903552502",
        "5, 2.866515718791933e-07",
        "8, 6.22096057427174e-16",
        "20, 2.7536241186061556e-89",
        "37, 5.7255712225239266e-300"
    })
    void normalTail_isSciPys(double x, double tail) {
        assertThat(Normal.upperTail(x)).isCloseTo(tail, within(tail * 1e-12));
        assertThat(Normal.upperTail(-x)).isCloseTo(1 - tail, within(1e-15));
    }

    /** Goldens computed by SciPy's {@code norm.isf}. */
    @ParameterizedTest
    @CsvSource({
        "0.025, 1.9599639845400545",
        "0.005, 2.575829303548901",
        "0.5, 0",
        "0.1, 1.2815515655446004",
        "1e-10, 6.361340902404056",
        "0.9, -1.2815515655446004"
    })
    void normalQuantile_isSciPys(double probability, double quantile) {
        assertThat(Normal.upperQuantile(probability)).isCloseTo(quantile, within(1e-13));
    }
}
