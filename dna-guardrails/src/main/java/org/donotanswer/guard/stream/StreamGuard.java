package org.donotanswer.guard.stream;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Guards answers while they are written: tokens are held back until the windows that contain them have passed, and are handed on
 * joined exactly as they came. When the answer is complete, the guard judges it once more as a whole, by all rules of the policy;
 * until then its tail is held back. What was not released when a window or the whole is blocked never is.
 *
 * <p>A window ends at a sentence's end, or where it gets too long, and shares an overlap with the next. Any span of text that is
 * no longer than the overlap lies in one window as a whole, and nothing of it is released before that window has passed. What
 * is released, and what is decided, hangs on the text of the answer alone, not on how it was cut into tokens. All windows
 * together are no longer than a few times the answer. A window that the evaluator cannot score because it has no words, or seems
 * to be in a foreign language, is held back and read again with the text that follows, a few times before the fail mode decides.
 *
 * <p>Windows are judged by thresholds and passing actions; required and forbidden actions count in the final check only, when
 * most of the answer has been shown. Where that will not do, let the guard {@linkplain Builder#holdWholeAnswer hold the whole
 * answer}. In shadow mode all is released at once, and verdicts are given all the same.
 *
 * <p>Thread-safe; serves any number of answers at a time. It keeps the text of each, up to the maximum, until it ends.
 */
