package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void figure_hasFourCharacters() {
        assertThat(Shown.figure(0.8314)).isEqualTo(".831");
        assertThat(Shown.figure(0)).isEqualTo(".000");
        assertThat(Shown.figure(0.9996)).isEqualTo("1.00");
        assertThat(Shown.figure(Double.NaN)).isEqualTo("-");
    }

    @Test
    void difference_hasItsSign() {
        assertThat(Shown.difference(0.0414)).isEqualTo("+.041");
        assertThat(Shown.difference(-0.0414)).isEqualTo("-.041");
        assertThat(Shown.difference(-1)).isEqualTo("-1.00");
        assertThat(Shown.differences(new Interval(-0.1, 0.2))).isEqualTo("-.100..+.200");
    }

    @Test
    void others_areReadable() {
        assertThat(Shown.interval(new Interval(0.1, 0.25))).isEqualTo(".100-.250");
        assertThat(Shown.pValue(0.0004)).isEqualTo("<.001");
        assertThat(Shown.pValue(0.05)).isEqualTo(".050");
        assertThat(Shown.percent(0.0035)).isEqualTo("0.35 %");
        assertThat(Shown.count(5634)).isEqualTo("5,634");
    }
}
