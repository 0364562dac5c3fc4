package org.donotanswer.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Gets assessments from the evaluator or the cache, and turns every failure into a result. Thread-safe if the
 * evaluator is.
 */
final class EvaluatorCall {
    private static final Logger LOG = System.getLogger(SafetyGuard.class.getName());
    private static final int MAX_LOGGED = 100;

    private final SafetyEvaluator evaluator;
    private final String name;
    private final @Nullable AssessmentCache cache;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    EvaluatorCall(SafetyEvaluator evaluator, String name, @Nullable AssessmentCache cache) {
        this.evaluator = evaluator;
        this.name = name;
        this.cache = cache;
    }

    /** An assessment or, if there is none, the reason for the failure. */
    record Result(@Nullable Assessment assessment, @Nullable Reason failure, boolean cached) {}

    /** Returns whether there is a cache. */
    boolean hasCache() {
        return cache != null;
    }

    /** Returns the assessment of a text; null if only the cache may be asked and does not contain it. */
    @Nullable
    Result assess(Verdict.Subject subject, String instruction, String text, boolean cacheOnly) {
        if (cache == null) {
            return cacheOnly ? null : evaluate(subject, instruction, text);
        }
        CacheKey key = cache.key(subject, instruction, text);
        Assessment known = cache.get(key);
        if (known != null) {
            return new Result(known, null, true);
        }
        if (cacheOnly) {
            return null;
        }
        Result result = evaluate(subject, instruction, text);
        if (result.assessment() != null) {
            cache.put(key, result.assessment());
        }
        return result;
    }

    /**
     * Catches whatever an evaluator throws, which may be third-party code: errors, and undeclared checked exceptions
     * of languages that do not check them. This is the only place that does so; otherwise every caller would have to
     * fail safely itself.
     */
    @SuppressWarnings("Interruption") // restores an interrupt that the evaluator swallowed
    private Result evaluate(Verdict.Subject subject, String instruction, String text) {
        Assessment assessment;
        try {
            assessment = subject == Verdict.Subject.INSTRUCTION
                    ? evaluator.evaluateInstruction(text)
                    : evaluator.evaluate(new Exchange(instruction, text));
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return failed(reason(e), e.getClass().getName());
        }
        if (assessment == null) {
            return failed(Reason.EVALUATOR_FAILED, "returned null");
        }
        if (!assessment.isScored() && Thread.currentThread().isInterrupted()) {
            return new Result(null, Reason.CANCELLED, false);
        }
        return new Result(assessment, null, false);
    }

    private static Reason reason(Throwable e) {
        if (Thread.currentThread().isInterrupted()) {
            return Reason.CANCELLED;
        }
        if (e instanceof LinkageError || e instanceof ServiceConfigurationError) {
            return Reason.MISCONFIGURED;
        }
        return e instanceof IllegalStateException && isClosedMessage(e) ? Reason.CLOSED : Reason.EVALUATOR_FAILED;
    }

    /**
     * Returns whether an exception has the message that every evaluator of this library gives after it was closed.
     * Getting the message may throw, too.
     */
    @SuppressWarnings("Interruption") // restores an interrupt that the message swallowed
    private static boolean isClosedMessage(Throwable e) {
        try {
            String message = e.getMessage();
            return message != null && message.endsWith(" is closed");
        } catch (Throwable broken) {
            if (broken instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }

    /** Logs the class of each failure once, never its message, which may contain user text. */
    private Result failed(Reason reason, String what) {
        if (reason != Reason.CANCELLED && logged.size() < MAX_LOGGED && logged.add(what)) {
            LOG.log(Level.WARNING, "evaluator {0} failed: {1}", name, what);
        }
        return new Result(null, reason, false);
    }
}
