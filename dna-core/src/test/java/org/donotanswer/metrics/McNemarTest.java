package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.metrics.Samples.letters;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.donotanswer.metrics.McNemar.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {
    /** Goldens computed by SciPy's {@code binomtest(min(b, c), b + c)}; for 1 and 9: 2 (1 + 10) / 2^10. */
    @ParameterizedTest
    @CsvSource({
        "1, 9, 0.021484375",
        "3, 3, 1",
        "0, 5, 0.0625",
        "10, 14, 0.5412561893463135",
        "0, 0, 1",
        "10, 20, 0.09873714670538905",
        "30, 60, 0.0020602656809630745",
        "121, 59, 4.4344492637551645e-06",
        "500, 400, 0.0009564441369189373",
        "1000, 600, 1.1556967508328254e-23"
    })
    void exact_isBinomial(long b, long c, double pValue) {
        assertThat(McNemar.of(b, c, Method.EXACT).pValue()).isCloseTo(pValue, within(pValue * 1e-10));
        assertThat(McNemar.of(c, b, Method.EXACT).pValue()).isCloseTo(pValue, within(pValue * 1e-10));
    }

    /** Goldens computed by SciPy's {@code chi2.sf((abs(b - c) - 1)**2 / (b + c), 1)}. */
    @ParameterizedTest
    @CsvSource({
        "10, 20, 0.10034824646229054",
        "30, 60, 0.0022366244452098703",
        "121, 59, 5.450094825427117e-06",
        "500, 400, 0.0009668482847675553",
        "1000, 600, 1.961014528879563e-23",
        "50, 50, 1",
        "0, 0, 1"
    })
    void chiSquared_isSciPys(long b, long c, double pValue) {
        assertThat(McNemar.of(b, c, Method.CHI_SQUARED).pValue()).isCloseTo(pValue, within(pValue * 1e-12));
    }

    @Test
    void of_counts_choosesMethod() {
        assertThat(McNemar.of(12, 12).method()).isEqualTo(Method.EXACT);
        assertThat(McNemar.of(12, 13).method()).isEqualTo(Method.CHI_SQUARED);
    }

    @Test
    void of_labels_countsDiscordantItems() {
        // Of ten items, the first alone is right on two, the second alone on one, both on three, and neither on four.
        McNemar test = McNemar.of(letters("AAAAAABBBB"), letters("AABAAAAAAA"), letters("BBAAAAAAAA"));

        assertThat(test.onlyFirst()).isEqualTo(2);
        assertThat(test.onlySecond()).isEqualTo(1);
        assertThat(test.pValue()).isEqualTo(1);
    }

    @Test
    void pValue_belowRangeOfDoubles_isZero() {
        assertThat(McNemar.of(10_000, 0).pValue()).isZero();
    }

    @Test
    void of_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(-1, 2))
                .withMessage("onlyFirst must be at least 0, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(1, -2))
                .withMessage("onlySecond must be at least 0, but was -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(letters("AB"), letters("A"), letters("AB")))
                .withMessage("gold and predicted labels must have the same size, but were 2 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemar.of(letters("AB"), letters("AB"), letters("A")))
                .withMessage("gold and predicted labels must have the same size, but were 2 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new McNemar(1, 2, Method.EXACT, Double.NaN))
                .withMessage("pValue must be in [0, 1], but was NaN");
    }

    @Property(seed = "20261201")
    void pValue_anyCounts_isSymmetricProbability(
            @ForAll @LongRange(min = 0, max = 2_000) long b, @ForAll @LongRange(min = 0, max = 2_000) long c) {
        for (Method method : Method.values()) {
            double pValue = McNemar.of(b, c, method).pValue();
            assertThat(pValue)
                    .isBetween(0.0, 1.0)
                    .isEqualTo(McNemar.of(c, b, method).pValue());
        }
    }
}
