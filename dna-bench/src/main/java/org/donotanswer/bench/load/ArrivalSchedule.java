package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** When calls arrive: a Poisson process, as of many users who do not know of each other. Immutable, hence thread-safe. */
final class ArrivalSchedule {
    private static final int MAX_ARRIVALS = 50_000_000;

    private final long[] due;

    private ArrivalSchedule(long[] due) {
        this.due = due;
    }

    /**
     * A time with one rate of arrivals. Immutable, hence thread-safe.
     *
     * @param perSecond the mean number of arrivals a second; positive
     * @param duration how long it lasts; positive
     */
    record Phase(double perSecond, Duration duration) {
        Phase {
            if (!(perSecond > 0) || duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(
                        "phase must have a positive rate and duration, but had " + perSecond + "/s and " + duration);
            }
        }
    }

    /**
     * Returns the arrivals of phases, one after another; the same for the same seed.
     *
     * @throws IllegalArgumentException if there would be more than 50 million
     */
    static ArrivalSchedule poisson(List<Phase> phases, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] due = new long[1024];
        int count = 0;
        long phaseStart = 0;
        for (Phase phase : phases) {
            double gapNanos = 1e9 / phase.perSecond();
            long phaseEnd = phaseStart + phase.duration().toNanos();
            // The process has no memory, so that it may begin anew at the start of each phase.
            double time = phaseStart + gap(random, gapNanos);
            while (time < phaseEnd) {
                if (count == MAX_ARRIVALS) {
                    throw new IllegalArgumentException("arrivals must be at most " + MAX_ARRIVALS + ", but were more");
                }
                if (count == due.length) {
                    due = Arrays.copyOf(due, 2 * count);
                }
                due[count++] = (long) time;
                time += gap(random, gapNanos);
            }
            phaseStart = phaseEnd;
        }
        return new ArrivalSchedule(Arrays.copyOf(due, count));
    }

    private static double gap(SplittableRandom random, double mean) {
        return -Math.log1p(-random.nextDouble()) * mean;
    }

    /** Returns the number of arrivals. */
    int size() {
        return due.length;
    }

    /** Returns when an arrival is due, in nanoseconds after the start. */
    long due(int arrival) {
        return due[arrival];
    }

    /** Returns how many arrivals are due at a time, in nanoseconds after the start, or were before. */
    int dueUntil(long nanos) {
        int low = 0;
        int high = due.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (due[middle] <= nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
