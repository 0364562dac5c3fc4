package org.donotanswer.guard.stream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
                new ScheduledThreadPoolExecutor(1, DaemonThreads.shared("dna-stream-timer"));
        private final ThreadPoolExecutor threads;
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        /** The number of threads that run tasks. */
        private final AtomicInteger running = new AtomicInteger();

        private Shared() {
            this(Duration.ofSeconds(KEEP_ALIVE_SECONDS));
        }

        /** Creates a timer whose threads end after a time without work. */
        Shared(Duration keepAlive) {
            scheduler.setRemoveOnCancelPolicy(true);
            scheduler.setKeepAliveTime(keepAlive.toNanos(), TimeUnit.NANOSECONDS);
            scheduler.allowCoreThreadTimeOut(true);
            // Not a ForkJoinPool: of its threads, only one ends at a time, each after another keep-alive. Not a
            // LinkedTransferQueue: before Java 21, threads that wait for one may never end (JDK-8301341).
            threads = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    keepAlive.toNanos(),
                    TimeUnit.NANOSECONDS,
                    new SynchronousQueue<>(),
                    DaemonThreads.shared("dna-stream-end"));
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
            waiting.add(task);
            if (takeThread()) {
                threads.execute(this::runWaiting);
            }
        }

        /** Returns whether one more thread may run tasks; it must then do so. */
        private boolean takeThread() {
            return running.getAndUpdate(count -> Math.min(count + 1, MAX_THREADS)) < MAX_THREADS;
        }

        private void runWaiting() {
            do {
                for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                    attempt(task);
                }
                running.decrementAndGet();
                // A task may have come after the last look, and found all threads taken.
            } while (!waiting.isEmpty() && takeThread());
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
