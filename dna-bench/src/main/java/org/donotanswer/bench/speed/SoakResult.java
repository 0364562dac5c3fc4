package org.donotanswer.bench.speed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of one evaluator that many threads used for long.
 *
 * @param wrong how many results differed from those of one thread by more than the tolerance
 * @param residentMegabytes the process's memory after the warm-up, at each quarter and at the end; empty where the system
 *     does not tell
 */
record SoakResult(
        String architecture,
        int threads,
        int seconds,
        long evaluations,
        long wrong,
        double greatestDifference,
        List<Double> residentMegabytes) {
    SoakResult {
        residentMegabytes = List.copyOf(residentMegabytes);
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architecture", architecture);
        json.put("threads", threads);
        json.put("seconds", seconds);
        json.put("evaluations", evaluations);
        json.put("wrong", wrong);
        json.put("tolerance", SoakRun.TOLERANCE);
        json.put("greatestDifference", greatestDifference);
        json.put("residentMegabytes", residentMegabytes);
        return json;
    }
}
