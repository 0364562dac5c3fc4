package org.donotanswer.guard.stream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.donotanswer.internal.DaemonThreads;

/** Gives streams the time, and threads. Implementations are thread-safe. */
interface StreamTimer {
    /** Returns the time of this timer, in nanoseconds from any origin. */
    long nanoTime();

    /** Runs a quick task after a delay, unless the returned handle is run before. */
    Runnable schedule(Runnable task, long delayNanos);

    /** Runs a task that may take long, for example a call of a listener, soon on another thread. */
    void execute(Runnable task);

    /**
     * Returns the timer that all streams share: a daemon thread that ends while there are no streams, and up to
     * {@value Shared#MAX_THREADS} daemon threads for long tasks; further tasks wait. It does not use the common pool,
     * which may have few threads or none.
     */
    static StreamTimer shared() {
        return Shared.INSTANCE;
    }

    /** Uses the system's time. */
    final class Shared implements StreamTimer {
        private static final Shared INSTANCE = new Shared();
        private static final Logger LOG = System.getLogger(StreamTimer.class.getPackageName());
        private static final long KEEP_ALIVE_SECONDS = 10;
        static final int MAX_THREADS = 256;

        private final ScheduledThreadPoolExecutor scheduler =
                new ScheduledThreadPoolExecutor(1, DaemonThreads.named("dna-stream-timer"));
        private final ForkJoinPool threads = new ForkJoinPool(
                MAX_THREADS,
                Shared::thread,
                null,
                true,
                0,
                MAX_THREADS,
                0,
                pool -> true,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS);

        private Shared() {
            scheduler.setRemoveOnCancelPolicy(true);
            scheduler.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
            scheduler.allowCoreThreadTimeOut(true);
        }

        private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
            thread.setName("dna-stream-end-" + thread.getPoolIndex());
            return thread;
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
            threads.execute(() -> attempt(task));
        }

        private static void attempt(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // Its message may quote texts, and the default handler of the thread would print it.
                LOG.log(
                        Level.WARNING,
                        "reader of a stream threw {0}, which it must not",
                        e.getClass().getName());
            }
        }
    }
}
