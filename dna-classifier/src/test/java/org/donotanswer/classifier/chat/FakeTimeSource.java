package org.donotanswer.classifier.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only while a thread sleeps, or when a test says so. */
final class FakeTimeSource implements TimeSource {
    final List<Duration> slept = new ArrayList<>();
    private long now = -5;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        if (!duration.isNegative() && !duration.isZero()) {
            slept.add(duration);
            now += duration.toNanos();
        }
    }

    synchronized void pass(Duration duration) {
        now += duration.toNanos();
    }
}
