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

/** Asks an evaluator, or the cache, and makes an answer of whatever happens. Thread-safe if the evaluator is. */
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

    /** What came back: an assessment or, if there is none, a reason that is a failure. */
    record Answer(@Nullable Assessment assessment, @Nullable Reason failure, boolean cached) {}

    /** Returns whether there is a cache. */
    boolean hasCache() {
        return cache != null;
    }

    /** Returns what the evaluator says of a text; null if only the cache may be asked, and does not know it. */
    @Nullable
    Answer ask(Verdict.Subject subject, String instruction, String text, boolean cacheOnly) {
        if (cache == null) {
            return cacheOnly ? null : evaluate(subject, instruction, text);
        }
        CacheKey key = cache.key(subject, instruction, text);
        Assessment known = cache.get(key);
        if (known != null) {
            return new Answer(known, null, true);
        }
        if (cacheOnly) {
            return null;
        }
        Answer answer = evaluate(subject, instruction, text);
        if (answer.assessment() != null) {
            cache.put(key, answer.assessment());
        }
        return answer;
    }

    /**
     * The one place where everything is caught that an evaluator, which may be anybody's, throws: errors, and checked exceptions
     * of languages that do not check them, too. Were it handed on, each caller would have to fail safely by itself.
     */
    @SuppressWarnings("Interruption") // restores an interrupt that the evaluator swallowed
    private Answer evaluate(Verdict.Subject subject, String instruction, String text) {
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
            return failed(Reason.EVALUATOR_FAILED, "null");
        }
        if (!assessment.isScored() && Thread.currentThread().isInterrupted()) {
            return new Answer(null, Reason.CANCELLED, false);
        }
        return new Answer(assessment, null, false);
    }

    private static Reason reason(Throwable e) {
        if (Thread.currentThread().isInterrupted()) {
            return Reason.CANCELLED;
        }
        if (e instanceof LinkageError || e instanceof ServiceConfigurationError) {
            return Reason.MISCONFIGURED;
        }
        return e instanceof IllegalStateException && saysClosed(e) ? Reason.CLOSED : Reason.EVALUATOR_FAILED;
    }

    /** Returns whether it says what every evaluator of this library says after it was closed; it may throw instead. */
    @SuppressWarnings("Interruption") // restores an interrupt that the message swallowed
    private static boolean saysClosed(Throwable e) {
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

    /** Names, once each, what was thrown, never its message, which may hold user text. */
    private Answer failed(Reason reason, String what) {
        if (reason != Reason.CANCELLED && logged.size() < MAX_LOGGED && logged.add(what)) {
            LOG.log(Level.WARNING, "evaluator {0} must give an assessment, but was answering with {1}", name, what);
        }
        return new Answer(null, reason, false);
    }
}
