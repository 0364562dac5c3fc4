package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads are about to do. */
public final class Eventually {
    private Eventually() {}

    public static void is(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20)) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** Waits until no evaluation holds a permit of the guard, closes it, and waits until it has no thread left. */
    public static void isQuiet(SafetyGuard guard) {
        WorkerPool workers = guard.workers();
        if (workers != null) {
            is(() -> workers.held() == 0);
        }
        guard.close();
        if (workers != null) {
            is(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith(workers.name())));
        }
    }
}
