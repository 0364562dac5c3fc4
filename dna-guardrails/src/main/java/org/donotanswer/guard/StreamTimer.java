package org.donotanswer.guard;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Tells streams the time. Implementations are thread-safe. */
interface StreamTimer {
    /** Returns the time of this timer, in nanoseconds from any origin. */
    long nanoTime();

    /** Runs a quick task after a delay, unless the returned handle is run before. */
    Runnable schedule(Runnable task, long delayNanos);

    /** Runs a task that may take long, such as telling a listener. */
    void execute(Runnable task);

    /** Returns the one timer of all streams: a daemon thread that ends while there are none. */
    static StreamTimer shared() {
        return Shared.INSTANCE;
    }

    /** The system's time. */
    final class Shared implements StreamTimer {
        private static final Shared INSTANCE = new Shared();
        private static final long KEEP_ALIVE_SECONDS = 10;

        private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dna-stream-timer");
            thread.setDaemon(true);
            return thread;
        });
        // A common pool that was set to no threads runs nothing.
        private final Executor executor =
                ForkJoinPool.getCommonPoolParallelism() > 0 ? ForkJoinPool.commonPool() : new ThreadPerTask();

        private Shared() {
            scheduler.setRemoveOnCancelPolicy(true);
            scheduler.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
            scheduler.allowCoreThreadTimeOut(true);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Runnable schedule(Runnable task, long delayNanos) {
            ScheduledFuture<?> future = scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }
    }

    /** Runs each task on a thread of its own. */
    final class ThreadPerTask implements Executor {
        @Override
        public void execute(Runnable task) {
            Thread thread = new Thread(task, "dna-stream");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
