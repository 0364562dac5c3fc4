package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.Test;

class NumberFormatsTest {
    @Test
    void figure_hasFourCharacters() {
        assertThat(NumberFormats.figure(0.8314)).isEqualTo(".831");
        assertThat(NumberFormats.figure(0)).isEqualTo(".000");
        assertThat(NumberFormats.figure(0.9996)).isEqualTo("1.00");
        assertThat(NumberFormats.figure(Double.NaN)).isEqualTo("-");
    }

    @Test
    void difference_hasASign() {
        assertThat(NumberFormats.difference(0.0414)).isEqualTo("+.041");
        assertThat(NumberFormats.difference(-0.0414)).isEqualTo("-.041");
        assertThat(NumberFormats.difference(-1)).isEqualTo("-1.00");
        assertThat(NumberFormats.differences(new Interval(-0.1, 0.2))).isEqualTo("-.100..+.200");
    }

    @Test
    void otherFormats() {
        assertThat(NumberFormats.interval(new Interval(0.1, 0.25))).isEqualTo(".100-.250");
        assertThat(NumberFormats.pValue(0.0004)).isEqualTo("<.001");
        assertThat(NumberFormats.pValue(0.05)).isEqualTo(".050");
        assertThat(NumberFormats.percent(0.0035)).isEqualTo("0.35 %");
        assertThat(NumberFormats.count(5634)).isEqualTo("5,634");
    }
}
