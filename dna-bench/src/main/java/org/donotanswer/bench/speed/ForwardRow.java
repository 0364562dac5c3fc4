package org.donotanswer.bench.speed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long one sequence takes. What was not measured is NaN.
 *
 * @param ceiling the 10^9 operations a second of {@link MatMulCeiling}, the median of the same rounds
 * @param millis the median in 32 bits
 * @param minMillis the least in 32 bits
 * @param onnxMillis the median of ONNX Runtime, in 32 bits
 * @param float16Millis the median in this precision
 * @param bfloat16Millis the median in this precision
 */
record ForwardRow(
        String architecture,
        int tokens,
        double flops,
        double ceiling,
        double millis,
        double minMillis,
        double onnxMillis,
        double float16Millis,
        double bfloat16Millis) {
    double tokensPerSecond() {
        return tokens / millis * 1e3;
    }

    double gigaflops() {
        return flops / millis / 1e6;
    }

    double share() {
        return gigaflops() / ceiling;
    }

    double millisPerToken() {
        return millis / tokens;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architecture", architecture);
        json.put("tokens", tokens);
        json.put("flops", flops);
        put(json, "ceilingGigaflops", ceiling);
        put(json, "millis", millis);
        put(json, "minMillis", minMillis);
        put(json, "tokensPerSecond", tokensPerSecond());
        put(json, "gigaflops", gigaflops());
        put(json, "shareOfCeiling", share());
        put(json, "onnxMillis", onnxMillis);
        put(json, "float16Millis", float16Millis);
        put(json, "bfloat16Millis", bfloat16Millis);
        return json;
    }

    /** Puts a figure unless there is none: JSON has no NaN. */
    static void put(Map<String, Object> json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }
}
