package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class HarmHeadTest {
    private static final HarmHead HEAD = head(1.5, -0.5, true, 0.3, -0.2);

    private static HarmHead head(
            double slope, double intercept, boolean gated, double offset, double offsetWithoutInstruction) {
        return new HarmHead(slope, intercept, gated, offset, offsetWithoutInstruction, 32, 0.1);
    }

    @Test
    void probability_handPicked_isProductOfBoth() {
        HarmHead plain = head(1, 0, true, 0.25, 0.5);
        assertThat(plain.probability(0.8, true, 0.25, 0)).isCloseTo(0.4, within(1e-12));
        assertThat(plain.probability(0.8, false, 9, 0.5)).isCloseTo(0.4, within(1e-12));
        assertThat(head(1, 0, false, 9, 9).probability(0.8, true, -9, -9)).isCloseTo(0.8, within(1e-12));
        assertThat(head(2, 1, false, 0, 0).probability(0.5, true, 0, 0))
                .isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
    }

    @Test
    void logit_certain_isFinite() {
        assertThat(HarmHead.logit(0))
                .isEqualTo(-HarmHead.logit(1), within(1e-6))
                .isLessThan(-10);
        assertThat(HarmHead.logit(0.5)).isZero();
    }

    @Property
    void probability_anything_isProbability(
            @ForAll @DoubleRange(max = 1) double follows,
            @ForAll boolean hasInstruction,
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double risk,
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double topic) {
        assertThat(HEAD.probability(follows, hasInstruction, risk, topic)).isBetween(0.0, 1.0);
    }

    @Property
    void probability_moreOfOne_isNotLower(
            @ForAll @DoubleRange(max = 1) double follows,
            @ForAll @DoubleRange(max = 1) double otherFollows,
            @ForAll boolean hasInstruction,
            @ForAll @DoubleRange(min = -5, max = 5) double risk,
            @ForAll @DoubleRange(min = -5, max = 5) double topic,
            @ForAll @DoubleRange(max = 5) double more) {
        double probability = HEAD.probability(follows, hasInstruction, risk, topic);
        assertThat(HEAD.probability(Math.max(follows, otherFollows), hasInstruction, risk, topic))
                .isGreaterThanOrEqualTo(probability);
        assertThat(HEAD.probability(follows, hasInstruction, risk + more, topic))
                .isGreaterThanOrEqualTo(probability);
        assertThat(HEAD.probability(follows, hasInstruction, risk, topic + more))
                .isGreaterThanOrEqualTo(probability);
    }
}
