package org.donotanswer.classifier.chat;

import java.time.Duration;
import java.util.Objects;
import java.util.SortedMap;

/** Limits the number of requests per minute: they are spaced evenly, and wait for their turn. Thread-safe. */
public final class RateLimitedChatModel implements ChatModel {
    private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();
    private static final double NANOS_PER_DAY = Duration.ofDays(1).toNanos();

    private final ChatModel model;
    private final TimeSource time;
    private final long interval;
    private boolean begun;
    private long nextTurn;

    RateLimitedChatModel(ChatModel model, double requestsPerMinute, TimeSource time) {
        this.model = Objects.requireNonNull(model, "model");
        this.time = time;
        if (!(requestsPerMinute > 0 && requestsPerMinute <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("requestsPerMinute must be positive, but was " + requestsPerMinute);
        }
        this.interval = (long) Math.min(NANOS_PER_DAY, NANOS_PER_MINUTE / requestsPerMinute);
    }

    /**
     * Returns a model that sends its requests to another one, and closes it when it is closed.
     *
     * @throws IllegalArgumentException if the number of requests is not positive
     */
    public static RateLimitedChatModel of(ChatModel model, double requestsPerMinute) {
        return new RateLimitedChatModel(model, requestsPerMinute, TimeSource.REAL);
    }

    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        time.sleep(turn());
        return model.chat(request);
    }

    /** Takes the next turn and returns the time until then. */
    private synchronized Duration turn() {
        long now = time.nanoTime();
        long turn = begun && nextTurn - now > 0 ? nextTurn : now;
        begun = true;
        nextTurn = turn + interval;
        return Duration.ofNanos(turn - now);
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
        return "RateLimitedChatModel[model=" + model + "]";
    }
}
