package org.donotanswer.classifier.judge;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.classifier.chat.ChatException;
import org.jspecify.annotations.Nullable;

/** Tells failures that concern every request from those of one exchange. Thread-safe. */
final class OutageDetector {
    static final int FORBIDDEN = 403;

    /** So many exchanges that are forbidden before any reply came are no filter that dislikes one of them. */
    private static final int MAX_FORBIDDEN = 3;

    private static final int MAX_REFUSED_CONNECTIONS = 4;

    private final int mostConnections;
    private final Set<String> forbidden = new HashSet<>();
    private int connections;
    private boolean replied;
    private @Nullable ChatException reason;

    /**
     * Makes one.
     *
     * @param concurrency how many requests are under way at a time
     */
    OutageDetector(int concurrency) {
        mostConnections = Math.min(MAX_REFUSED_CONNECTIONS, concurrency);
    }

    /** Takes note that a reply came. */
    synchronized void replied() {
        replied = true;
        reason = null;
        forbidden.clear();
    }

    /** Takes note of a failure on an exchange. */
    synchronized void failed(String exchange, ChatException failure) {
        if (concernsAll(exchange, failure)) {
            reason = failure;
        }
    }

    private boolean concernsAll(String exchange, ChatException failure) {
        connections = failure.kind() == ChatException.FailureKind.CONNECTION ? connections + 1 : 0;
        return switch (failure.kind()) {
            case UNKNOWN_ENDPOINT, UNKNOWN_MODEL -> true;
            case AUTHENTICATION -> failure.status().orElse(0) != FORBIDDEN || isForbidden(exchange);
            case CONNECTION -> !replied && connections >= mostConnections;
            case REJECTED, RATE_LIMITED, SERVER_FAILURE, TIMEOUT, MALFORMED_REPLY -> false;
        };
    }

    /** A status of 403 after a good reply is more likely a filter that dislikes this one exchange. */
    private boolean isForbidden(String exchange) {
        if (replied) {
            return false;
        }
        forbidden.add(exchange);
        return forbidden.size() >= MAX_FORBIDDEN;
    }

    /** Returns why there is no use in asking on; empty if there is, as far as is known. */
    synchronized Optional<ChatException> reason() {
        return Optional.ofNullable(reason);
    }
}
