package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberFormatsTest {
    @Test
    void percent_hasTwoDecimals() {
        assertThat(NumberFormats.percent(0.0035)).isEqualTo("0.35 %");
        assertThat(NumberFormats.percent(Double.NaN)).isEqualTo("-");
    }

    @Test
    void count_hasSeparators() {
        assertThat(NumberFormats.count(5634)).isEqualTo("5,634");
    }
}
