package org.donotanswer.bench.load;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of calls at a rate that cannot be served, over all repetitions. Times are in milliseconds unless they say otherwise,
 * each with its median over the repetitions. Immutable, hence thread-safe.
 *
 * @param percent the rate as a percentage of the saturating rate
 * @param perSecond the mean number of arrivals a second during the overload
 * @param calls how many arrived during the overload, in all repetitions together
 * @param reasons how many of them were not checked, by reason
 * @param releasedUnchecked how many of them were released without a check
 * @param checked the share of them that were checked
 * @param checkedP50 the median latency of those that were checked
 * @param checkedP99 the 99th percentile of the same; NaN of fewer than 100
 * @param refusedP50 the median time after which the others got a verdict
 * @param refusedP99 the 99th percentile of the same; NaN of fewer than 100
 * @param maxBacklog the greatest number of calls that waited for a caller
 * @param maxWaiting the greatest number of calls that waited in the guard, or were being refused by it
 * @param wasted the share of evaluations, of the whole run, that were of no use, as their call was not checked in the end
 * @param recoverySeconds how long after the overload latencies were back, of those repetitions in which they came back
 * @param notRecovered in how many repetitions they did not
 */
@JsonPropertyOrder({
    "percent",
    "perSecond",
    "calls",
    "reasons",
    "releasedUnchecked",
    "checked",
    "checkedP50",
    "checkedP99",
    "refusedP50",
    "refusedP99",
    "maxBacklog",
    "maxWaiting",
    "wasted",
    "recoverySeconds",
    "notRecovered"
})
public record OverloadRow(
        int percent,
        RepetitionSpread perSecond,
        long calls,
        Map<String, Long> reasons,
        long releasedUnchecked,
        RepetitionSpread checked,
        RepetitionSpread checkedP50,
        RepetitionSpread checkedP99,
        RepetitionSpread refusedP50,
        RepetitionSpread refusedP99,
        RepetitionSpread maxBacklog,
        RepetitionSpread maxWaiting,
        RepetitionSpread wasted,
        RepetitionSpread recoverySeconds,
        long notRecovered) {
    static OverloadRow of(int percent, List<OverloadRun> runs) {
        Map<String, Long> reasons = new TreeMap<>();
        runs.forEach(run -> run.reasons().forEach((reason, count) -> reasons.merge(reason.name(), count, Long::sum)));
        return new OverloadRow(
                percent,
                RepetitionSpread.of(runs, OverloadRun::perSecond),
                runs.stream().mapToLong(OverloadRun::calls).sum(),
                reasons,
                runs.stream().mapToLong(OverloadRun::releasedUnchecked).sum(),
                RepetitionSpread.of(runs, OverloadRun::checked),
                RepetitionSpread.of(runs, OverloadRun::checkedP50),
                RepetitionSpread.of(runs, OverloadRun::checkedP99),
                RepetitionSpread.of(runs, OverloadRun::refusedP50),
                RepetitionSpread.of(runs, OverloadRun::refusedP99),
                RepetitionSpread.of(runs, OverloadRun::maxBacklog),
                RepetitionSpread.of(runs, OverloadRun::maxWaiting),
                RepetitionSpread.of(runs, OverloadRun::wasted),
                RepetitionSpread.of(runs, OverloadRun::recoverySeconds),
                runs.stream().filter(run -> Double.isNaN(run.recoverySeconds())).count());
    }
}
