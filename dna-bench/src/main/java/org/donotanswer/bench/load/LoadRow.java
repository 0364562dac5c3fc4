package org.donotanswer.bench.load;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * Latencies at a rate that can be served, over all repetitions. Times are in milliseconds, each with its median over the
 * repetitions. Immutable, hence thread-safe.
 *
 * @param percent the rate as a percentage of the saturating rate
 * @param perSecond the mean number of arrivals a second
 * @param ends how many calls, or releases of streams, ended, in all repetitions together
 * @param unchecked how many calls or streams could not be checked, in all repetitions together
 * @param p50 the median latency of what was checked
 * @param p99 the 99th percentile, of repetitions with at least 100
 * @param p999 the 99.9th percentile, of repetitions with at least 1,000
 * @param max the greatest
 * @param wakeUpP50 the median of how late arrivals were begun although a caller waited for them: part of each latency
 */
@JsonPropertyOrder({"percent", "perSecond", "ends", "unchecked", "p50", "p99", "p999", "max", "wakeUpP50"})
public record LoadRow(
        int percent,
        RepetitionSpread perSecond,
        long ends,
        long unchecked,
        RepetitionSpread p50,
        RepetitionSpread p99,
        RepetitionSpread p999,
        RepetitionSpread max,
        RepetitionSpread wakeUpP50) {
    static LoadRow of(int percent, List<LoadRun> runs) {
        return new LoadRow(
                percent,
                RepetitionSpread.of(runs, LoadRun::perSecond),
                runs.stream().mapToLong(LoadRun::ends).sum(),
                runs.stream().mapToLong(LoadRun::unchecked).sum(),
                RepetitionSpread.of(runs, LoadRun::p50),
                RepetitionSpread.of(runs, LoadRun::p99),
                RepetitionSpread.of(runs, LoadRun::p999),
                RepetitionSpread.of(runs, LoadRun::max),
                RepetitionSpread.of(runs, LoadRun::wakeUpP50));
    }
}
