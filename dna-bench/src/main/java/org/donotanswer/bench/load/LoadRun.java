package org.donotanswer.bench.load;

import org.HdrHistogram.Histogram;

/**
 * The latencies of one run at a rate that can be served. Times are in milliseconds. Immutable, hence thread-safe.
 *
 * @param perSecond the mean number of arrivals a second
 * @param ends how many calls, or releases of streams, ended
 * @param unchecked how many calls or streams could not be checked
 * @param p50 the median latency of what was checked
 * @param p99 the 99th percentile; NaN of fewer than 100
 * @param p999 the 99.9th percentile; NaN of fewer than 1,000
 * @param max the greatest
 * @param wakeUpP50 the median of how late arrivals were begun although a caller waited for them: part of each latency
 */
record LoadRun(
        double perSecond,
        long ends,
        long unchecked,
        double p50,
        double p99,
        double p999,
        double max,
        double wakeUpP50) {
    private static final double NANOS_PER_MILLI = 1e6;

    static LoadRun of(double perSecond, LoadRecorder recorder) {
        Histogram checked = recorder.checked(0, recorder.slots());
        long unchecked = recorder.unchecked(0, recorder.slots()).getTotalCount();
        return new LoadRun(
                perSecond,
                checked.getTotalCount() + unchecked,
                unchecked,
                millis(checked, 50),
                millis(checked, 99),
                millis(checked, 99.9),
                millis(checked, 100),
                millis(recorder.wakeUps(), 50));
    }

    /** Returns a percentile in milliseconds; NaN if too few were measured for it. */
    static double millis(Histogram nanos, double percentile) {
        return nanos.getTotalCount() < needed(percentile)
                ? Double.NaN
                : nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    /** Returns how many it takes for a percentile. Of fewer, one in the tail would be the greatest, called by another name. */
    private static long needed(double percentile) {
        boolean inTail = percentile > 50 && percentile < 100;
        return inTail ? Math.round(100 / (100 - percentile)) : 1;
    }
}
