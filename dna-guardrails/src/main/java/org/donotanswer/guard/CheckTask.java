package org.donotanswer.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A judgement on another thread, which ends once: with what was judged, or before that with what a deadline, a cancellation or a
 * closed guard makes of it. Its permit is held while it waits for a thread and while it runs, that is, by an evaluation that does
 * not heed its interrupt until that really ends. Thread-safe.
 */
final class CheckTask implements Runnable {
    private enum State {
        WAITING,
        RUNNING,
        OVER
    }

    private final CheckResult broken;
    private final WorkerPool workers;
    private final AtomicReference<@Nullable CheckResult> end = new AtomicReference<>();
    private final CompletableFuture<CheckResult> outcome = new CompletableFuture<>();

    // Guarded by this.
    private State state = State.WAITING;
    private @Nullable Supplier<CheckResult> work;
    private @Nullable Thread runner;
    private boolean interrupted;

    /**
     * Makes a job that holds a permit.
     *
     * @param broken what it comes to if the work throws something, which it must not
     */
    CheckTask(Supplier<CheckResult> work, CheckResult broken, WorkerPool workers) {
        this.work = work;
        this.broken = broken;
        this.workers = workers;
    }

    /** Returns a job that was over before it could hold a permit. */
    static CheckTask over(CheckResult judgement, WorkerPool workers) {
        CheckTask job = new CheckTask(() -> judgement, judgement, workers);
        synchronized (job) {
            job.state = State.OVER;
        }
        job.end(judgement);
        return job;
    }

    /** Returns what the job comes to; never exceptionally. */
    CompletableFuture<CheckResult> outcome() {
        return outcome;
    }

    @Override
    public void run() {
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
        CheckResult judgement = broken;
        try {
            judgement = begun.get();
        } finally {
            synchronized (this) {
                state = State.OVER;
                runner = null;
                if (interrupted) {
                    // It was for this job only, and the thread has others to do.
                    boolean ignored = Thread.interrupted();
                }
            }
            try {
                workers.release(this);
            } finally {
                if (end.compareAndSet(null, judgement)) {
                    outcome.complete(judgement);
                }
            }
        }
    }

    /** Ends the job before its work does, unless it has ended; the work is interrupted, or not begun. */
    void end(CheckResult judgement) {
        if (end.compareAndSet(null, judgement)) {
            stop();
            outcome.complete(judgement);
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
            state = State.OVER;
            // An executor may keep the job longer than the texts should be kept.
            work = null;
        }
        workers.withdraw(this);
    }
}