public final class StreamGuard {
    /** How many chars are new in a window at least while an answer is short, if nothing else is set. */
    public static final int DEFAULT_MINIMUM_STEP = 400;
    /** How many chars are new in a window at most, however long the answer, if nothing else is set. */
    public static final int DEFAULT_MAXIMUM_STEP = 3_200;
    /** How many chars neighbouring windows share at least, if nothing else is set. */
    public static final int DEFAULT_OVERLAP = 150;
    /** How many chars of the answer's beginning are read with each window, if nothing else is set. */
    public static final int DEFAULT_HEAD = 300;
    /** How many chars an answer may have, if nothing else is set. */
    public static final int DEFAULT_MAXIMUM_CHARACTERS = 1_000_000;
    /** How long a source may bring nothing, if nothing else is set. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final SafetyGuard guard;
    private final WindowSizes sizes;
    private final int maxCharacters;
    private final long idleTimeoutNanos;
    private final boolean holdsWholeAnswer;
    private final StreamTimer timer;

    private StreamGuard(Builder builder) {
        if (builder.guard == null) {
            throw new IllegalStateException("guard must be set, but was not");
        }
        guard = builder.guard;
        sizes = new WindowSizes(
                builder.minimumStep == null ? DEFAULT_MINIMUM_STEP : builder.minimumStep,
                builder.maximumStep == null ? DEFAULT_MAXIMUM_STEP : builder.maximumStep,
                builder.overlap == null ? DEFAULT_OVERLAP : builder.overlap,
                builder.head == null ? DEFAULT_HEAD : builder.head);
        maxCharacters = builder.maxCharacters == null ? DEFAULT_MAXIMUM_CHARACTERS : builder.maxCharacters;
        idleTimeoutNanos = (builder.idleTimeout == null ? DEFAULT_IDLE_TIMEOUT : builder.idleTimeout).toNanos();
        holdsWholeAnswer = builder.holdWholeAnswer != null && builder.holdWholeAnswer;
        timer = builder.timer == null ? StreamTimer.shared() : builder.timer;
    }

    /** Returns a stream guard with the default windows. */
    public static StreamGuard of(SafetyGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the guard that judges. */
    public SafetyGuard guard() {
        return guard;
    }

    /**
     * Returns where to put the tokens of the answer to a conversation. The listener is told on the thread that brings them, which
     * the evaluator keeps waiting; only of a source that is silent for too long it is told on another. If the listener throws, the
     * stream is cancelled, and who brought the token gets the exception.
     */
    public TokenSink open(Conversation conversation, StreamListener listener) {
        Objects.requireNonNull(conversation, "conversation");
        return new CallbackSink(this, conversation, Objects.requireNonNull(listener, "listener")).start();
    }

    /**
     * Returns a new processor for the answer to a conversation. It signals on the threads that signal to it, if the evaluator
     * answers there, and else on those of the library.
     */
    public GuardedProcessor processor(Conversation conversation) {
        return new ResponseProcessor(this, Objects.requireNonNull(conversation, "conversation"));
    }

    /**
     * Returns the parts of the answer to a conversation that may be shown. What the tokens' iterator throws, this one throws, too.
     * The tokens are taken on another thread, up to {@value TokenPuller#AHEAD} ahead, and if that has to wait when the stream ends
     * early, it is interrupted; without an idle timeout they are taken on the thread that reads the answer.
     */
    public GuardedIterator iterate(Conversation conversation, Iterator<String> tokens) {
        Objects.requireNonNull(conversation, "conversation");
        return new ResponseIterator(this, conversation, Objects.requireNonNull(tokens, "tokens"));
    }

    WindowSizes sizes() {
        return sizes;
    }

    int maxCharacters() {
        return maxCharacters;
    }

    /** 0 for none. */
    long idleTimeoutNanos() {
        return guard.policy().shadow() ? 0 : idleTimeoutNanos;
    }

    boolean holdsWholeAnswer() {
        return holdsWholeAnswer;
    }

    StreamTimer timer() {
        return timer;
    }

    /** Builds a stream guard. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable SafetyGuard guard;
        private @Nullable Integer minimumStep;
        private @Nullable Integer maximumStep;
        private @Nullable Integer overlap;
        private @Nullable Integer head;
        private @Nullable Integer maxCharacters;
        private @Nullable Duration idleTimeout;
        private @Nullable Boolean holdWholeAnswer;
        private @Nullable StreamTimer timer;

        private Builder() {}

        /** Sets the guard that judges. Required. */
        public Builder guard(SafetyGuard value) {
            if (guard != null) {
                throw new IllegalStateException("guard must be set once, but was "
                        + guard.policy().version() + " and then "
                        + value.policy().version());
            }
            guard = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets how many chars are new in a window at least, so that a flood of short sentences is not a flood of evaluations; at
         * most twice as many are, where no sentence ends before. Steps grow to a third of the answer so far, as its reader is the
         * farther behind, the longer it is. {@value #DEFAULT_MINIMUM_STEP} if not set.
         */
        public Builder minimumStep(int chars) {
            minimumStep = BuilderChecks.setOnce("minimumStep", minimumStep, requireAtLeast("minimumStep", 1, chars));
            return this;
        }

        /**
         * Sets how many chars are new in a window at most, however long the answer; at least 2, and at least the minimum step. Up
         * to twice the minimum step, steps do not grow. {@value #DEFAULT_MAXIMUM_STEP} if not set.
         */
        public Builder maximumStep(int chars) {
            maximumStep = BuilderChecks.setOnce("maximumStep", maximumStep, requireAtLeast("maximumStep", 2, chars));
            return this;
        }

        /**
         * Sets how many chars neighbouring windows share at least, and up to twice as many so that they begin with a sentence; what
         * they share is held back until both have passed. {@value #DEFAULT_OVERLAP} if not set.
         */
        public Builder overlap(int chars) {
            overlap = BuilderChecks.setOnce("overlap", overlap, requireAtLeast("overlap", 0, chars));
            return this;
        }

        /**
         * Sets how many chars of the answer's beginning are read with each window, as what a text says often hangs on how it began;
         * {@value #DEFAULT_HEAD} if not set.
         */
        public Builder head(int chars) {
            head = BuilderChecks.setOnce("head", head, requireAtLeast("head", 0, chars));
            return this;
        }

        /** Sets how many chars an answer may have; a longer one is blocked there. {@value #DEFAULT_MAXIMUM_CHARACTERS} if not set. */
        public Builder maxCharacters(int chars) {
            maxCharacters =
                    BuilderChecks.setOnce("maxCharacters", maxCharacters, requireAtLeast("maxCharacters", 1, chars));
            return this;
        }

        /**
         * Sets how long a source may bring nothing while it could; then, or up to a quarter later, the stream is blocked. {@link Duration#ZERO} is for ever;
         * {@link #DEFAULT_IDLE_TIMEOUT} if not set.
         */
        public Builder idleTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("idleTimeout must be 0 to 292 years, but was " + timeout);
            }
            idleTimeout = BuilderChecks.setOnce("idleTimeout", idleTimeout, timeout);
            return this;
        }

        /**
         * Sets whether nothing is released, and no window judged, before the answer is complete: the final check alone decides, as
         * if the answer had not been streamed. For policies that require or forbid actions, which only a whole answer shows. False
         * if not set.
         */
        public Builder holdWholeAnswer(boolean value) {
            holdWholeAnswer = BuilderChecks.setOnce("holdWholeAnswer", holdWholeAnswer, value);
            return this;
        }

        Builder timer(StreamTimer value) {
            timer = BuilderChecks.setOnce("timer", timer, value);
            return this;
        }

        /**
         * Returns the stream guard.
         *
         * @throws IllegalArgumentException if the maximum step is less than the minimum
         * @throws IllegalStateException if no guard was set
         */
        public StreamGuard build() {
            return new StreamGuard(this);
        }

        private static int requireAtLeast(String name, int least, int value) {
            if (value < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
            }
            return value;
        }
    }
}
