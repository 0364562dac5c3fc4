package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;

/**
 * Translates what the chat models of frameworks throw. No message quotes that of a cause, which may contain the request
 * or the reply. Stateless, hence thread-safe.
 */
final class ClientFailures {
    private static final int MAX_CAUSES = 20;

    private ClientFailures() {}

    /** Returns the exception and its causes, from the outermost one. */
    static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /**
     * Throws an {@link InterruptedException} if the request failed because the thread was interrupted. Frameworks wrap
     * it, and some restore the thread's interrupt flag, which this clears.
     */
    static void throwIfInterrupted(RuntimeException thrown) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        for (Throwable cause : causes(thrown)) {
            interrupted |= cause instanceof InterruptedException || cause instanceof ClosedByInterruptException;
        }
        if (interrupted) {
            throw new InterruptedException("interrupted while waiting for a reply");
        }
    }

    /** Returns the reply if the endpoint's content filter rejected the request; otherwise throws the failure. */
    static ChatReply replyOrThrow(ErrorReply error, String model) throws ChatException {
        if (error.isContentFilter()) {
            return filtered(model);
        }
        throw error.toException(model, "the address that the model is configured with", true);
    }

    /** Returns the empty reply that stands for a request or a reply which a content filter withheld. */
    static ChatReply filtered(String model) {
        return new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, model);
    }

    /** Returns what the first exception for which there is a value is translated to. */
    static <T> Optional<T> first(Throwable thrown, Function<Throwable, Optional<T>> translation) {
        return causes(thrown).stream()
                .map(translation)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the failure that exceptions of the JDK and of Jackson among the causes stand for, if there are any. */
    static Optional<ChatException> ofJdk(Throwable thrown) {
        return first(thrown, ClientFailures::ofSpecificException)
                .or(() -> first(thrown, ClientFailures::ofBrokenConnection));
    }

    private static Optional<ChatException> ofSpecificException(Throwable cause) {
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return failure(FailureKind.UNKNOWN_ENDPOINT, "host of the endpoint is unknown");
        }
        if (cause instanceof CertificateException) {
            return failure(FailureKind.UNKNOWN_ENDPOINT, "certificate of the endpoint is not trusted");
        }
        if (isTimeout(cause)) {
            return failure(FailureKind.TIMEOUT, "reply was not complete in time");
        }
        if (cause instanceof JsonProcessingException) {
            return failure(FailureKind.MALFORMED_REPLY, "reply must be readable, but was not");
        }
        return Optional.empty();
    }

    /** Of exceptions that wrap each other, the innermost one says most. */
    private static Optional<ChatException> ofBrokenConnection(Throwable cause) {
        if (!(cause instanceof IOException) || cause.getCause() instanceof IOException) {
            return Optional.empty();
        }
        String found = cause instanceof ConnectException
                ? "was refused"
                : "was broken: " + cause.getClass().getSimpleName();
        return failure(FailureKind.CONNECTION, "connection to the endpoint must hold, but " + found);
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof HttpTimeoutException
                || cause instanceof SocketTimeoutException
                || cause instanceof TimeoutException
                // Of OkHttp, for the time limit of the whole call.
                || cause instanceof InterruptedIOException;
    }

    private static Optional<ChatException> failure(FailureKind kind, String message) {
        return Optional.of(new ChatException(message, kind));
    }

    /**
     * Returns the failure for an exception that is not known otherwise. One about arguments or unsupported features is
     * permanent, and a request without the feature may pass; any other may pass by itself.
     */
    static ChatException ofUnknown(RuntimeException thrown) {
        boolean permanent =
                thrown instanceof IllegalArgumentException || thrown instanceof UnsupportedOperationException;
        return new ChatException(
                "chat model must reply, but failed (" + thrown.getClass().getSimpleName() + ")",
                permanent ? FailureKind.REJECTED : FailureKind.SERVER_FAILURE);
    }
}
