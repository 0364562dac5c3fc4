package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProportionTest {
    @Test
    void value_someItems_isTheQuotient() {
        assertThat(new Proportion(3, 4).value()).isEqualTo(0.75);
        assertThat(new Proportion(0, 4).value()).isZero();
        assertThat(new Proportion(4, 4).value()).isOne();
    }

    @Test
    void value_noItems_isUndefined() {
        assertThat(new Proportion(0, 0).value()).isNaN();
        assertThat(new Proportion(0, 0).interval(0.95).lower()).isNaN();
        assertThat(new Proportion(0, 0).interval(0.95).upper()).isNaN();
    }

    @Test
    void interval_someItems_isWilsons() {
        assertThat(new Proportion(3, 4).interval(0.9)).isEqualTo(Interval.wilson(3, 4, 0.9));
    }

    @Test
    void interval_confidenceOutOfRange_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(0, 0).interval(1))
                .withMessage("confidence must be in (0, 1), but was 1.0");
    }

    @Test
    void of_items_countsThoseThatMatch() {
        assertThat(Proportion.of(List.of(1, 2, 3), n -> n > 1)).isEqualTo(new Proportion(2, 3));
        assertThat(Proportion.of(List.<Integer>of(), n -> n > 1)).isEqualTo(new Proportion(0, 0));
    }

    @Test
    void sum_proportions_isThatOfAllItems() {
        assertThat(Proportion.sum(List.of(new Proportion(1, 2), new Proportion(0, 5))))
                .isEqualTo(new Proportion(1, 7));
        assertThat(Proportion.sum(List.of())).isEqualTo(new Proportion(0, 0));
    }

    @Test
    void complement_always_isTheRest() {
        assertThat(new Proportion(3, 4).complement()).isEqualTo(new Proportion(1, 4));
    }

    @Test
    void constructor_countOutOfRange_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(5, 4))
                .withMessage("count must be in 0..4, but was 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(-1, 4))
                .withMessage("count must be in 0..4, but was -1");
    }
}
