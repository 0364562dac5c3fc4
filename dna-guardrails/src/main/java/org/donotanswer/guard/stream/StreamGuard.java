package org.donotanswer.guard.stream;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Guards responses while they are written: tokens are withheld until the windows that contain them have passed, and
 * are then released unchanged. When the response is complete, the guard checks it once more as a whole, by all rules
 * of the policy; until then its tail is withheld. Text that was not released when a window or the whole response is
 * blocked never is.
 *
 * <p>A window ends at the end of a sentence, or where it gets too long, and overlaps with the next one. Any span of
 * text that is not longer than the overlap lies completely in one window, and none of it is released before that
 * window has passed. What is released, and what is decided, depends only on the text of the response, not on how it
 * was split into tokens. All windows together are at most a few times as long as the response. A window that the
 * evaluator cannot score because it has no words, or seems to be in a foreign language, is withheld and checked again
 * with the text that follows, a few times before the fail mode decides.
 *
 * <p>Windows are checked against thresholds and passing actions. Required and forbidden actions count only in the
 * final check, when most of the response has been shown. If that is not acceptable, let the guard {@linkplain
 * Builder#holdWholeAnswer hold the whole response}. In shadow mode, everything is released at once, and verdicts are
 * given all the same.
 *
 * <p>Thread-safe; serves any number of responses at a time. It keeps the text of each, up to the maximum, until it
 * ends.
 */
public final class StreamGuard {
    /** Default minimum of new chars in a window, while a response is short. */
    public static final int DEFAULT_MINIMUM_STEP = 400;
    /** Default maximum of new chars in a window, however long the response is. */
    public static final int DEFAULT_MAXIMUM_STEP = 3_200;
    /** Default minimum overlap of neighbouring windows, in chars. */
    public static final int DEFAULT_OVERLAP = 150;
    /** Default number of chars of the response's beginning that are read with each window. */
    public static final int DEFAULT_HEAD = 300;
    /** Default maximum length of a response, in chars. */
    public static final int DEFAULT_MAXIMUM_CHARACTERS = 1_000_000;
    /** Default time for which a source may be silent. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final SafetyGuard guard;
    private final WindowSizes sizes;
    private final int maxCharacters;
    private final long idleTimeoutNanos;
    private final boolean holdsWholeResponse;
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
        holdsWholeResponse = builder.holdWholeAnswer != null && builder.holdWholeAnswer;
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

    /** Returns the guard that checks. */
    public SafetyGuard guard() {
        return guard;
    }

    /**
     * Returns a sink for the tokens of the response to a conversation. The listener is called on the thread that
     * brings the tokens, which waits for the evaluator; only if the source is silent for too long, it is called on
     * another thread. If the listener throws, the stream is cancelled, and the caller that brought the token gets the
     * exception.
     */
    public TokenSink open(Conversation conversation, StreamListener listener) {
        return sink(conversation, listener, null);
    }

    /**
     * Returns a sink as {@link #open(Conversation, StreamListener)} does, for a response that may turn out to be what an LLM
     * says before it calls tools, and is then checked as {@link SafetyGuard#checkInterim} describes. A short beginning that
     * is blocked only as a response is withheld until that is known.
     *
     * @param interim tells, once the response is complete, whether calls of tools follow it; must return at once
     */
    public TokenSink open(Conversation conversation, StreamListener listener, BooleanSupplier interim) {
        return sink(conversation, listener, Objects.requireNonNull(interim, "interim"));
    }

    private TokenSink sink(Conversation conversation, StreamListener listener, @Nullable BooleanSupplier interim) {
        Objects.requireNonNull(conversation, "conversation");
        return new CallbackSink(this, conversation, Objects.requireNonNull(listener, "listener"), interim).start();
    }

    /**
     * Returns a new processor for the response to a conversation. It signals on the threads that signal to it if the
     * evaluator works there, and otherwise on threads of the library.
     */
    public GuardedProcessor processor(Conversation conversation) {
        return new ResponseProcessor(this, Objects.requireNonNull(conversation, "conversation"), null);
    }

    /**
     * Returns a new processor for a response that may turn out to be what an LLM says before it calls tools, as {@link
     * #open(Conversation, StreamListener, BooleanSupplier)} describes.
     *
     * @param interim tells, once the response is complete, whether calls of tools follow it; must return at once
     */
    public GuardedProcessor processor(Conversation conversation, BooleanSupplier interim) {
        return new ResponseProcessor(
                this, Objects.requireNonNull(conversation, "conversation"), Objects.requireNonNull(interim, "interim"));
    }

    /**
     * Returns the parts of the response to a conversation that may be shown. Exceptions of the tokens' iterator are
     * passed on. The tokens are read on another thread, up to {@value TokenPuller#MAX_AHEAD} ahead, and if it waits
     * for one when the stream ends early, it is interrupted; without an idle timeout, the tokens are read on the
     * thread that reads the response.
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

    /** Returns the idle timeout; 0 for none. */
    long idleTimeoutNanos() {
        return guard.policy().shadow() ? 0 : idleTimeoutNanos;
    }

    boolean holdsWholeResponse() {
        return holdsWholeResponse;
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

        /** Sets the guard that checks. Required. */
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
         * Sets the minimum of new chars in a window, so that many short sentences do not cause many evaluations; a
         * window has at most twice as many if no sentence ends earlier. Steps grow to a third of the response so far,
         * because the longer a response, the further its reader is behind. {@value #DEFAULT_MINIMUM_STEP} by default.
         */
        public Builder minimumStep(int chars) {
            minimumStep = BuilderChecks.setOnce("minimumStep", minimumStep, requireAtLeast("minimumStep", 1, chars));
            return this;
        }

        /**
         * Sets the maximum of new chars in a window, however long the response is; at least 2, and at least the
         * minimum step. Up to twice the minimum step, steps do not grow. {@value #DEFAULT_MAXIMUM_STEP} by default.
         */
        public Builder maximumStep(int chars) {
            maximumStep = BuilderChecks.setOnce("maximumStep", maximumStep, requireAtLeast("maximumStep", 2, chars));
            return this;
        }

        /**
         * Sets the minimum overlap of neighbouring windows, in chars; it is up to twice as long if a window can then
         * begin with a sentence. The overlap is withheld until both windows have passed. {@value #DEFAULT_OVERLAP} by
         * default.
         */
        public Builder overlap(int chars) {
            overlap = BuilderChecks.setOnce("overlap", overlap, requireAtLeast("overlap", 0, chars));
            return this;
        }

        /**
         * Sets how many chars of the response's beginning are read with each window, because the meaning of a text
         * often depends on how it began; {@value #DEFAULT_HEAD} by default.
         */
        public Builder head(int chars) {
            head = BuilderChecks.setOnce("head", head, requireAtLeast("head", 0, chars));
            return this;
        }

        /**
         * Sets the maximum length of a response, in chars; a longer one is blocked there. {@value
         * #DEFAULT_MAXIMUM_CHARACTERS} by default.
         */
        public Builder maxCharacters(int chars) {
            maxCharacters =
                    BuilderChecks.setOnce("maxCharacters", maxCharacters, requireAtLeast("maxCharacters", 1, chars));
            return this;
        }

        /**
         * Sets for how long a source may be silent although text is wanted; then, or up to a quarter later, the stream
         * is blocked. {@link Duration#ZERO} means for ever; {@link #DEFAULT_IDLE_TIMEOUT} by default.
         */
        public Builder idleTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("idleTimeout must be 0 to 292 years, but was " + timeout);
            }
            idleTimeout = BuilderChecks.setOnce("idleTimeout", idleTimeout, timeout);
            return this;
        }

        /**
         * Sets whether nothing is released, and no window checked, before the response is complete: the final check
         * alone decides, as if the response had not been streamed. For policies that require or forbid actions, which
         * only a whole response shows. False by default.
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
         * @throws IllegalArgumentException if the maximum step is less than the minimum step
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
