package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.donotanswer.classifier.transformer.Precision;

/**
 * The time of one step of training. Immutable, hence thread-safe.
 *
 * @param trainedWeights the number of weights that are trained, over all tensors
 * @param tokens the tokens of the batch, all sequences together
 * @param flops the floating-point operations of the step
 * @param ceiling the median GFLOP/s of {@link MatMulCeiling} in the same rounds
 * @param ceilingBest the maximum in the same rounds
 * @param millis the median of the whole step
 * @param minMillis the minimum of the whole step
 * @param gradientsMillis the median of the forward and backward pass
 * @param normMillis the median of the norm of the gradients
 * @param updateMillis the median of the update of the weights
 */
@JsonPropertyOrder({
    "model",
    "trained",
    "dropout",
    "precision",
    "trainedWeights",
    "tokens",
    "flops",
    "ceilingGigaflops",
    "ceilingBestGigaflops",
    "millis",
    "minMillis",
    "gradientsMillis",
    "normMillis",
    "updateMillis",
    "tokensPerSecond",
    "gigaflops",
    "shareOfCeiling",
    "bestShareOfCeiling"
})
record FineTuneRow(
        @JsonIgnore FineTuneModel model,
        @JsonIgnore FineTuneVariant variant,
        Precision precision,
        long trainedWeights,
        int tokens,
        double flops,
        @JsonProperty("ceilingGigaflops") double ceiling,
        @JsonProperty("ceilingBestGigaflops") double ceilingBest,
        double millis,
        double minMillis,
        double gradientsMillis,
        double normMillis,
        double updateMillis) {
    @JsonProperty("model")
    String modelLabel() {
        return model.label();
    }

    @JsonProperty
    String trained() {
        return variant.trained();
    }

    @JsonProperty
    double dropout() {
        return variant.dropout();
    }

    @JsonProperty
    double tokensPerSecond() {
        return tokens / millis * 1e3;
    }

    @JsonProperty
    double gigaflops() {
        return flops / millis / 1e6;
    }

    /** Returns the share that the median step reaches of the median ceiling. */
    @JsonProperty("shareOfCeiling")
    double ceilingRatio() {
        return gigaflops() / ceiling;
    }

    /** Returns the share that the fastest step reaches of the best ceiling. */
    @JsonProperty("bestShareOfCeiling")
    double bestCeilingRatio() {
        return flops / minMillis / 1e6 / ceilingBest;
    }

    /** Returns whether the acceptance figure is measured on this row. */
    @JsonIgnore
    boolean isReference() {
        return variant == FineTuneVariant.ALL && precision == Precision.FLOAT32;
    }
}
