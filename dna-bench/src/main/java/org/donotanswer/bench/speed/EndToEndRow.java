package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How fast exchanges are evaluated, tokenization included. Immutable, hence thread-safe.
 *
 * @param precision the precision of the computation
 * @param batchedPerSecond exchanges per second with {@code evaluateAll}
 * @param singlePerSecond exchanges per second one by one; NaN, and absent from JSON, if not measured
 * @param decisionsChanged how many probabilities are on the other side of one half than one by one in 32 bits
 * @param greatestDifference of a probability from that one by one in 32 bits
 * @param unscored how many are not scored in one of the two
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record EndToEndRow(
        String architecture,
        String precision,
        int exchanges,
        double batchedPerSecond,
        double singlePerSecond,
        int decisionsChanged,
        double greatestDifference,
        int unscored) {
    double ratio() {
        return batchedPerSecond / singlePerSecond;
    }
}
