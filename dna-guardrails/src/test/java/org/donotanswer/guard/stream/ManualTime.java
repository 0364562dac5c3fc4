package org.donotanswer.guard.stream;

import java.time.Duration;

/** A time that a test sets, for tests in other packages. Thread-safe. */
public final class ManualTime {
    private final ManualStreamTimer timer = new ManualStreamTimer();

    /** Makes a stream guard use this time. */
    public StreamGuard.Builder rule(StreamGuard.Builder streams) {
        return streams.timer(timer);
    }

    /** Advances the time and runs the tasks that become due. */
    public void advance(Duration duration) {
        timer.advance(duration.toNanos());
    }
}
