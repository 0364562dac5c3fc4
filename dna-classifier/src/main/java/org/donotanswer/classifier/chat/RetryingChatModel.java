package org.donotanswer.classifier.chat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.donotanswer.classifier.chat.ChatException.FailureKind;

/**
 * Repeats requests that failed for reasons that may pass. The delay doubles with each attempt, and is shortened at
 * random by up to half, so that threads do not all return at once. If an endpoint says how long to wait, every thread
 * waits that long and, at random, a little longer; a delay that is longer than that still holds. Thread-safe.
 */
public final class RetryingChatModel implements ChatModel {
    // Not a retry library: its delays would neither follow from a seed nor hold for all threads.
    private final ChatModel model;
    private final RetryPolicy policy;
    private final TimeSource time;
    private final Random random;
    private boolean waiting;
    private long waitUntil;

    RetryingChatModel(ChatModel model, RetryPolicy policy, long seed, TimeSource time) {
        this.model = Objects.requireNonNull(model, "model");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.time = time;
        this.random = new Random(seed);
    }

    /**
     * Returns a model that sends its requests to another one, and closes it when it is closed.
     *
     * @param seed the seed of the random part of delays
     */
    public static RetryingChatModel of(ChatModel model, RetryPolicy policy, long seed) {
        return new RetryingChatModel(model, policy, seed, TimeSource.REAL);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ChatException the last one, if all attempts fail; the first that is not
     *     {@linkplain FailureKind#isRetryable() retryable}; or one that reports the wait, if the endpoint asks for too
     *     long a wait
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            time.sleep(remainingWait());
            try {
                return model.chat(request);
            } catch (ChatException e) {
                if (!e.kind().isRetryable()) {
                    throw e;
                }
                Optional<Duration> requested = e.retryAfter();
                if (requested.isPresent() && requested.get().compareTo(policy.maxRetryAfter()) > 0) {
                    throw tooLong(e, requested.get());
                }
                requested.ifPresent(this::extendWait);
                if (attempt == policy.maxAttempts()) {
                    throw e;
                }
                Duration delay = jittered(policy.delay(attempt));
                if (requested.isEmpty() || requested.get().compareTo(delay) < 0) {
                    time.sleep(delay);
                }
            }
        }
    }

    private ChatException tooLong(ChatException failure, Duration requested) {
        return new ChatException(
                "wait that the endpoint asks for must be at most "
                        + policy.maxRetryAfter().toSeconds() + " s, but was " + requested.toSeconds() + " s: "
                        + failure.getMessage(),
                failure.kind(),
                failure.status(),
                failure.retryAfter());
    }

    private synchronized void extendWait(Duration duration) {
        long until = time.nanoTime() + duration.toNanos();
        if (!waiting || until - waitUntil > 0) {
            waiting = true;
            waitUntil = until;
        }
    }

    private synchronized Duration remainingWait() {
        long left = waiting ? waitUntil - time.nanoTime() : 0;
        waiting = left > 0;
        // Otherwise all waiting threads would return at the same moment.
        return waiting
                ? Duration.ofNanos(left).plus(policy.firstDelay()).minus(jittered(policy.firstDelay()))
                : Duration.ZERO;
    }

    private synchronized Duration jittered(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * (1 - random.nextDouble() / 2)));
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public SortedMap<String, String> settings() {
        return model.settings();
    }

    @Override
    public void close() {
        model.close();
    }

    @Override
    public String toString() {
        return "RetryingChatModel[model=" + model + ", policy=" + policy + "]";
    }
}
