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

/** Answers a guard's questions, on the threads and within the limits that its options set. Thread-safe. */
final class ExchangeChecker implements AutoCloseable {
    private final String evaluator;
    private final SafetyPolicy policy;
    private final String policyVersion;
    private final FailMode failMode;
    private final GuardListeners listeners;
    private final EvaluatorCall asker;
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
        asker = new EvaluatorCall(asked, evaluator, settings.cache(asked, policy));
        workers = settings.workers(settings.threads(asked), failMode);
        maxRunning = workers == null && settings.maxConcurrent != null ? settings.maxConcurrent : Integer.MAX_VALUE;
        deadlineNanos = settings.deadlineNanos();
        maxCharacters = settings.maxCharacters == null ? GuardSettings.MAX_CHARACTERS : settings.maxCharacters;
        context = settings.context();
        clock = settings.clock;
    }

    /** Returns the time that a question begins. */
    long now() {
        return clock.getAsLong();
    }

    /** Returns the verdict on a question that is answered without being judged. */
    Verdict answer(CheckRequest question, Decision decision) {
        return verdict(question, CheckResult.of(decision), listeners.start(question));
    }

    /** Returns the verdict on a question. */
    Verdict check(CheckRequest question) {
        List<Consumer<Verdict>> ends = listeners.start(question);
        CheckResult judgement = atOnce(question);
        if (judgement == null && workers != null) {
            CheckTask job = workers.submit(() -> read(question));
            judgement = workers.await(job, deadlineNanos - elapsed(question));
        }
        return verdict(question, Objects.requireNonNull(judgement), ends);
    }

    /** Returns the verdict to come on a question. */
    CompletableFuture<Verdict> checkAsync(CheckRequest question) {
        List<Consumer<Verdict>> ends = listeners.start(question);
        CheckResult judgement = atOnce(question);
        if (judgement != null || workers == null) {
            return CompletableFuture.completedFuture(verdict(question, Objects.requireNonNull(judgement), ends));
        }
        CheckTask job = workers.submit(() -> read(question));
        workers.endAfter(job, deadlineNanos - elapsed(question));
        CompletableFuture<Verdict> future = new CompletableFuture<>();
        // Whoever completes the future, by cancelling it for instance, wants no judgement any more.
        var unused = future.whenComplete((verdict, error) -> workers.cancel(job));
        var unusedToo = job.outcome()
                .thenApply(ended -> verdict(question, ended, ends))
                .whenComplete((verdict, error) -> {
                    if (error == null) {
                        future.complete(verdict);
                    } else {
                        future.completeExceptionally(error);
                    }
                });
        return future;
    }

    /** Returns the judgement if it needs no other thread; else null. */
    private @Nullable CheckResult atOnce(CheckRequest question) {
        Reason stopped = stopped(question);
        if (stopped != null) {
            return CheckResult.failed(stopped, failMode);
        }
        if (question.isBlank()) {
            return CheckResult.of(Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE));
        }
        if (question.length() > maxCharacters) {
            return CheckResult.failed(Reason.TOO_LONG, failMode);
        }
        if (workers != null) {
            return asker.hasCache() ? reading(question, true).read(question, context) : null;
        }
        if (maxRunning == Integer.MAX_VALUE) {
            return read(question);
        }
        try {
            return running.incrementAndGet() > maxRunning
                    ? CheckResult.failed(Reason.OVERLOADED, failMode)
                    : read(question);
        } finally {
            running.decrementAndGet();
        }
    }

    private CheckResult read(CheckRequest question) {
        return Objects.requireNonNull(reading(question, false).read(question, context));
    }

    private TextEvaluation reading(CheckRequest question, boolean cacheOnly) {
        return new TextEvaluation(asker, policy, failMode, () -> stopped(question), cacheOnly);
    }

    private @Nullable Reason stopped(CheckRequest question) {
        if (closed) {
            return Reason.CLOSED;
        }
        if (Thread.currentThread().isInterrupted()) {
            return Reason.CANCELLED;
        }
        return elapsed(question) > deadlineNanos ? Reason.DEADLINE_EXCEEDED : null;
    }

    private long elapsed(CheckRequest question) {
        return clock.getAsLong() - question.start();
    }

    private Verdict verdict(CheckRequest question, CheckResult judgement, List<Consumer<Verdict>> ends) {
        Decision decision = judgement.decision();
        Outcome outcome = decision.outcome();
        Verdict verdict = new Verdict(
                question.subject(),
                decision,
                policy.shadow() || outcome == Outcome.ALLOW || (outcome == Outcome.REVIEW && !policy.holdsReviews()),
                policy.shadow(),
                Optional.ofNullable(judgement.assessment()),
                evaluator,
                policyVersion,
                judgement.truncated(),
                judgement.cached(),
                judgement.contextTurns(),
                Optional.ofNullable(question.window()),
                elapsed(question));
        listeners.tell(verdict, question, ends);
        return verdict;
    }

    /** Returns whether the calling thread does the work. */
    boolean isInline() {
        return workers == null;
    }

    /** Returns the workers; null if there are none: for tests. */
    @Nullable
    WorkerPool workers() {
        return workers;
    }

    /** Ends what is being judged, and the threads. */
    @Override
    public void close() {
        closed = true;
        if (workers != null) {
            workers.close();
        }
    }
}
