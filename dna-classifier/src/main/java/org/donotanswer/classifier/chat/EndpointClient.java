package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.internal.Utf8;

/**
 * The HTTP client of LangChain4j's OpenAI client, which builds the request. The reply is read here: every outcome is an
 * {@link OutcomeException}, as LangChain4j would reject or misread much of what endpoints send. The timeout covers a request from its start to the last byte of
 * the reply, whose size is limited. Thread-safe.
 */
final class EndpointClient implements HttpClient {
    static final int MAX_REPLY_BYTES = 1 << 22;

    private final Endpoint endpoint;
    private final String model;
    private final Optional<ApiKey> key;
    private final Duration timeout;
    private final int maxReplyBytes;
    // On plain connections, HTTP/2 would be offered as an upgrade, which some LLM servers take for an error.
    private final java.net.http.HttpClient client = java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
            .build();

    EndpointClient(Endpoint endpoint, String model, Optional<ApiKey> key, Duration timeout, int maxReplyBytes) {
        this.endpoint = endpoint;
        this.model = model;
        this.key = key;
        this.timeout = timeout;
        this.maxReplyBytes = maxReplyBytes;
    }

    /** Returns a LangChain4j builder of this client, which ignores other timeouts. */
    HttpClientBuilder asBuilder() {
        return new HttpClientBuilder() {
            @Override
            public Duration connectTimeout() {
                return timeout;
            }

            @Override
            public HttpClientBuilder connectTimeout(Duration ignored) {
                return this;
            }

            @Override
            public Duration readTimeout() {
                return timeout;
            }

            @Override
            public HttpClientBuilder readTimeout(Duration ignored) {
                return this;
            }

            @Override
            public HttpClient build() {
                return EndpointClient.this;
            }
        };
    }

    /** Never returns: LangChain4j would reject or misread much of what endpoints reply. */
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        HttpResponse<byte[]> response = send(request);
        try {
            throw OutcomeException.of(reply(response));
        } catch (ChatException e) {
            throw OutcomeException.of(e);
        }
    }

    private ChatReply reply(HttpResponse<byte[]> response) throws ChatException {
        int status = response.statusCode();
        if (status < 200 || status >= 300) {
            return replyOrThrow(new ErrorReply(status, errorBody(response), RetryAfter.of(response.headers())));
        }
        ReplyBody body = ReplyBody.of(response.body(), response.headers(), maxReplyBytes);
        Optional<JsonNode> json = body.json();
        if (json.isEmpty()) {
            json = EventStream.body(body.text());
        }
        if (json.isEmpty() && body.isPage()) {
            throw new ChatException(
                    "endpoint must be at " + path() + ", but a web page was (status " + status + ")",
                    FailureKind.UNKNOWN_ENDPOINT,
                    OptionalInt.of(status),
                    Optional.empty());
        }
        return new ReplyReader(model, path(), key.isPresent())
                .read(json.orElseThrow(
                        () -> new ChatException("reply must be JSON, but was not", FailureKind.MALFORMED_REPLY)));
    }

    /** Returns the body of an error; its status says enough if it cannot be read. */
    private JsonNode errorBody(HttpResponse<byte[]> response) {
        try {
            return ReplyBody.of(response.body(), response.headers(), maxReplyBytes)
                    .json()
                    .orElse(MissingNode.getInstance());
        } catch (ChatException e) {
            return MissingNode.getInstance();
        }
    }

    private ChatReply replyOrThrow(ErrorReply error) throws ChatException {
        if (error.isContentFilter()) {
            return new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, model);
        }
        throw error.toException(model, path(), key.isPresent());
    }

    private String path() {
        return endpoint.address() + OpenAiChatModel.PATH;
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> reply =
                client.sendAsync(translated(request), info -> new BoundedBody(maxReplyBytes));
        try {
            return reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failure(FailureKind.TIMEOUT, "reply was not complete within " + shown(timeout));
        } catch (InterruptedException e) {
            throw OutcomeException.interrupted();
        } catch (ExecutionException e) {
            throw broken(e.getCause());
        } finally {
            // Closes the connection if there is no reply yet, and has no effect otherwise.
            reply.cancel(true);
        }
    }

    private java.net.http.HttpRequest translated(HttpRequest request) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
        request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        builder.header("Accept-Encoding", "gzip, deflate");
        key.ifPresent(each -> builder.setHeader(each.header(), each.value()));
        return builder.method(
                        request.method().name(),
                        BodyPublishers.ofByteArray(
                                Utf8.wellFormed(request.body()).getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private OutcomeException broken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BoundedBody.TooLongException) {
                return malformed("reply must be at most " + maxReplyBytes + " bytes long, but was longer");
            }
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return failure(
                        FailureKind.UNKNOWN_ENDPOINT, "host of the endpoint is unknown (" + endpoint.host() + ")");
            }
            if (cause instanceof CertificateException) {
                return failure(
                        FailureKind.UNKNOWN_ENDPOINT,
                        "certificate of the endpoint is not trusted (" + endpoint.host() + ")");
            }
        }
        String found = failure instanceof ConnectException
                ? "was refused"
                : "was broken: " + failure.getClass().getSimpleName();
        return failure(FailureKind.CONNECTION, "connection to the endpoint must hold, but " + found);
    }

    private static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static OutcomeException malformed(String message) {
        return failure(FailureKind.MALFORMED_REPLY, message);
    }

    private static OutcomeException failure(FailureKind kind, String message) {
        return OutcomeException.of(new ChatException(message, kind));
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("reply must be requested as a whole, but was requested as a stream");
    }
}
