package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbabilityTextTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    0,         0.0 %,    0.0000
                    4.9E-324,  < 0.1 %,  < 0.0001
                    8E-9,      < 0.1 %,  < 0.0001
                    0.00009,   < 0.1 %,  < 0.0001
                    0.0001,    < 0.1 %,  0.0001
                    0.00099,   < 0.1 %,  0.0010
                    0.001,     0.1 %,    0.0010
                    0.0012,    0.1 %,    0.0012
                    0.1234,    12.3 %,   0.1234
                    0.5,       50.0 %,   0.5000
                    0.999,     99.9 %,   0.9990
                    0.9991,    > 99.9 %, 0.9991
                    0.9999,    > 99.9 %, 0.9999
                    0.99995,   > 99.9 %, > 0.9999
                    0.9999999, > 99.9 %, > 0.9999
                    1,         100.0 %,  1.0000
                    """)
    void percentAndNumber_neverRoundToCertainty(double probability, String percent, String number) {
        assertThat(ProbabilityText.percent(probability)).isEqualTo(percent);
        assertThat(ProbabilityText.number(probability)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 %", "0.001, < 1 %", "0.01, 1 %", "0.125, 13 %", "0.99, 99 %", "0.9999, > 99 %", "1, 100 %"})
    void wholePercent_neverRoundsToCertainty(double probability, String percent) {
        assertThat(ProbabilityText.wholePercent(probability)).isEqualTo(percent);
    }
}
