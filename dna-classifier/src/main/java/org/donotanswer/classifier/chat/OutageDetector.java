package org.donotanswer.classifier.chat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the outcomes of requests whether an endpoint is down for every request, or fails only for some of
 * them. There is an outage once
 *
 * <ul>
 *   <li>the endpoint or the model is unknown, or the key is refused (status 401);
 *   <li>a request is forbidden (status 403) because of the key, as the endpoint says, or three different requests are for
 *       whatever reason, and there was never a reply. After a reply, or for fewer requests, this status is more likely a
 *       filter that objects to the text;
 *   <li>connections fail for as many requests in a row as are sent concurrently, but at most four, before any reply;
 *   <li>20 requests in a row fail for any reason that is not clearly their own. Once there was a reply, a rejected
 *       request counts neither as a failure nor as a success, unless payment is required (status 402).
 * </ul>
 *
 * <p>A reply ends an outage. After a reply, a rejected request that names an unknown model (status 400 or 422) is taken
 * to concern that request only, and so is a web page in the place of a reply (status 200), which a proxy may show.
 *
 * <p>Thread-safe.
 */
public final class OutageDetector {
    /** The number of failures in a row that is an outage. */
    public static final int MAX_FAILURES_IN_A_ROW = 20;

    private static final int MAX_FORBIDDEN_REQUESTS = 3;
    private static final int MAX_FAILED_CONNECTIONS = 4;

    private static final int GOOD = 200;
    private static final int BAD_REQUEST = 400;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int FORBIDDEN = 403;
    private static final int UNPROCESSABLE = 422;

    private final int maxFailedConnections;
    private final boolean repliedEarlier;
    private final Set<String> forbidden = new HashSet<>();
    private boolean replied;
    private int failedConnectionsInARow;
    private int failuresInARow;
    private @Nullable ChatException outage;

    /**
     * Creates a detector that has seen no request yet.
     *
     * @param concurrency how many requests are sent concurrently, at least 1
     * @param repliedEarlier whether the endpoint is known to have answered requests like these before
     * @throws IllegalArgumentException if the concurrency is less than 1
     */
    public OutageDetector(int concurrency, boolean repliedEarlier) {
        maxFailedConnections =
                Math.min(MAX_FAILED_CONNECTIONS, BuilderChecks.requireAtLeast("concurrency", 1, concurrency));
        this.repliedEarlier = repliedEarlier;
    }

    /** Records a reply, which ends an outage. */
    public synchronized void replied() {
        replied = true;
        outage = null;
        failedConnectionsInARow = 0;
        failuresInARow = 0;
        forbidden.clear();
    }

    /**
     * Records a failure.
     *
     * @param request identifies the request, for example by an id: a request that is forbidden repeatedly counts once
     */
    public synchronized void failed(String request, ChatException failure) {
        Objects.requireNonNull(request, "request");
        failedConnectionsInARow = failure.kind() == FailureKind.CONNECTION ? failedConnectionsInARow + 1 : 0;
        if (concernsEveryRequest(request, failure)) {
            outage = failure;
        } else if (!concernsOneRequest(failure)) {
            failuresInARow++;
            if (!replied && failedConnectionsInARow >= maxFailedConnections) {
                outage = because("endpoint could not be reached: ", failure);
            } else if (failuresInARow >= MAX_FAILURES_IN_A_ROW) {
                outage = because(
                        "endpoint must reply, but failed " + failuresInARow + " requests in a row; last failure: ",
                        failure);
            }
        }
    }

    private boolean concernsEveryRequest(String request, ChatException failure) {
        int status = failure.status().orElse(0);
        return switch (failure.kind()) {
            case UNKNOWN_ENDPOINT -> !everReplied() || status != GOOD;
            case UNKNOWN_MODEL -> !everReplied() || (status != BAD_REQUEST && status != UNPROCESSABLE);
            case AUTHENTICATION ->
                status != FORBIDDEN || (failure.isAboutKey() && !everReplied()) || isForbiddenForAll(request);
            case REJECTED, RATE_LIMITED, SERVER_FAILURE, CONNECTION, TIMEOUT, MALFORMED_REPLY -> false;
        };
    }

    private boolean isForbiddenForAll(String request) {
        if (everReplied()) {
            return false;
        }
        forbidden.add(request);
        return forbidden.size() >= MAX_FORBIDDEN_REQUESTS;
    }

    /** If rejected requests counted, a resumed run that begins with many of them could never get past them. */
    private boolean concernsOneRequest(ChatException failure) {
        return everReplied()
                && failure.kind() == FailureKind.REJECTED
                && failure.status().orElse(0) != PAYMENT_REQUIRED;
    }

    private boolean everReplied() {
        return replied || repliedEarlier;
    }

    private static ChatException because(String prefix, ChatException failure) {
        return new ChatException(prefix + failure.getMessage(), failure.kind(), failure.status(), failure.retryAfter());
    }

    /**
     * Returns the outage; empty if none is known.
     *
     * @return the failure that revealed it; its message gives the number of failed requests if there were several
     */
    public synchronized Optional<ChatException> outage() {
        return Optional.ofNullable(outage);
    }
}
