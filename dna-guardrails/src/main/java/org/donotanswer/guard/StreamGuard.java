package org.donotanswer.guard;

import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Guards answers while they are written. Thread-safe; serves any number of answers at a time.
 */
public final class StreamGuard {
    private final SafetyGuard guard;

    private StreamGuard(SafetyGuard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /** Returns a stream guard with the default windows. */
    public static StreamGuard of(SafetyGuard guard) {
        return new StreamGuard(guard);
    }

    /** Returns the guard that judges. */
    public SafetyGuard guard() {
        return guard;
    }

    /** Returns where to put the tokens of the answer to a conversation; the listener is told on the same thread. */
    public TokenSink open(Conversation conversation, StreamListener listener) {
        StringBuilder text = new StringBuilder();
        return new TokenSink() {
            private boolean ended;

            @Override
            public boolean accept(@Nullable String token) {
                if (token != null && !ended) {
                    text.append(token);
                }
                return !ended;
            }

            @Override
            public void complete() {
                if (ended) {
                    return;
                }
                ended = true;
                Verdict verdict = guard.judge(conversation, text.toString());
                if (verdict.released()) {
                    listener.onText(text.toString());
                    listener.onFinished(verdict);
                } else {
                    listener.onBlocked(verdict);
                }
            }

            @Override
            public void fail(Throwable error) {
                if (!ended) {
                    ended = true;
                    listener.onError(error);
                }
            }

            @Override
            public void cancel() {
                ended = true;
            }
        };
    }

    /** Returns a new processor for the answer to a conversation. */
    @SuppressWarnings("DoNotCallSuggester")
    public GuardedProcessor processor(Conversation conversation) {
        Objects.requireNonNull(conversation, "conversation");
        throw new UnsupportedOperationException(
                "not yet of " + conversation.turns().size() + " turns");
    }

    /** Returns the parts of the answer to a conversation that may be shown. */
    @SuppressWarnings("DoNotCallSuggester")
    public GuardedIterator iterate(Conversation conversation, Iterator<String> tokens) {
        Objects.requireNonNull(tokens, "tokens");
        throw new UnsupportedOperationException(
                "not yet of " + conversation.turns().size() + " turns");
    }
}
