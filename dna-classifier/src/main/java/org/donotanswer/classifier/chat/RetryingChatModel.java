package org.donotanswer.classifier.chat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.donotanswer.classifier.chat.ChatException.FailureKind;

/**
 * Sends a request again when it failed in a way that may pass, later each time: after a delay that doubles, of which up to
 * half is left out by chance, so that threads do not come back all at once. Where an endpoint says how long to wait, every
 * thread waits as long, and a little more by chance; where it asks for less than the delay, the delay holds. Thread-safe.
 */
public final class RetryingChatModel implements ChatModel {
    // Written out, as a library's delays are neither drawn from a seed nor, past its own loop, common to all threads.
    private final ChatModel model;
    private final RetryPolicy policy;
    private final TimeSource time;
    private final Random random;
    private boolean held;
    private long heldUntil;

    RetryingChatModel(ChatModel model, RetryPolicy policy, long seed, TimeSource time) {
        this.model = Objects.requireNonNull(model, "model");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.time = time;
        this.random = new Random(seed);
    }

    /**
     * Returns a chatbot that asks another one, which it closes when it is closed.
     *
     * @param seed decides what part of a delay is left out
     */
    public static RetryingChatModel of(ChatModel model, RetryPolicy policy, long seed) {
        return new RetryingChatModel(model, policy, seed, TimeSource.REAL);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ChatException the last one, if all attempts fail; the first that is not {@linkplain FailureKind#isRetryable()
     *     retryable}; or one that tells of the wait, if the endpoint asks for too long a one
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            time.sleep(leftToHold());
            try {
                return model.chat(request);
            } catch (ChatException e) {
                if (!e.kind().isRetryable()) {
                    throw e;
                }
                Optional<Duration> asked = e.retryAfter();
                if (asked.isPresent() && asked.get().compareTo(policy.maxRetryAfter()) > 0) {
                    throw tooLong(e, asked.get());
                }
                asked.ifPresent(this::hold);
                if (attempt == policy.maxAttempts()) {
                    throw e;
                }
                Duration delay = jittered(policy.delay(attempt));
                if (asked.isEmpty() || asked.get().compareTo(delay) < 0) {
                    time.sleep(delay);
                }
            }
        }
    }

    private ChatException tooLong(ChatException failure, Duration asked) {
        return new ChatException(
                "wait that the endpoint asks for must be at most "
                        + policy.maxRetryAfter().toSeconds() + " s, but was " + asked.toSeconds() + " s: "
                        + failure.getMessage(),
                failure.kind(),
                failure.status(),
                failure.retryAfter());
    }

    private synchronized void hold(Duration duration) {
        long until = time.nanoTime() + duration.toNanos();
        if (!held || until - heldUntil > 0) {
            held = true;
            heldUntil = until;
        }
    }

    private synchronized Duration leftToHold() {
        long left = held ? heldUntil - time.nanoTime() : 0;
        held = left > 0;
        // Or all threads that were held would come back in the same moment.
        return held
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
