package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FlopsTest {
    private static double forward(BenchmarkArchitecture architecture, int tokens) {
        return Flops.forward(architecture, CheckpointDimensions.base(architecture), tokens);
    }

    @Test
    void forward_oneToken_isTwiceTheWeightsAndItsAttention() {
        double weights = 12 * (4.0 * 768 * 768 + 2.0 * 768 * 3072);

        assertThat(forward(BenchmarkArchitecture.BERT, 1)).isEqualTo(2 * weights + 12 * 4 * 768);
    }

    @Test
    void forward_512Tokens_followsTheFormula() {
        double products = 2.0 * 512 * (4.0 * 768 * 768 + 2.0 * 768 * 3072);

        assertThat(forward(BenchmarkArchitecture.BERT, 512)).isEqualTo(12 * (products + 4.0 * 512 * 512 * 768));
        assertThat(forward(BenchmarkArchitecture.BERT, 512) / 1e9).isCloseTo(96.6, within(0.1));
        assertThat(forward(BenchmarkArchitecture.DISTILBERT, 512))
                .isEqualTo(forward(BenchmarkArchitecture.BERT, 512) / 2);
    }

    @Test
    void forward_longformer_growsLinearlyBeyondItsWindow() {
        assertThat(forward(BenchmarkArchitecture.LONGFORMER, 512))
                .isEqualTo(forward(BenchmarkArchitecture.ROBERTA, 512));
        assertThat(forward(BenchmarkArchitecture.LONGFORMER, 4096))
                .isEqualTo(2 * forward(BenchmarkArchitecture.LONGFORMER, 2048));
        assertThat(forward(BenchmarkArchitecture.LONGFORMER, 4096))
                .isLessThan(forward(BenchmarkArchitecture.ROBERTA, 4096));
    }

    @Test
    void step_isThreeTimesTheForwardPassOfEachSequence() {
        CheckpointDimensions base = CheckpointDimensions.base(BenchmarkArchitecture.BERT);

        assertThat(Flops.step(BenchmarkArchitecture.BERT, base, 16, 128))
                .isEqualTo(48 * forward(BenchmarkArchitecture.BERT, 128));
        assertThat(Flops.step(BenchmarkArchitecture.BERT, base, 16, 128) / 1e9).isCloseTo(1_073, within(1.0));
    }
}
