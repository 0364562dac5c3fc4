package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The speed of evaluating exchanges, including tokenization. Immutable, hence thread-safe.
 *
 * @param precision the precision of the computation
 * @param batchedPerSecond exchanges per second with {@code evaluateAll}
 * @param singlePerSecond exchanges per second one by one; NaN, and absent from JSON, if not measured
 * @param decisionsChanged the number of probabilities on the other side of 0.5 than in FLOAT32 one by one
 * @param greatestDifference the maximum difference of a probability from FLOAT32 one by one
 * @param unscored the number of exchanges that either of the two does not score
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
