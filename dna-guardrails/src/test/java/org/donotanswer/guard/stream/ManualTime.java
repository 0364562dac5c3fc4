package org.donotanswer.guard.stream;

import java.time.Duration;

/** Time that a test sets, for tests of other packages. Thread-safe. */
public final class ManualTime {
    private final ManualStreamTimer timer = new ManualStreamTimer();

    /** Has a stream guard go by this time. */
    public StreamGuard.Builder rule(StreamGuard.Builder streams) {
        return streams.timer(timer);
    }

    /** Lets time pass, and does what falls due meanwhile. */
    public void advance(Duration duration) {
        timer.advance(duration.toNanos());
    }
}
