package org.donotanswer.guard;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Has an evaluator judge texts, in time and whatever happens, and a policy decide on them. Thread-safe.
 *
 * <p>No text, and no failure of the evaluator, makes a judgement throw: what could not be judged has a verdict that says why,
 * and its outcome is the fail mode's. That holds for an evaluator that throws, returns nothing, or does not answer before the
 * deadline; where too many texts are being judged already; for an interrupted thread, which stays interrupted; and for a guard or
 * an evaluator that was closed.
 *
 * <p>Where it evaluates on {@linkplain GuardThreads threads of its own}, nobody waits longer than the deadline. An evaluation that
 * is late is interrupted; one that does not heed this keeps its place among the {@link Builder#maxConcurrent} until it ends.
 *
 * <p>An answer is judged with what the user said just before it. If that passes, and the answer takes up what the user said
 * further back, it is judged once more with these earlier turns, and the more severe decision counts: so an exchange about
 * something else is never blocked for an old turn. Of a text that is longer than the evaluator reads at once, the guard has the
 * rest read in parts; any of them may block it.
 */
public final class SafetyGuard implements AutoCloseable {
    private final SafetyEvaluator evaluator;
    private final SafetyPolicy policy;
    private final FailMode failMode;
    private final boolean closeEvaluator;
    private final boolean nonBlocking;
    private final ExchangeChecker checker;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SafetyGuard(GuardSettings settings) {
        if (settings.evaluator == null) {
            throw new IllegalStateException("evaluator must be set, but was not");
        }
        evaluator = settings.evaluator;
        policy = settings.policy == null ? SafetyPolicy.defaults() : settings.policy;
        failMode = settings.failMode == null ? FailMode.CLOSED : settings.failMode;
        closeEvaluator = settings.closeEvaluator != null && settings.closeEvaluator;
        checker = new ExchangeChecker(settings, evaluator, policy, failMode);
        nonBlocking = checker.isInline() && evaluator.isNonBlocking();
    }

    /** Returns a guard with the default policy that fails closed. */
    public static SafetyGuard of(SafetyEvaluator evaluator) {
        return builder().evaluator(evaluator).build();
    }

    /** Returns a guard that fails closed. */
    public static SafetyGuard of(SafetyEvaluator evaluator, SafetyPolicy policy) {
        return builder().evaluator(evaluator).policy(policy).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the verdict on a response to an instruction. */
    public Verdict check(String instruction, String response) {
        return check(Conversation.of(Objects.requireNonNull(instruction, "instruction")), response);
    }

    /** Returns the verdict on the answer to the last words of a conversation. */
    public Verdict check(Conversation conversation, String response) {
        return checker.check(CheckRequest.of(conversation, response, null, checker.now()));
    }

    /**
     * Returns the verdict to come on the answer to the last words of a conversation; already there, if the evaluator works on
     * the calling thread. Cancelling the future interrupts the evaluation. The future never completes exceptionally by itself,
     * and may do so on a thread of the guard, on which what depends on it should not wait.
     */
    public CompletableFuture<Verdict> checkAsync(Conversation conversation, String response) {
        return checker.checkAsync(CheckRequest.of(conversation, response, null, checker.now()));
    }

    /**
     * Returns the verdict on a part of an answer that is still being written. If it is blocked by a small margin, it is judged once
     * more after the head, which stands before it in the answer: what follows a refusal is not the answer to the question.
     */
    public Verdict checkWindow(Conversation conversation, String text, String head, Verdict.Window window) {
        return checker.check(
                CheckRequest.of(conversation, text, head, Objects.requireNonNull(window, "window"), checker.now()));
    }

    /** Returns the verdict to come on a part of an answer that is still being written. */
    public CompletableFuture<Verdict> checkWindowAsync(
            Conversation conversation, String text, String head, Verdict.Window window) {
        return checker.checkAsync(
                CheckRequest.of(conversation, text, head, Objects.requireNonNull(window, "window"), checker.now()));
    }

    /** Returns the verdict on an instruction that has no answer yet. */
    public Verdict checkInstruction(String instruction) {
        return checkInstruction(Conversation.of(Objects.requireNonNull(instruction, "instruction")));
    }

    /**
     * Returns the verdict on the last words of the user, who has no answer yet; what the user said just before, and got none to
     * either, is read with them only where they name nothing, or the same.
     */
    public Verdict checkInstruction(Conversation conversation) {
        return checker.check(CheckRequest.of(conversation, checker.now()));
    }

    /**
     * Returns, and tells the listeners, the verdict on an answer that is blocked, in any fail mode, for another reason than its
     * text.
     */
    public Verdict block(Conversation conversation, Reason reason, Verdict.Window window) {
        return checker.answer(
                CheckRequest.of(conversation, "", window, checker.now()), Decision.of(Outcome.BLOCK, reason));
    }

    /** Returns a chatbot whose answers are guarded: one that is not released is replaced by the policy's text in English. */
    public Function<String, String> guarding(Function<String, String> chatbot) {
        return guarding(chatbot, Locale.ENGLISH);
    }

    /**
     * Returns a chatbot whose answers are guarded: one that is not released is replaced by the policy's text in a language. No
     * answer at all, null, is handed on as an empty one.
     */
    public Function<String, String> guarding(Function<String, String> chatbot, Locale language) {
        Objects.requireNonNull(chatbot, "chatbot");
        Objects.requireNonNull(language, "language");
        return instruction -> {
            String response = Objects.requireNonNullElse(chatbot.apply(instruction), "");
            return check(instruction, response).released() ? response : policy.replacement(language);
        };
    }

    /** Returns the policy. */
    public SafetyPolicy policy() {
        return policy;
    }

    /** Returns what becomes of texts that could not be judged. */
    public FailMode failMode() {
        return failMode;
    }

    /** Returns whether judging is short work of the calling thread alone, so that it may be done on one that must not wait. */
    public boolean isNonBlocking() {
        return nonBlocking;
    }

    /** Returns the guard's workers: for tests. */
    @Nullable
    WorkerPool workers() {
        return checker.workers();
    }

    /**
     * Ends what is being judged, and the guard's threads. What is judged afterwards could not be judged, for the reason {@link
     * Reason#CLOSED}. The evaluator, which may serve others, stays open, unless the guard was built to {@linkplain
     * Builder#closeEvaluator close it}. Closing it again does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        checker.close();
        if (closeEvaluator) {
            evaluator.close();
        }
    }

    /** Builds a guard. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private final GuardSettings settings = new GuardSettings();

        private Builder() {}

        /** Sets the evaluator. Required. */
        public Builder evaluator(SafetyEvaluator value) {
            Objects.requireNonNull(value, "evaluator");
            if (settings.evaluator != null) {
                throw new IllegalStateException("evaluator must be set once, but was " + settings.evaluator.name()
                        + " and then " + value.name());
            }
            settings.evaluator = value;
            return this;
        }

        /** Sets the policy; {@link SafetyPolicy#defaults()} if not set. */
        public Builder policy(SafetyPolicy value) {
            Objects.requireNonNull(value, "policy");
            if (settings.policy != null) {
                throw new IllegalStateException("policy must be set once, but was " + settings.policy.version()
                        + " and then " + value.version());
            }
            settings.policy = value;
            return this;
        }

        /** Sets what becomes of texts that could not be judged; {@link FailMode#CLOSED} if not set. */
        public Builder failMode(FailMode value) {
            Objects.requireNonNull(value, "failMode");
            settings.failMode = BuilderChecks.setOnce("failMode", settings.failMode, value);
            return this;
        }

        /**
         * Sets the time within which a judgement is made; 5 seconds if not set. It counts from the call, waiting for a thread
         * included.
         */
        public Builder deadline(Duration value) {
            GuardSettings.positive("deadline", Objects.requireNonNull(value, "deadline"));
            settings.deadline = BuilderChecks.setOnce("deadline", settings.deadline, value);
            return this;
        }

        /**
         * Sets on which threads is evaluated; {@link GuardThreads#CALLER} if not set and the evaluator never waits, else {@link
         * GuardThreads#PLATFORM}.
         */
        public Builder threads(GuardThreads value) {
            Objects.requireNonNull(value, "threads");
            settings.threads = BuilderChecks.setOnce("threads", settings.threads, value);
            return this;
        }

        /**
         * Sets an executor that evaluates in place of the guard's threads. It must not run what it is given on the calling
         * thread, which then could not stop waiting at the deadline. The guard never shuts it down.
         */
        public Builder executor(Executor value) {
            Objects.requireNonNull(value, "executor");
            if (settings.executor != null) {
                throw new IllegalStateException("executor must be set once, but was a "
                        + settings.executor.getClass().getName() + " and then a "
                        + value.getClass().getName());
            }
            settings.executor = value;
            return this;
        }

        /**
         * Sets how many texts are judged at a time; if not set 16, 256 on virtual threads, and any number on the callers'
         * threads, where one more is not judged at all.
         */
        public Builder maxConcurrent(int value) {
            BuilderChecks.requireAtLeast("maxConcurrent", 1, value);
            settings.maxConcurrent = BuilderChecks.setOnce("maxConcurrent", settings.maxConcurrent, value);
            return this;
        }

        /**
         * Sets how many texts may wait for a thread; 1,000 if not set. One more is not judged, for the reason {@link
         * Reason#OVERLOADED}.
         */
        public Builder maxWaiting(int value) {
            BuilderChecks.requireAtLeast("maxWaiting", 0, value);
            settings.maxWaiting = BuilderChecks.setOnce("maxWaiting", settings.maxWaiting, value);
            return this;
        }

        /**
         * Sets how many chars an instruction may have, and a response; 1,000,000 if not set. If either is longer, neither is
         * read, for the reason {@link Reason#TOO_LONG}.
         */
        public Builder maxCharacters(int value) {
            BuilderChecks.requireAtLeast("maxCharacters", 1, value);
            settings.maxCharacters = BuilderChecks.setOnce("maxCharacters", settings.maxCharacters, value);
            return this;
        }

        /** Sets how many earlier turns of the user may be read with an exchange; 3 if not set, 0 for none. */
        public Builder contextTurns(int value) {
            BuilderChecks.requireAtLeast("contextTurns", 0, value);
            settings.contextTurns = BuilderChecks.setOnce("contextTurns", settings.contextTurns, value);
            return this;
        }

        /** Sets how many chars of earlier turns may be read with an exchange; 2,000 if not set. */
        public Builder contextCharacters(int value) {
            BuilderChecks.requireAtLeast("contextCharacters", 0, value);
            settings.contextCharacters = BuilderChecks.setOnce("contextCharacters", settings.contextCharacters, value);
            return this;
        }

        /**
         * Has the guard remember so many assessments, by a checksum of the texts, not the texts; none if not set. What an
         * evaluator failed to assess is not remembered. Needs Caffeine on the class path.
         */
        public Builder cache(long maximumSize) {
            if (maximumSize < 1) {
                throw new IllegalArgumentException("cache must be at least 1, but was " + maximumSize);
            }
            settings.cacheSize = BuilderChecks.setOnce("cache", settings.cacheSize, maximumSize);
            return this;
        }

        /** Sets how long an assessment is remembered; as long as there is room if not set. */
        public Builder cacheExpiry(Duration value) {
            GuardSettings.positive("cacheExpiry", Objects.requireNonNull(value, "cacheExpiry"));
            settings.cacheExpiry = BuilderChecks.setOnce("cacheExpiry", settings.cacheExpiry, value);
            return this;
        }

        /** Sets whether closing the guard closes the evaluator; false if not set. */
        public Builder closeEvaluator(boolean value) {
            settings.closeEvaluator = BuilderChecks.setOnce("closeEvaluator", settings.closeEvaluator, value);
            return this;
        }

        /** Adds a listener. */
        public Builder listener(GuardListener listener) {
            settings.listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Sets the clock, in nanoseconds: for tests. */
        Builder clock(LongSupplier value) {
            settings.clock = value;
            return this;
        }

        /**
         * Returns the guard.
         *
         * @throws IllegalStateException if there is no evaluator, options contradict each other, or what they ask for is missing:
         *     Caffeine, or a Java with virtual threads
         */
        public SafetyGuard build() {
            return new SafetyGuard(settings);
        }
    }
}
