package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.donotanswer.guard.policy.Reason;

/**
 * What became of the calls of one run at a rate that cannot be served, and afterwards. Times are in milliseconds unless they say
 * otherwise. Immutable, hence thread-safe.
 *
 * @param perSecond the mean number of arrivals a second during the overload
 * @param calls how many arrived during the overload
 * @param reasons how many of them were not checked, by reason
 * @param releasedUnchecked how many of them were released without a check
 * @param checked the share of them that were checked; at best the saturating rate divided by theirs, and more while waiting calls grow
 * @param checkedP50 the median latency of those that were checked
 * @param checkedP99 the 99th percentile of the same; NaN of fewer than 100
 * @param refusedP50 the median time after which the others got a verdict
 * @param refusedP99 the 99th percentile of the same; NaN of fewer than 100
 * @param maxBacklog the greatest number of calls that waited for a caller
 * @param maxWaiting the greatest number of calls that waited in the guard, or were being refused by it
 * @param wasted the share of evaluations, of the whole run, that were of no use, as their call was not checked in the end
 * @param recoverySeconds how long after the overload, in slots of the recorder, the 99th percentile is at most twice that of
 *     before, and every call checked, in two slots in a row, without those in which nothing was due; NaN if that did not happen
 */
record OverloadRun(
        double perSecond,
        long calls,
        Map<Reason, Long> reasons,
        long releasedUnchecked,
        double checked,
        double checkedP50,
        double checkedP99,
        double refusedP50,
        double refusedP99,
        long maxBacklog,
        long maxWaiting,
        double wasted,
        double recoverySeconds) {
    private static final double MAX_RATIO = 2;
    private static final int QUIET_SLOTS = 2;

    /**
     * Returns what a recorder has.
     *
     * @param calm how long the load was low at the beginning; a multiple of the length of a slot, as is the next
     * @param overload how long it was too high after that
     * @param evaluations how many evaluations were begun in the whole run
     * @param evaluationsPerCall how many a call takes
     */
    static OverloadRun of(
            double perSecond,
            LoadRecorder recorder,
            Duration calm,
            Duration overload,
            long evaluations,
            double evaluationsPerCall,
            long maxWaiting) {
        int from = (int) calm.dividedBy(recorder.slotLength());
        int to = from + (int) overload.dividedBy(recorder.slotLength());
        Histogram checked = recorder.checked(from, to);
        Histogram unchecked = recorder.unchecked(from, to);
        long checkedInAll = recorder.checked(0, recorder.slots()).getTotalCount();
        return new OverloadRun(
                perSecond,
                checked.getTotalCount() + unchecked.getTotalCount(),
                recorder.failures(from, to),
                recorder.releasedUnchecked(from, to),
                (double) checked.getTotalCount() / (checked.getTotalCount() + unchecked.getTotalCount()),
                LoadRun.millis(checked, 50),
                LoadRun.millis(checked, 99),
                LoadRun.millis(unchecked, 50),
                LoadRun.millis(unchecked, 99),
                recorder.maxBacklog(),
                maxWaiting,
                evaluations == 0 ? Double.NaN : Math.max(0, 1 - checkedInAll * evaluationsPerCall / evaluations),
                recovery(recorder, from, to));
    }

    private static double recovery(LoadRecorder recorder, int from, int to) {
        double most = MAX_RATIO * recorder.checked(0, from).getValueAtPercentile(99);
        int quiet = 0;
        int first = to;
        for (int slot = to; slot < recorder.slots() - 1; slot++) {
            Histogram checked = recorder.checked(slot, slot + 1);
            long unchecked = recorder.unchecked(slot, slot + 1).getTotalCount();
            if (checked.getTotalCount() + unchecked == 0) {
                // Nothing was due, which says nothing.
                continue;
            }
            boolean back = unchecked == 0 && checked.getValueAtPercentile(99) <= most;
            first = quiet == 0 ? slot : first;
            quiet = back ? quiet + 1 : 0;
            if (quiet == QUIET_SLOTS) {
                return (first - to) * (recorder.slotLength().toNanos() / 1e9);
            }
        }
        return Double.NaN;
    }
}
