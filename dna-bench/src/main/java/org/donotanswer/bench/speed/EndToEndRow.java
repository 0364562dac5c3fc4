package org.donotanswer.bench.speed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast exchanges are judged, tokenization included.
 *
 * @param precision what is computed in
 * @param batchedPerSecond exchanges a second by {@code evaluateAll}
 * @param singlePerSecond exchanges a second one by one, NaN if not measured
 * @param decisionsChanged how many are on the other side of one half than one by one in 32 bits
 * @param greatestDifference of a probability from that one by one in 32 bits
 * @param unscored how many have no score in either
 */
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

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architecture", architecture);
        json.put("precision", precision);
        json.put("exchanges", exchanges);
        ForwardRow.put(json, "batchedPerSecond", batchedPerSecond);
        ForwardRow.put(json, "singlePerSecond", singlePerSecond);
        json.put("decisionsChanged", decisionsChanged);
        json.put("greatestDifference", greatestDifference);
        json.put("unscored", unscored);
        return json;
    }
}
