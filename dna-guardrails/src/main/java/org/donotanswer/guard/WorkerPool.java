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
 * Runs checks on threads other than the calling one, with limits on how many run and how many wait, and ends those
 * that miss their {@link Deadline}. Thread-safe.
 *
 * <p>Checks start in the order of their calls. Without more, each would start just before its deadline once the wait is as long as
 * that, and hardly any would end in time, although all threads work. So one that cannot end in time at the present pace is refused
 * at once, and one whose remaining time is too short gives its turn to the next.
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
    private final Set<CheckTask> tasks = ConcurrentHashMap.newKeySet();
    private final EvaluationTimes times = new EvaluationTimes();
    private final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);
    private volatile boolean closed;

    // Guarded by waiting.
    private final Set<CheckTask> waiting = new LinkedHashSet<>();
    private final Set<CheckTask> started = new HashSet<>();
    private final Set<CheckTask> notBegun = new HashSet<>();

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
     * Returns a pool with its own threads.
     *
     * @throws IllegalStateException if they are to be virtual and this Java has none
     */
    static WorkerPool of(GuardThreads threads, int maxConcurrent, int maxWaiting, FailMode failMode) {
        String name = "safety-guard-" + NUMBERS.incrementAndGet() + "-";
        ThreadFactory factory = threads == GuardThreads.VIRTUAL ? virtual(name) : DaemonThreads.numbered(name);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                maxConcurrent, maxConcurrent, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return new WorkerPool(pool, pool, name, maxConcurrent, maxWaiting, failMode);
    }

    /** Returns a pool that uses an executor. */
    static WorkerPool of(Executor executor, int maxConcurrent, int maxWaiting, FailMode failMode) {
        String name = "safety-guard-" + NUMBERS.incrementAndGet() + "-";
        return new WorkerPool(executor, null, name, maxConcurrent, maxWaiting, failMode);
    }

    /** Found by reflection because the library is compiled for a Java version without virtual threads. */
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

    /**
     * Submits work and returns its task; the task has already ended if there is no room, the wait would be too long, or the pool is
     * closed.
     */
    CheckTask submit(Supplier<CheckResult> work, Deadline deadline) {
        if (!acquire()) {
            return CheckTask.ended(failed(closed ? Reason.CLOSED : Reason.OVERLOADED), this, deadline);
        }
        CheckTask task = new CheckTask(work, failed(Reason.EVALUATOR_FAILED), this, deadline);
        tasks.add(task);
        if (closed) {
            task.end(failed(Reason.CLOSED));
        } else if (addWaiting(task)) {
            startWaiting();
        } else {
            task.end(failed(Reason.OVERLOADED));
        }
        return task;
    }

    /** Lets a task wait for its turn; returns false if it could not end in time. */
    private boolean addWaiting(CheckTask task) {
        synchronized (waiting) {
            boolean mustWait = started.size() + waiting.size() >= maxConcurrent;
            double wait = times.mean() * (waiting.size() + 1) / maxConcurrent;
            if (mustWait && wait + times.most() > task.deadline().remaining()) {
                return false;
            }
            return waiting.add(task);
        }
    }

    /**
     * Gives the executor only as many tasks as may run now. The rest waits here, because the executor may have more
     * threads than may evaluate at a time.
     */
    private void startWaiting() {
        boolean outer = starting.get();
        starting.set(true);
        try {
            while (startNext()) {
                // Each may leave room for another one.
            }
        } finally {
            if (!outer) {
                starting.remove();
            }
        }
    }

    /** Starts the next task, or ends it if it is late and another one waits; returns false if none may start now. */
    private boolean startNext() {
        CheckTask task;
        boolean late;
        synchronized (waiting) {
            Iterator<CheckTask> iterator = waiting.iterator();
            if (closed || started.size() >= maxConcurrent || !iterator.hasNext()) {
                return false;
            }
            task = iterator.next();
            iterator.remove();
            late = iterator.hasNext() && isLate(task);
            if (!late) {
                started.add(task);
                notBegun.add(task);
            }
        }
        if (late) {
            endElsewhere(task, Reason.OVERLOADED);
        } else {
            start(task);
        }
        return true;
    }

    private boolean isLate(CheckTask task) {
        return times.most() > task.deadline().remaining();
    }

    /** Ends a task on a thread that may have the result of another check to deliver, or be that of another caller. */
    private void endElsewhere(CheckTask task, Reason reason) {
        task.end(failed(reason), timer);
    }

    /**
     * Called when a thread is about to run a task. Ends it if its deadline has passed, or if it is late and another one waits: the
     * executor may have fewer free threads than may evaluate at a time, and its tasks wait there.
     */
    void begin(CheckTask task) {
        boolean late;
        synchronized (waiting) {
            notBegun.remove(task);
            late = !(waiting.isEmpty() && notBegun.isEmpty()) && isLate(task);
        }
        if (task.deadline().hasPassed()) {
            // It would end at once, and count as a quick evaluation.
            endElsewhere(task, Reason.DEADLINE_EXCEEDED);
        } else if (late) {
            endElsewhere(task, Reason.OVERLOADED);
        }
    }

    private void start(CheckTask task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // An OutOfMemoryError also means that no further thread can be created.
            endElsewhere(task, closed ? Reason.CLOSED : Reason.OVERLOADED);
        } catch (RuntimeException e) {
            // The executor may be third-party code. The task has ended, whether it still runs or not.
            endElsewhere(task, Reason.MISCONFIGURED);
        }
    }

    /** Waits for the task until its deadline, then ends it; returns its result. */
    CheckResult await(CheckTask task) {
        try {
            return task.future().get(task.deadline().remaining(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.end(failed(Reason.DEADLINE_EXCEEDED));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            task.end(failed(Reason.CANCELLED));
        } catch (ExecutionException e) {
            throw new AssertionError("a task never ends exceptionally", e);
        }
        return task.future().join();
    }

    /** Ends the task at its deadline, unless it ends earlier. */
    void endAtDeadline(CheckTask task) {
        try {
            ScheduledFuture<?> end = timer.schedule(
                    () -> task.end(failed(Reason.DEADLINE_EXCEEDED)),
                    task.deadline().remaining(),
                    TimeUnit.NANOSECONDS);
            var ignored = task.future().thenRun(() -> end.cancel(false));
        } catch (RejectedExecutionException e) {
            task.end(failed(Reason.CLOSED));
        }
    }

    /** Ends a task that its caller cancelled. */
    void cancel(CheckTask task) {
        task.end(failed(Reason.CANCELLED));
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

    /** Called when the work of a task took a time, in nanoseconds, before it ended or heeded an interrupt. */
    void ran(long nanos, boolean interrupted) {
        if (interrupted) {
            times.addAtLeast(nanos);
        } else {
            times.add(nanos);
        }
    }

    /** Called when a task has ended and its thread is free again. */
    void release(CheckTask task) {
        tasks.remove(task);
        synchronized (waiting) {
            waiting.remove(task);
            started.remove(task);
            notBegun.remove(task);
        }
        taken.decrementAndGet();
        if (!starting.get()) {
            // Otherwise the executor ran the task at once, and the loop that submitted it goes on, without recursion.
            startWaiting();
        }
    }

    /** Called when a task ended before it started. */
    void withdraw(CheckTask task) {
        if (pool != null) {
            pool.remove(task);
        }
        release(task);
    }

    /** Returns the prefix of the names of all its threads. */
    String name() {
        return name;
    }

    /** Returns how many tasks hold a permit. */
    int held() {
        return taken.get();
    }

    /** Ends all tasks, and the threads as soon as their evaluations respond to the interrupt. */
    @Override
    public void close() {
        closed = true;
        tasks.forEach(task -> task.end(failed(Reason.CLOSED)));
        if (pool != null) {
            pool.shutdownNow();
        }
        // What it has to deliver is still delivered; all deadlines are cancelled, as their tasks have ended.
        timer.shutdown();
    }
}
