package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.junit.jupiter.api.Test;

class OutlierScalesTest {
    @Test
    void factors_ofUnitsThatAreNoOutliers_areOne() {
        OutlierScales scales = new OutlierScales(Map.of(1, 3), Map.of(0, 2, 2, 4));

        assertThat(scales.attention(3)).containsExactly(1, 3, 1);
        assertThat(scales.feedForward(3)).containsExactly(2, 1, 4);
    }

    @Test
    void of_base_knowsOutliersOfMiniLmOnly() {
        assertThat(OutlierScales.of(EncoderArtifact.MINILM_L6)).isSameAs(OutlierScales.MINILM_L6);
        assertThat(OutlierScales.of(EncoderArtifact.BGE_SMALL)).isSameAs(OutlierScales.NONE);
        assertThat(OutlierScales.of(new EncoderDimensions(6, 384, 12, 1_536, 24)))
                .isSameAs(OutlierScales.MINILM_L6);
        assertThat(OutlierScales.of(new EncoderDimensions(12, 384, 12, 1_536, 24)))
                .isSameAs(OutlierScales.NONE);
    }
}
