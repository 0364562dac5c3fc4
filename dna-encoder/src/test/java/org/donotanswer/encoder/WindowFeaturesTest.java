package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.encoder.TestStages.HEADS;
import static org.donotanswer.encoder.TestStages.logits;
import static org.donotanswer.encoder.TestStages.temperatures;

import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;
import org.junit.jupiter.api.Test;

class WindowFeaturesTest {
    private static final double TOLERANCE = 1e-12;

    @Test
    void of_severalWindows_poolsLogOddsAfterTheTemperature() {
        WindowFeatures features = WindowFeatures.of(
                List.of(logits(-2, 1, 0.5, 0, 0), logits(6, -3, 1, 1, 1), logits(1, 2, -4, 2, 2)),
                HEADS,
                temperatures(2));

        assertThat(features.first(HeadKind.HARMFUL)).isEqualTo(-1);
        assertThat(features.max(HeadKind.HARMFUL)).isEqualTo(3);
        assertThat(features.mean(HeadKind.HARMFUL)).isCloseTo((-1 + 3 + 0.5) / 3, within(TOLERANCE));
        assertThat(features.first(HeadKind.REFUSAL)).isEqualTo(0.5);
        assertThat(features.max(HeadKind.REFUSAL)).isEqualTo(1);
        assertThat(features.first(HeadKind.INSTRUCTION_RISK)).isEqualTo(0.25);
        assertThat(features.logWindows()).isCloseTo(Math.log(3), within(TOLERANCE));
    }

    @Test
    void of_logOddsFarOut_areClampedBeforePooling() {
        WindowFeatures features =
                WindowFeatures.of(List.of(logits(1e30, -40, 0, 0, 0), logits(0, 0, 0, 0, 0)), HEADS, temperatures(1));

        assertThat(features.max(HeadKind.HARMFUL)).isEqualTo(12);
        assertThat(features.mean(HeadKind.HARMFUL)).isEqualTo(6);
        assertThat(features.first(HeadKind.REFUSAL)).isEqualTo(-12);
    }

    @Test
    void of_differentAbsences_usesTheDifferenceOfBothOutputs() {
        float[] logits = logits(3, 0, 0, 0, 0);
        logits[0] = 5;

        assertThat(WindowFeatures.of(List.of(logits), HEADS, temperatures(1)).first(HeadKind.HARMFUL))
                .isEqualTo(-2);
    }

    @Test
    void logProbability_isThatOfTheFirstWindow() {
        WindowFeatures features = WindowFeatures.of(
                List.of(logits(0, 0, 0, 4, 7), logits(0, 0, 0, 1, 1)),
                HEADS,
                Map.of(
                        HeadKind.HARMFUL, 1.0,
                        HeadKind.REFUSAL, 1.0,
                        HeadKind.ACTION, 0.5,
                        HeadKind.INSTRUCTION_RISK, 1.0,
                        HeadKind.HARM_TYPE, 3.0));

        double actions = Math.exp(4) + 5;
        assertThat(features.logProbability(HeadKind.ACTION, 4)).isCloseTo(4 - Math.log(actions), within(TOLERANCE));
        assertThat(features.logProbability(HeadKind.ACTION, 1)).isCloseTo(-Math.log(actions), within(TOLERANCE));
        double types = Math.E + 11;
        assertThat(features.logProbability(HeadKind.HARM_TYPE, 7)).isCloseTo(1 - Math.log(types), within(TOLERANCE));
        assertThat(features.logProbability(HeadKind.HARM_TYPE, 0)).isCloseTo(-Math.log(types), within(TOLERANCE));
    }

    @Test
    void logProbability_certainClass_isBounded() {
        float[] logits = logits(0, 0, 0, 0, 0);
        logits[4] = 1e30f;

        WindowFeatures features = WindowFeatures.of(List.of(logits), HEADS, temperatures(1));

        assertThat(features.logProbability(HeadKind.ACTION, 0)).isEqualTo(0);
        assertThat(features.logProbability(HeadKind.ACTION, 1)).isEqualTo(-12);
    }

    @Test
    void of_otherOrderOfHeads_readsTheirOutputs() {
        List<HeadKind> heads = List.of(HeadKind.ACTION, HeadKind.HARMFUL);
        WindowFeatures features = WindowFeatures.of(
                List.of(new float[] {0, 0, 0, 9, 0, 0, 1, 4}),
                heads,
                Map.of(HeadKind.ACTION, 1.0, HeadKind.HARMFUL, 1.0));

        assertThat(features.first(HeadKind.HARMFUL)).isEqualTo(3);
        assertThat(features.logProbability(HeadKind.ACTION, 3)).isCloseTo(-5 * Math.exp(-9), within(1e-6));
        assertThat(features.hasEvent(HeadKind.REFUSAL)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> features.max(HeadKind.REFUSAL))
                .withMessage("head must be one of [HARMFUL], but was REFUSAL");
    }
}
