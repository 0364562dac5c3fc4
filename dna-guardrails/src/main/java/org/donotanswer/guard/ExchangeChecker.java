package org.donotanswer.guard;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a guard's checks, on the threads and within the limits that its options set. What misses its {@link
 * Deadline}, is cancelled or does not fit gets the {@link FailMode}'s decision. Thread-safe.
 */
final class ExchangeChecker implements AutoCloseable {
    private final String evaluator;
    private final SafetyPolicy policy;
    private final String policyVersion;
    private final FailMode failMode;
    private final GuardListeners listeners;
    private final EvaluatorCall call;
    private final @Nullable WorkerPool workers;
    private final AtomicInteger running = new AtomicInteger();
    private final int maxRunning;
    private final long deadlineNanos;
    private final int maxCharacters;
    private final ContextLimits context;
    private final LongSupplier clock;
    private volatile boolean closed;

    ExchangeChecker(GuardSettings settings, SafetyEvaluator asked, SafetyPolicy policy, FailMode failMode) {
        evaluator = asked.name();
        this.policy = policy;
        this.failMode = failMode;
        policyVersion = policy.version();
        listeners = new GuardListeners(settings.listeners);
        call = new EvaluatorCall(asked, evaluator, settings.cache(asked, policy));
        workers = settings.workers(asked, failMode);
        maxRunning = workers == null && settings.maxConcurrent != null ? settings.maxConcurrent : Integer.MAX_VALUE;
        deadlineNanos = settings.deadlineNanos();
        maxCharacters = settings.maxCharacters == null ? GuardSettings.DEFAULT_MAX_CHARACTERS : settings.maxCharacters;
        context = settings.context();
        clock = settings.clock;
    }

    /** Returns the current time, for the start of a check. */
    long now() {
        return clock.getAsLong();
    }

    /** Returns a verdict with a given decision, without an evaluation. */
    Verdict decided(CheckRequest request, Decision decision) {
        return verdict(request, CheckResult.of(decision), listeners.start(request));
    }

    /** Returns the verdict on a text. */
    Verdict check(CheckRequest request) {
        List<Consumer<Verdict>> ends = listeners.start(request);
        CheckResult result = withoutWorkers(request);
        if (result == null && workers != null) {
            result = workers.await(workers.submit(() -> evaluate(request), deadline(request)));
        }
        return verdict(request, Objects.requireNonNull(result), ends);
    }

    /** Returns a future of the verdict on a text. */
    CompletableFuture<Verdict> checkAsync(CheckRequest request) {
        List<Consumer<Verdict>> ends = listeners.start(request);
        CheckResult result = withoutWorkers(request);
        if (result != null || workers == null) {
            return CompletableFuture.completedFuture(verdict(request, Objects.requireNonNull(result), ends));
        }
        CheckTask task = workers.submit(() -> evaluate(request), deadline(request));
        workers.endAtDeadline(task);
        CompletableFuture<Verdict> future = new CompletableFuture<>();
        // Callers that complete the future themselves, for example by cancelling it, no longer want a result.
        var unused = future.whenComplete((verdict, error) -> workers.cancel(task));
        var unusedToo = task.future()
                .thenApply(ended -> verdict(request, ended, ends))
                .whenComplete((verdict, error) -> {
                    if (error == null) {
                        future.complete(verdict);
                    } else {
                        future.completeExceptionally(error);
                    }
                });
        return future;
    }

    /** Returns the result if no other thread is needed; otherwise null. */
    private @Nullable CheckResult withoutWorkers(CheckRequest request) {
        Reason stopped = stopped(request);
        if (stopped != null) {
            return CheckResult.failed(stopped, failMode);
        }
        if (request.isBlank()) {
            return CheckResult.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        if (request.length() > maxCharacters) {
            return CheckResult.failed(Reason.TOO_LONG, failMode);
        }
        if (workers != null) {
            return call.hasCache() ? evaluation(request, true).evaluate(request, context) : null;
        }
        if (maxRunning == Integer.MAX_VALUE) {
            return evaluate(request);
        }
        try {
            return running.incrementAndGet() > maxRunning
                    ? CheckResult.failed(Reason.OVERLOADED, failMode)
                    : evaluate(request);
        } finally {
            running.decrementAndGet();
        }
    }

    private CheckResult evaluate(CheckRequest request) {
        return Objects.requireNonNull(evaluation(request, false).evaluate(request, context));
    }

    private TextEvaluation evaluation(CheckRequest request, boolean cacheOnly) {
        return new TextEvaluation(call, policy, failMode, () -> stopped(request), cacheOnly);
    }

    /** Returns why a check must stop now; null if it may go on. */
    private @Nullable Reason stopped(CheckRequest request) {
        if (closed) {
            return Reason.CLOSED;
        }
        if (Thread.currentThread().isInterrupted()) {
            return Reason.CANCELLED;
        }
        return deadline(request).hasPassed() ? Reason.DEADLINE_EXCEEDED : null;
    }

    private Deadline deadline(CheckRequest request) {
        return new Deadline(request.start(), deadlineNanos, clock);
    }

    private Verdict verdict(CheckRequest request, CheckResult result, List<Consumer<Verdict>> ends) {
        Decision decision = result.decision();
        Outcome outcome = decision.outcome();
        Verdict verdict = new Verdict(
                request.subject(),
                decision,
                policy.shadow() || outcome == Outcome.ALLOW || (outcome == Outcome.REVIEW && !policy.holdsReviews()),
                policy.shadow(),
                Optional.ofNullable(result.assessment()),
                evaluator,
                policyVersion,
                result.truncated(),
                result.cached(),
                result.contextTurns(),
                Optional.ofNullable(request.window()),
                deadline(request).elapsed());
        listeners.end(verdict, request, ends);
        return verdict;
    }

    /** Returns whether evaluations run on the calling thread. */
    boolean isInline() {
        return workers == null;
    }

    /** Returns the workers, for tests; null if there are none. */
    @Nullable
    WorkerPool workers() {
        return workers;
    }

    /** Cancels running checks and ends the threads. */
    @Override
    public void close() {
        closed = true;
        if (workers != null) {
            workers.close();
        }
    }
}
