package org.donotanswer.bench.soak;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/** Does something from another thread while work is in progress. Thread-safe. */
final class Saboteur implements AutoCloseable {
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("soak-saboteur"));

    /** Work that may be disturbed. */
    interface Work {
        void run() throws Exception;
    }

    /** Whether the work has ended, so that a late disturbance hits nobody else. */
    private static final class Stage {
        private boolean over;
        private boolean disturbed;
        private @Nullable Throwable failure;
    }

    /**
     * Runs work on the calling thread, and the disturbance on another one after a delay, unless the work has ended by then.
     *
     * @return whether the work was disturbed
     */
    boolean disturb(Runnable disturbance, long delayMicros, Work work) throws Exception {
        Stage stage = new Stage();
        Future<?> later = timer.schedule(
                () -> {
                    synchronized (stage) {
                        if (!stage.over) {
                            stage.disturbed = true;
                            try {
                                disturbance.run();
                            } catch (RuntimeException | Error e) {
                                stage.failure = e;
                            }
                        }
                    }
                },
                delayMicros,
                TimeUnit.MICROSECONDS);
        try {
            work.run();
        } finally {
            later.cancel(false);
            synchronized (stage) {
                stage.over = true;
            }
        }
        if (stage.failure != null) {
            throw new SoakMismatchException(
                    "disturbance failed with " + stage.failure.getClass().getName());
        }
        return stage.disturbed;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
