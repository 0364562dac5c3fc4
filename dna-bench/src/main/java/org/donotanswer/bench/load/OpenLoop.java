package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Generates load. Callers take the arrivals of a schedule in turn, each waits until its own is due, and serves it. An arrival that no
 * caller is free for waits in the order of the schedule, and its latency counts from when it was due: so the load is that of an
 * unlimited queue in front of the callers, and it never adapts to the speed of what it measures. Not thread-safe.
 */
final class OpenLoop {
    private final LoadClock clock;
    private final int callers;
    private final Duration slotLength;

    /**
     * Creates a generator.
     *
     * @param callers the number of callers, each a thread of its own
     * @param slotLength the length of the slots in which it records
     */
    OpenLoop(LoadClock clock, int callers, Duration slotLength) {
        if (callers < 1) {
            throw new IllegalArgumentException("callers must be at least 1, but was " + callers);
        }
        this.clock = clock;
        this.callers = callers;
        this.slotLength = slotLength;
    }

    /**
     * Serves the arrivals of a schedule; returns when all have been.
     *
     * @param duration how long arrivals are due
     * @throws IllegalStateException if a workload throws
     * @throws InterruptedException if the thread is interrupted
     */
    LoadRecorder run(ArrivalSchedule schedule, Duration duration, Workload workload) throws InterruptedException {
        AtomicReference<LoadRecorder> begun = new AtomicReference<>();
        AtomicInteger next = new AtomicInteger();
        CallerThreads.run(callers, () -> begun.set(recorder(duration)), caller -> {
            LoadRecorder recorder = begun.get();
            long start = recorder.start();
            for (int arrival = next.getAndIncrement(); arrival < schedule.size(); arrival = next.getAndIncrement()) {
                long due = start + schedule.due(arrival);
                long now = clock.nanos();
                if (now < due) {
                    clock.sleepUntil(due);
                    recorder.wokeUp(due);
                } else {
                    recorder.backlog(schedule.dueUntil(now - start) - (long) arrival);
                }
                boolean ignored = workload.serve(arrival, due, recorder);
            }
        });
        return begun.get();
    }

    /** Returns a recorder of load that starts now. */
    private LoadRecorder recorder(Duration duration) {
        return new LoadRecorder(clock, clock.nanos(), duration, slotLength);
    }

    /**
     * Load in closed loop. Immutable, hence thread-safe.
     *
     * @param perSecond how many arrivals a second were checked: the saturating rate
     * @param refused how many arrivals were not, which may have ended at once
     */
    record Saturation(double perSecond, long refused) {}

    /**
     * Measures how many arrivals a second are checked if the next one comes as soon as the last one of its caller has ended. Caller n
     * brings arrival n again and again.
     *
     * @throws IllegalStateException if a workload throws, or nothing is checked
     * @throws InterruptedException if the thread is interrupted
     */
    Saturation saturate(Duration duration, Workload workload) throws InterruptedException {
        AtomicReference<LoadRecorder> begun = new AtomicReference<>();
        AtomicInteger inTime = new AtomicInteger();
        AtomicInteger checked = new AtomicInteger();
        AtomicLong refused = new AtomicLong();
        CallerThreads.run(callers, () -> begun.set(recorder(duration)), caller -> {
            LoadRecorder recorder = begun.get();
            long end = recorder.start() + duration.toNanos();
            long now = clock.nanos();
            // At least once: on a busy machine, a caller may begin when the time has passed.
            do {
                boolean isChecked = workload.serve(caller, now, recorder);
                now = clock.nanos();
                if (!isChecked) {
                    refused.incrementAndGet();
                    continue;
                }
                checked.incrementAndGet();
                if (now <= end) {
                    inTime.incrementAndGet();
                }
            } while (now < end);
        });
        if (checked.get() == 0) {
            throw new IllegalStateException(
                    "guard must check something to have a saturating rate, but refused all " + refused + " arrivals");
        }
        // Whatever takes longer than the whole time shows how much longer.
        double rate = inTime.get() > 0
                ? inTime.get() / (duration.toNanos() / 1e9)
                : checked.get() / ((clock.nanos() - begun.get().start()) / 1e9);
        return new Saturation(rate, refused.get());
    }
}
