package org.donotanswer.bench.soak;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** The clock of the system, which somebody sets wrongly now and then. Thread-safe. */
final class JumpingClock extends Clock {
    private static final int MAX_SECONDS = 30 * 24 * 3_600;

    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    /** Sets the clock to another time, within a month of the right one. */
    void jump(SplittableRandom random) {
        offset.set(Duration.ofSeconds(random.nextInt(-MAX_SECONDS, MAX_SECONDS)));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("clock must be in UTC");
    }
}
