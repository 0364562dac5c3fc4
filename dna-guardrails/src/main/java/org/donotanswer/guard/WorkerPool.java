package org.donotanswer.guard;

import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/**
 * Runs judgements on threads that are not the caller's, so many at a time and so many waiting, each until its deadline.
 * Thread-safe.
 */
final class WorkerPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name;
    private final Executor executor;
    private final @Nullable ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;
    private final FailMode failMode;
    private final int maxConcurrent;
    private final int permits;
    private final AtomicInteger taken = new AtomicInteger();
    private final Set<CheckTask> jobs = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Boolean> handing = ThreadLocal.withInitial(() -> false);
    private volatile boolean closed;

    // Guarded by waiting.
    private final Set<CheckTask> waiting = new LinkedHashSet<>();
    private final Set<CheckTask> handedOut = new HashSet<>();

    private WorkerPool(
            Executor executor,
            @Nullable ThreadPoolExecutor pool,
            String name,
            int maxConcurrent,
            int maxWaiting,
            FailMode failMode) {
        this.name = name;
        this.executor = executor;
        this.pool = pool;
        this.maxConcurrent = maxConcurrent;
        permits = (int) Math.min(Integer.MAX_VALUE, (long) maxConcurrent + maxWaiting);
        this.failMode = failMode;
        timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.numbered(name + "deadline-"));
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Returns workers with threads of their own.
     *
     * @throws IllegalStateException if they are to be virtual, and this Java has none
     */
    static WorkerPool of(GuardThreads threads, int maxConcurrent, int maxWaiting, FailMode failMode) {
        String name = "safety-guard-" + NUMBERS.incrementAndGet() + "-";
        ThreadFactory factory = threads == GuardThreads.VIRTUAL ? virtual(name) : DaemonThreads.numbered(name);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                maxConcurrent, maxConcurrent, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return new WorkerPool(pool, pool, name, maxConcurrent, maxWaiting, failMode);
    }

    /** Returns workers with threads of someone else. */
    static WorkerPool of(Executor executor, int maxConcurrent, int maxWaiting, FailMode failMode) {
        String name = "safety-guard-" + NUMBERS.incrementAndGet() + "-";
        return new WorkerPool(executor, null, name, maxConcurrent, maxWaiting, failMode);
    }

    /** Found by reflection, as the library is compiled for a Java without them. */
    private static ThreadFactory virtual(String prefix) {
        try {
            Class<?> builders = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = builders.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
            return (ThreadFactory) builders.getMethod("factory").invoke(builder);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(
                    "threads must be CALLER or PLATFORM before Java 21, but was VIRTUAL (Java "
                            + Runtime.version().feature() + ")",
                    e);
        }
    }

    /** Hands the work to a thread, and returns the job of it; one that has ended if there is no place or no more work is done. */
    CheckTask submit(Supplier<CheckResult> work) {
        if (!acquire()) {
            return CheckTask.over(failed(closed ? Reason.CLOSED : Reason.OVERLOADED), this);
        }
        CheckTask job = new CheckTask(work, failed(Reason.EVALUATOR_FAILED), this);
        jobs.add(job);
        if (closed) {
            job.end(failed(Reason.CLOSED));
            return job;
        }
        synchronized (waiting) {
            waiting.add(job);
        }
        handOut();
        return job;
    }

    /**
     * Gives the executor what it may run now, which is all that it knows of: the rest waits here, as it may have more threads than
     * are to evaluate at a time.
     */
    private void handOut() {
        boolean outer = handing.get();
        handing.set(true);
        try {
            for (CheckTask job = next(); job != null; job = next()) {
                hand(job);
            }
        } finally {
            if (!outer) {
                handing.remove();
            }
        }
    }

    private @Nullable CheckTask next() {
        synchronized (waiting) {
            Iterator<CheckTask> jobs = waiting.iterator();
            if (closed || handedOut.size() >= maxConcurrent || !jobs.hasNext()) {
                return null;
            }
            CheckTask job = jobs.next();
            jobs.remove();
            handedOut.add(job);
            return job;
        }
    }

    private void hand(CheckTask job) {
        try {
            executor.execute(job);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // Where no more threads can be made, that is an OutOfMemoryError.
            job.end(failed(closed ? Reason.CLOSED : Reason.OVERLOADED));
        } catch (RuntimeException e) {
            // An executor may be anybody's. The job is over, whether it would still run or not.
            job.end(failed(Reason.MISCONFIGURED));
        }
    }

    /** Waits for the job at most so long; then ends it, and returns what it came to. */
    CheckResult await(CheckTask job, long nanos) {
        try {
            return job.outcome().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            job.end(failed(Reason.DEADLINE_EXCEEDED));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            job.end(failed(Reason.CANCELLED));
        } catch (ExecutionException e) {
            throw new AssertionError("a job never ends exceptionally", e);
        }
        return job.outcome().join();
    }

    /** Has the job end in so long, if it does not before. */
    void endAfter(CheckTask job, long nanos) {
        try {
            ScheduledFuture<?> deadline = timer.schedule(
                    () -> job.end(failed(Reason.DEADLINE_EXCEEDED)), Math.max(0, nanos), TimeUnit.NANOSECONDS);
            var ignored = job.outcome().thenRun(() -> deadline.cancel(false));
        } catch (RejectedExecutionException e) {
            job.end(failed(Reason.CLOSED));
        }
    }

    /** Ends a job whose caller wants it no more. */
    void cancel(CheckTask job) {
        job.end(failed(Reason.CANCELLED));
    }

    private CheckResult failed(Reason reason) {
        return CheckResult.failed(reason, failMode);
    }

    private boolean acquire() {
        int now;
        do {
            now = taken.get();
            if (now >= permits) {
                return false;
            }
        } while (!taken.compareAndSet(now, now + 1));
        return true;
    }

    /** Takes note that the job is over, and its thread free again. */
    void release(CheckTask job) {
        jobs.remove(job);
        synchronized (waiting) {
            waiting.remove(job);
            handedOut.remove(job);
        }
        taken.decrementAndGet();
        if (!handing.get()) {
            // Else the executor ran the job at once, and who gave it that goes on, without recursion.
            handOut();
        }
    }

    /** Takes note that the job was over before it began. */
    void withdraw(CheckTask job) {
        if (pool != null) {
            pool.remove(job);
        }
        release(job);
    }

    /** Returns what the names of all its threads begin with. */
    String name() {
        return name;
    }

    /** Returns how many jobs hold a permit. */
    int held() {
        return taken.get();
    }

    /** Ends all jobs, and the threads as soon as their evaluations heed that. */
    @Override
    public void close() {
        closed = true;
        jobs.forEach(job -> job.end(failed(Reason.CLOSED)));
        if (pool != null) {
            pool.shutdownNow();
        }
        timer.shutdownNow();
    }
}
