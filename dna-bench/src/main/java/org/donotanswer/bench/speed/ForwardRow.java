package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The time of a forward pass of one sequence. Times that were not measured are NaN, and absent from JSON. Immutable, hence
 * thread-safe.
 *
 * @param ceiling the median GFLOP/s of {@link MatMulCeiling} in the same rounds
 * @param millis the median in FLOAT32
 * @param minMillis the minimum in FLOAT32
 * @param onnxMillis the median of ONNX Runtime in FLOAT32
 * @param float16Millis the median in FLOAT16
 * @param bfloat16Millis the median in BFLOAT16
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "architecture",
    "tokens",
    "flops",
    "ceilingGigaflops",
    "millis",
    "minMillis",
    "tokensPerSecond",
    "gigaflops",
    "shareOfCeiling",
    "onnxMillis",
    "float16Millis",
    "bfloat16Millis"
})
record ForwardRow(
        String architecture,
        int tokens,
        double flops,
        @JsonProperty("ceilingGigaflops") double ceiling,
        double millis,
        double minMillis,
        double onnxMillis,
        double float16Millis,
        double bfloat16Millis) {
    @JsonProperty
    double tokensPerSecond() {
        return tokens / millis * 1e3;
    }

    @JsonProperty
    double gigaflops() {
        return flops / millis / 1e6;
    }

    @JsonProperty("shareOfCeiling")
    double ceilingRatio() {
        return gigaflops() / ceiling;
    }

    double millisPerToken() {
        return millis / tokens;
    }
}
