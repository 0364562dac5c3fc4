package org.donotanswer.encoder;

import java.util.Arrays;
import java.util.Map;
import org.donotanswer.classifier.finetune.EncoderArtifact;

/**
 * The hidden units of an encoder whose values exceed those of all others. In a BERT encoder they are the same units in all
 * layers, and the greatest value, 28 where the root mean square of all is 0.7, is that of the first token, which all other
 * tokens attend to. If one scale of 8 bits had to cover them, a step would be six times too coarse for everything else.
 *
 * <p>Such a unit is divided by a factor before it is quantized, and its weights are multiplied by it. The product is the same,
 * and as few weights change, their scales hardly do: Xiao, Lin, Seznec, Wu, Demouth and Han, "SmoothQuant: Accurate and Efficient
 * Post-Training Quantization for Large Language Models", ICML 2023, arXiv 2211.10438, section 4, with the factors of all
 * other units 1. Immutable, hence thread-safe.
 */
final class OutlierScales {
    /** For encoders without known outliers. */
    static final OutlierScales NONE = new OutlierScales(Map.of(), Map.of());

    /** Brings the inputs of the linear layers of all-MiniLM-L6-v2 to about 4 or less; measured on exchanges. */
    static final OutlierScales MINILM_L6 = new OutlierScales(
            Map.of(99, 3, 63, 2, 157, 2, 223, 2, 338, 2, 363, 2),
            Map.of(99, 8, 63, 3, 127, 3, 223, 3, 319, 3, 157, 2, 267, 2, 303, 2, 338, 2, 363, 2));

    private static final int MINILM_LAYERS = 6;
    private static final int MINILM_HIDDEN = 384;

    private final Map<Integer, Integer> attention;
    private final Map<Integer, Integer> feedForward;

    /**
     * Creates a list of factors.
     *
     * @param attention the factors of units that an attention layer reads, at least 1, by the unit
     * @param feedForward the factors of units that a feed-forward network reads
     */
    OutlierScales(Map<Integer, Integer> attention, Map<Integer, Integer> feedForward) {
        this.attention = Map.copyOf(attention);
        this.feedForward = Map.copyOf(feedForward);
    }

    /** Returns the outliers of a pretrained encoder, which fine-tuning leaves where they are. */
    static OutlierScales of(EncoderArtifact base) {
        return base == EncoderArtifact.MINILM_L6 ? MINILM_L6 : NONE;
    }

    /** Returns the outliers of an encoder of which nothing but its sizes is known. */
    static OutlierScales of(EncoderDimensions dimensions) {
        return dimensions.layers() == MINILM_LAYERS && dimensions.hidden() == MINILM_HIDDEN ? MINILM_L6 : NONE;
    }

    /** Returns the factor of each unit that an attention layer reads: [hidden]. */
    float[] attention(int hidden) {
        return factors(attention, hidden);
    }

    /** Returns the factor of each unit that a feed-forward network reads: [hidden]. */
    float[] feedForward(int hidden) {
        return factors(feedForward, hidden);
    }

    private static float[] factors(Map<Integer, Integer> outliers, int hidden) {
        float[] factors = new float[hidden];
        Arrays.fill(factors, 1);
        outliers.forEach((unit, factor) -> factors[unit] = factor);
        return factors;
    }
}
