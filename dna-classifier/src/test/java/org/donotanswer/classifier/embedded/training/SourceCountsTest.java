package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SourceCountsTest {
    private static SourceCounts counts() {
        SourceCounts counts = new SourceCounts();
        counts.add("judge", true);
        for (int i = 0; i < 3; i++) {
            counts.add("judge", false);
        }
        counts.add("everyday", false);
        return counts;
    }

    @Test
    void count_labels_areCountedBySource() {
        assertThat(counts().sources()).containsExactly("everyday", "judge");
        assertThat(counts().count("judge", true)).isEqualTo(1);
        assertThat(counts().count("judge", false)).isEqualTo(3);
        assertThat(counts().total("judge")).isEqualTo(4);
        assertThat(counts().total("none")).isZero();
    }

    @Test
    void hasBoth_sourceWithOneLabelOrUnknown_isFalse() {
        assertThat(counts().hasBoth("judge")).isTrue();
        assertThat(counts().hasBoth("everyday")).isFalse();
        assertThat(counts().hasBoth("none")).isFalse();
    }

    @Test
    void balance_exponentOfOne_givesBothLabelsTheSameWeight() {
        SourceCounts counts = counts();
        double harmful = counts.balance("judge", true, 1);
        double harmless = counts.balance("judge", false, 1);
        assertThat(harmful).isCloseTo(2, within(1e-12));
        assertThat(3 * harmless).isCloseTo(harmful, within(1e-12));
        assertThat(counts.balance("judge", true, 0)).isEqualTo(1);
        assertThat(counts.balance("judge", true, 0.5)).isCloseTo(Math.sqrt(2), within(1e-12));
    }

    @Test
    void cap_sourceAboveTheMaximum_weighsAsMuchAsTheMaximum() {
        assertThat(counts().total("judge") * counts().cap("judge", 2)).isCloseTo(2, within(1e-12));
        assertThat(counts().cap("judge", 4)).isEqualTo(1);
        assertThat(counts().cap("judge", 100)).isEqualTo(1);
    }
}
