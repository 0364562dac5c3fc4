package org.donotanswer.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A check on another thread. It ends once: with the result of its work, or earlier because of a deadline, a
 * cancellation or a closed guard. It holds its permit while it waits for a thread and while it runs; an evaluation
 * that ignores its interrupt holds it until it really ends. Thread-safe.
 */
final class CheckTask implements Runnable {
    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final CheckResult failure;
    private final WorkerPool workers;
    private final Deadline deadline;
    private final AtomicReference<@Nullable CheckResult> end = new AtomicReference<>();
    private final CompletableFuture<CheckResult> future = new CompletableFuture<>();

    // Guarded by this.
    private State state = State.WAITING;
    private @Nullable Supplier<CheckResult> work;
    private @Nullable Thread runner;
    private boolean interrupted;

    /**
     * Creates a task that holds a permit.
     *
     * @param failure the result if the work throws, which it must not
     */
    CheckTask(Supplier<CheckResult> work, CheckResult failure, WorkerPool workers, Deadline deadline) {
        this.work = work;
        this.failure = failure;
        this.workers = workers;
        this.deadline = deadline;
    }

    /** Returns a task that ended before it could hold a permit. */
    static CheckTask ended(CheckResult result, WorkerPool workers, Deadline deadline) {
        CheckTask task = new CheckTask(() -> result, result, workers, deadline);
        synchronized (task) {
            task.state = State.ENDED;
        }
        task.end(result);
        return task;
    }

    /** Returns the future result; it never completes exceptionally. */
    CompletableFuture<CheckResult> future() {
        return future;
    }

    /** Returns by when it must have ended; to keep to that is up to the workers. */
    Deadline deadline() {
        return deadline;
    }

    @Override
    public void run() {
        workers.begin(this);
        Supplier<CheckResult> begun;
        synchronized (this) {
            begun = work;
            work = null;
            if (state != State.WAITING || begun == null) {
                return;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
        }
        CheckResult result = failure;
        long start = deadline.elapsed();
        try {
            result = begun.get();
        } finally {
            synchronized (this) {
                state = State.ENDED;
                runner = null;
                if (interrupted) {
                    // The interrupt was meant for this task only, and the thread will run others.
                    boolean ignored = Thread.interrupted();
                }
                workers.ran(deadline.elapsed() - start, interrupted);
            }
            // First, so that the deadline can no longer take what is there. Its callbacks run when the next task has
            // been started.
            boolean won = end.compareAndSet(null, result);
            try {
                workers.release(this);
            } finally {
                if (won) {
                    future.complete(result);
                }
            }
        }
    }

    /** Ends the task early, unless it has ended: its work is interrupted, or not started. */
    void end(CheckResult result) {
        end(result, Runnable::run);
    }

    /**
     * Ends the task early, as {@link #end(CheckResult)} does, on behalf of somebody who must not wait for its callbacks.
     *
     * @param callbacks runs what depends on the result; may throw, and then it runs on this thread
     */
    void end(CheckResult result, Executor callbacks) {
        if (end.compareAndSet(null, result)) {
            stop();
            try {
                callbacks.execute(() -> future.complete(result));
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                // An OutOfMemoryError also means that no further thread can be created.
                future.complete(result);
            }
        }
    }

    private void stop() {
        synchronized (this) {
            if (state == State.RUNNING && runner != null) {
                interrupted = true;
                runner.interrupt();
            }
            if (state != State.WAITING) {
                return;
            }
            state = State.ENDED;
            // An executor may keep the task longer than the texts should be kept.
            work = null;
        }
        workers.withdraw(this);
    }
}
