package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * How long one sequence takes. Times that were not measured are NaN, and absent from JSON. Immutable, hence thread-safe.
 *
 * @param ceiling the 10^9 operations per second of {@link MatMulCeiling}, the median of the same rounds
 * @param millis the median in 32 bits
 * @param minMillis the minimum in 32 bits
 * @param onnxMillis the median of ONNX Runtime, in 32 bits
 * @param float16Millis the median in this precision
 * @param bfloat16Millis the median in this precision
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

    @JsonProperty
    double shareOfCeiling() {
        return gigaflops() / ceiling;
    }

    double millisPerToken() {
        return millis / tokens;
    }
}
