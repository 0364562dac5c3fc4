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
 * Checks texts: has an evaluator assess them, applies a policy, and returns a verdict. Thread-safe.
 *
 * <pre>{@code
 * try (SafetyGuard guard = SafetyGuard.create()) {
 *     Verdict verdict = guard.check(instruction, response);
 *     String shown = verdict.released() ? response : guard.policy().replacement(Locale.ENGLISH);
 * }
 * }</pre>
 *
 * <p>A check never throws because of a text or a failing evaluator. The verdict on a text that could not be checked says why, and
 * the fail mode decides its outcome. This covers an evaluator that throws, returns null or misses the deadline; too many texts at
 * a time; an interrupted thread, which stays interrupted; and a closed guard or evaluator.
 *
 * <p>If the guard evaluates on {@linkplain GuardThreads its own threads}, no caller waits longer than the deadline. A late
 * evaluation is interrupted; one that ignores the interrupt counts towards {@link Builder#maxConcurrent} until it ends.
 *
 * <p>A response is checked with the last message of the user. If it passes, and takes up earlier messages of the user, it is
 * checked once more together with them, and the more severe decision counts: an exchange about something else is never blocked
 * because of an old turn. If a text is longer than the evaluator reads at once, the guard has the rest evaluated in segments, any
 * of which may block it.
 */
public final class SafetyGuard implements AutoCloseable {
    /** The length, in chars, up to which what an LLM says beside its calls of tools is not checked as a response as well. */
    public static final int MAX_INTERIM = 300;

    private final SafetyEvaluator evaluator;
    private final SafetyPolicy policy;
    private final FailMode failMode;
    private final boolean closeEvaluator;
    private final boolean nonBlocking;
    private final ExchangeChecker checker;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SafetyGuard(GuardSettings settings, SafetyEvaluator evaluator, boolean closeEvaluator) {
        this.evaluator = evaluator;
        this.closeEvaluator = closeEvaluator;
        policy = settings.policy == null ? SafetyPolicy.defaults() : settings.policy;
        failMode = settings.failMode == null ? FailMode.CLOSED : settings.failMode;
        checker = new ExchangeChecker(settings, evaluator, policy, failMode);
        nonBlocking = checker.isInline() && evaluator.isNonBlocking();
    }

    /**
     * Returns a guard with the {@linkplain SafetyEvaluator#createForGuard() best evaluator on the class path} and the default policy,
     * which fails closed. Closing the guard closes the evaluator.
     *
     * @throws IllegalStateException if there is no such evaluator
     */
    public static SafetyGuard create() {
        return builder().build();
    }

    /** Returns a guard with the default policy that fails closed. Closing the guard leaves the evaluator open. */
    public static SafetyGuard of(SafetyEvaluator evaluator) {
        return builder().evaluator(evaluator).build();
    }

    /** Returns a guard that fails closed. Closing the guard leaves the evaluator open. */
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

    /** Returns the verdict on the response to the last message of a conversation. */
    public Verdict check(Conversation conversation, String response) {
        return checker.check(CheckRequest.of(conversation, response, null, checker.now()));
    }

    /**
     * Returns a future of the verdict on the response to the last message of a conversation; already completed if the evaluator
     * works on the calling thread. Cancelling the future interrupts the evaluation. The future never completes exceptionally by
     * itself. It may complete on one of the guard's threads, which dependent actions should not block.
     */
    public CompletableFuture<Verdict> checkAsync(Conversation conversation, String response) {
        return checker.checkAsync(CheckRequest.of(conversation, response, null, checker.now()));
    }

    /**
     * Returns the verdict on a window of a response that is still being written. If the window is blocked by a small margin, it is
     * checked once more after the head: what follows a refusal is often not a response to the instruction.
     *
     * @param head text that precedes the window in the response; may be empty
     */
    public Verdict checkWindow(Conversation conversation, String text, String head, Verdict.Window window) {
        return checker.check(
                CheckRequest.of(conversation, text, head, Objects.requireNonNull(window, "window"), checker.now()));
    }

    /** Returns a future of the verdict on a window, as {@link #checkWindow} and {@link #checkAsync} describe. */
    public CompletableFuture<Verdict> checkWindowAsync(
            Conversation conversation, String text, String head, Verdict.Window window) {
        return checker.checkAsync(
                CheckRequest.of(conversation, text, head, Objects.requireNonNull(window, "window"), checker.now()));
    }

    /**
     * Returns the verdict on what an LLM says beside its calls of tools, before it responds to the last message of a
     * conversation. Its own words count: "Let me look that up" is not compliance, whatever was asked. A long text, or one
     * that is in doubt by itself, is checked as a response as well.
     */
    public Verdict checkInterim(Conversation conversation, String text) {
        return checker.check(CheckRequest.ofInterim(conversation, text, checker.now()));
    }

    /** Returns a future of the verdict on such a text, as {@link #checkInterim} and {@link #checkAsync} describe. */
    public CompletableFuture<Verdict> checkInterimAsync(Conversation conversation, String text) {
        return checker.checkAsync(CheckRequest.ofInterim(conversation, text, checker.now()));
    }

    /** Returns the verdict on an instruction that has no response yet. */
    public Verdict checkInstruction(String instruction) {
        return checkInstruction(Conversation.of(Objects.requireNonNull(instruction, "instruction")));
    }

    /**
     * Returns the verdict on the last message of the user, which has no response yet. Messages just before it that have none,
     * either, are read with it only if it names nothing, or the same as they do.
     */
    public Verdict checkInstruction(Conversation conversation) {
        return checker.check(CheckRequest.of(conversation, checker.now()));
    }

    /**
     * Returns a verdict that blocks a response in any fail mode for a reason other than its text, for example because its source
     * went silent. Listeners receive it.
     */
    public Verdict block(Conversation conversation, Reason reason, Verdict.Window window) {
        return checker.decided(
                CheckRequest.of(conversation, "", window, checker.now()), Decision.of(Outcome.BLOCK, reason));
    }

    /** Returns a guarded chatbot: a response that is not released is replaced by the policy's English replacement text. */
    public Function<String, String> guarding(Function<String, String> chatbot) {
        return guarding(chatbot, Locale.ENGLISH);
    }

    /**
     * Returns a guarded chatbot: a response that is not released is replaced by the policy's replacement text in a language. A null
     * response becomes an empty one.
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

    /** Returns the name of the evaluator, including its version. */
    public String evaluatorName() {
        return evaluator.name();
    }

    /** Returns how texts that could not be checked are treated. */
    public FailMode failMode() {
        return failMode;
    }

    /** Returns whether checks run on the calling thread and never block it, so that event loops may call them. */
    public boolean isNonBlocking() {
        return nonBlocking;
    }

    /** Returns the guard's workers, for tests. */
    @Nullable
    WorkerPool workers() {
        return checker.workers();
    }

    /**
     * Cancels running checks and ends the guard's threads. Later texts are not checked, for the reason {@link Reason#CLOSED}. An
     * evaluator that the guard created is closed; one that it was given only if {@link Builder#closeEvaluator} says so. Closing
     * again does nothing.
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

        /**
         * Sets the evaluator, which the guard does not close unless told to. By default, the guard creates the {@linkplain
         * SafetyEvaluator#createForGuard() best one on the class path} and closes it.
         */
        public Builder evaluator(SafetyEvaluator value) {
            Objects.requireNonNull(value, "evaluator");
            if (settings.evaluator != null) {
                throw new IllegalStateException("evaluator must be set once, but was " + settings.evaluator.name()
                        + " and then " + value.name());
            }
            settings.evaluator = value;
            return this;
        }

        /** Sets the policy; {@link SafetyPolicy#defaults()} by default. */
        public Builder policy(SafetyPolicy value) {
            Objects.requireNonNull(value, "policy");
            if (settings.policy != null) {
                throw new IllegalStateException("policy must be set once, but was " + settings.policy.version()
                        + " and then " + value.version());
            }
            settings.policy = value;
            return this;
        }

        /** Sets how texts that could not be checked are treated; {@link FailMode#CLOSED} by default. */
        public Builder failMode(FailMode value) {
            Objects.requireNonNull(value, "failMode");
            settings.failMode = BuilderChecks.setOnce("failMode", settings.failMode, value);
            return this;
        }

        /**
         * Sets the time limit of a check, counted from the call and including the wait for a thread; 5 seconds by default. An
         * evaluator that may wait cannot be held to it on the {@linkplain GuardThreads#CALLER calling thread}.
         */
        public Builder deadline(Duration value) {
            GuardSettings.positive("deadline", Objects.requireNonNull(value, "deadline"));
            settings.deadline = BuilderChecks.setOnce("deadline", settings.deadline, value);
            return this;
        }

        /**
         * Sets which threads evaluate; {@link GuardThreads#CALLER} by default for an evaluator that never blocks, {@link
         * GuardThreads#PLATFORM} for others.
         */
        public Builder threads(GuardThreads value) {
            Objects.requireNonNull(value, "threads");
            settings.threads = BuilderChecks.setOnce("threads", settings.threads, value);
            return this;
        }

        /**
         * Sets an executor that evaluates instead of the guard's threads. It must not run tasks on the calling thread, which could
         * then not stop waiting at the deadline. It should have {@link #maxConcurrent} free threads: with fewer, texts wait in the
         * executor, and the guard accepts some that it cannot evaluate in time; one whose deadline has passed there is not
         * evaluated. The guard never shuts it down.
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
         * Sets how many texts are evaluated at a time: by default 16, or 256 on virtual threads; unlimited on the callers' threads,
         * where a text beyond the limit is not checked at all.
         */
        public Builder maxConcurrent(int value) {
            BuilderChecks.requireAtLeast("maxConcurrent", 1, value);
            settings.maxConcurrent = BuilderChecks.setOnce("maxConcurrent", settings.maxConcurrent, value);
            return this;
        }

        /**
         * Sets how many texts may wait for a thread; 1,000 by default. A further text is not checked, for the reason {@link
         * Reason#OVERLOADED}; nor is one that would have to wait, at the present pace, for so long that its evaluation would miss
         * the deadline.
         */
        public Builder maxWaiting(int value) {
            BuilderChecks.requireAtLeast("maxWaiting", 0, value);
            settings.maxWaiting = BuilderChecks.setOnce("maxWaiting", settings.maxWaiting, value);
            return this;
        }

        /**
         * Sets the maximum length of an instruction and of a response, in chars; 1,000,000 by default. If either is longer, neither
         * is read, for the reason {@link Reason#TOO_LONG}.
         */
        public Builder maxCharacters(int value) {
            BuilderChecks.requireAtLeast("maxCharacters", 1, value);
            settings.maxCharacters = BuilderChecks.setOnce("maxCharacters", settings.maxCharacters, value);
            return this;
        }

        /** Sets how many earlier turns of the user may be read with an exchange; 3 by default, 0 for none. */
        public Builder contextTurns(int value) {
            BuilderChecks.requireAtLeast("contextTurns", 0, value);
            settings.contextTurns = BuilderChecks.setOnce("contextTurns", settings.contextTurns, value);
            return this;
        }

        /** Sets how many chars of earlier turns may be read with an exchange; 2,000 by default. */
        public Builder contextCharacters(int value) {
            BuilderChecks.requireAtLeast("contextCharacters", 0, value);
            settings.contextCharacters = BuilderChecks.setOnce("contextCharacters", settings.contextCharacters, value);
            return this;
        }

        /**
         * Makes the guard remember a number of assessments, by checksums of the texts rather than the texts; none by default.
         * Failures that may be temporary are not remembered. Requires Caffeine.
         */
        public Builder cache(long maximumSize) {
            if (maximumSize < 1) {
                throw new IllegalArgumentException("cache must be at least 1, but was " + maximumSize);
            }
            settings.cacheSize = BuilderChecks.setOnce("cache", settings.cacheSize, maximumSize);
            return this;
        }

        /** Sets how long an assessment is remembered; by default, as long as there is room. */
        public Builder cacheExpiry(Duration value) {
            GuardSettings.positive("cacheExpiry", Objects.requireNonNull(value, "cacheExpiry"));
            settings.cacheExpiry = BuilderChecks.setOnce("cacheExpiry", settings.cacheExpiry, value);
            return this;
        }

        /** Sets whether closing the guard closes the given evaluator; false by default. */
        public Builder closeEvaluator(boolean value) {
            settings.closeEvaluator = BuilderChecks.setOnce("closeEvaluator", settings.closeEvaluator, value);
            return this;
        }

        /** Adds a listener. */
        public Builder listener(GuardListener listener) {
            settings.listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Sets the clock, in nanoseconds, for tests. */
        Builder clock(LongSupplier value) {
            settings.clock = value;
            return this;
        }

        /**
         * Returns the guard.
         *
         * @throws IllegalStateException if options contradict each other, or something they need is missing: an evaluator on the
         *     class path, Caffeine, or a Java version with virtual threads
         */
        public SafetyGuard build() {
            SafetyEvaluator given = settings.evaluator;
            if (given != null) {
                return new SafetyGuard(settings, given, settings.closeEvaluator != null && settings.closeEvaluator);
            }
            if (settings.closeEvaluator != null) {
                throw new IllegalStateException(
                        "closeEvaluator must come with evaluator, but was " + settings.closeEvaluator + " without");
            }
            SafetyEvaluator created = SafetyEvaluator.createForGuard();
            try {
                return new SafetyGuard(settings, created, true);
            } catch (RuntimeException | Error e) {
                created.close();
                throw e;
            }
        }
    }
}
