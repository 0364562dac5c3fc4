package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.Stream;
import org.donotanswer.classifier.finetune.FineTuningOptions.ClassWeights;
import org.donotanswer.classifier.transformer.HeadKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FineTuningOptionsTest {
    private static FineTuningOptions.Builder builder() {
        return FineTuningOptions.builder();
    }

    @Test
    void build_nothingSet_hasTheDefaults() {
        assertThat(builder().build())
                .hasToString("FineTuningOptions[epochs=3, batchSize=16, learningRate=5.0E-5, warmUp=0.1,"
                        + " weightDecay=0.01, maxGradientNorm=1.0, labelSmoothing=0.0, headWeights={},"
                        + " classWeights=NONE, patience=OptionalInt.empty, tokensPerPass=4096, stepsPerSave=200,"
                        + " seed=42]");
    }

    @Test
    void build_allSet_hasThem() {
        FineTuningOptions options = builder()
                .epochs(1)
                .batchSize(2)
                .learningRate(0.25)
                .warmUp(0)
                .weightDecay(0)
                .maxGradientNorm(2)
                .labelSmoothing(0.5)
                .headWeight(HeadKind.ACTION, 3)
                .classWeights(ClassWeights.BALANCED)
                .patience(4)
                .tokensPerPass(5)
                .stepsPerSave(6)
                .seed(-7)
                .build();

        assertThat(options)
                .hasToString("FineTuningOptions[epochs=1, batchSize=2, learningRate=0.25, warmUp=0.0, weightDecay=0.0,"
                        + " maxGradientNorm=2.0, labelSmoothing=0.5, headWeights={ACTION=3.0}, classWeights=BALANCED,"
                        + " patience=OptionalInt[4], tokensPerPass=5, stepsPerSave=6, seed=-7]");
        assertThat(options.weight(HeadKind.ACTION)).isEqualTo(3);
        assertThat(options.weight(HeadKind.HARMFUL)).isEqualTo(1);
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                Arguments.of(builder().epochs(0), "epochs must be from 1 to 1000, but was 0"),
                Arguments.of(builder().epochs(1_001), "epochs must be from 1 to 1000, but was 1001"),
                Arguments.of(builder().batchSize(0), "batchSize must be from 1 to 65536, but was 0"),
                Arguments.of(builder().batchSize(65_537), "batchSize must be from 1 to 65536, but was 65537"),
                Arguments.of(builder().tokensPerPass(0), "tokensPerPass must be from 1 to 16777216, but was 0"),
                Arguments.of(builder().stepsPerSave(0), "stepsPerSave must be at least 1, but was 0"),
                Arguments.of(builder().patience(0), "patience must be at least 1, but was 0"),
                Arguments.of(builder().learningRate(0), "learningRate must be above 0.0 and below 1.0, but was 0.0"),
                Arguments.of(builder().learningRate(1), "learningRate must be above 0.0 and below 1.0, but was 1.0"),
                Arguments.of(
                        builder().learningRate(Double.NaN),
                        "learningRate must be above 0.0 and below 1.0, but was NaN"),
                Arguments.of(builder().warmUp(-0.5), "warmUp must be at least 0.0 and below 1.0, but was -0.5"),
                Arguments.of(builder().warmUp(1), "warmUp must be at least 0.0 and below 1.0, but was 1.0"),
                Arguments.of(builder().weightDecay(1), "weightDecay must be at least 0.0 and below 1.0, but was 1.0"),
                Arguments.of(
                        builder().labelSmoothing(1), "labelSmoothing must be at least 0.0 and below 1.0, but was 1.0"),
                Arguments.of(
                        builder().maxGradientNorm(0),
                        "maxGradientNorm must be above 0.0 and below 1000000.0, but was 0.0"),
                Arguments.of(
                        builder().headWeight(HeadKind.HARM_TYPE, 0),
                        "weight of the head HARM_TYPE must be above 0.0 and below 1000.0, but was 0.0"));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void build_valueOutOfRange_isRefused(FineTuningOptions.Builder builder, String message) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
    }

    @Test
    void builder_valueSetTwice_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().epochs(1).epochs(2))
                .withMessage("epochs must be set once, but was 1 and then 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().headWeight(HeadKind.ACTION, 1).headWeight(HeadKind.ACTION, 2))
                .withMessage("headWeight of ACTION must be set once, but was 1.0 and then 2.0");
    }
}
