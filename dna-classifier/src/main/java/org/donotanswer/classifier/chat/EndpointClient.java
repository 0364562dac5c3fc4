package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.internal.Utf8;

/**
 * The HTTP client of LangChain4j's OpenAI client. It passes on only replies that LangChain4j can convert to a message;
 * every other outcome is an {@link OutcomeException}. The timeout covers a request from its start to the last byte of
 * the reply, whose size is limited. Thread-safe.
 */
final class EndpointClient implements HttpClient {
    static final int MAX_REPLY_BYTES = 1 << 22;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Endpoint endpoint;
    private final String model;
    private final boolean withKey;
    private final Duration timeout;
    private final int maxReplyBytes;
    // On plain connections, HTTP/2 would be offered as an upgrade, which some LLM servers take for an error.
    private final java.net.http.HttpClient client = java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
            .build();

    EndpointClient(Endpoint endpoint, String model, boolean withKey, Duration timeout, int maxReplyBytes) {
        this.endpoint = endpoint;
        this.model = model;
        this.withKey = withKey;
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

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        HttpResponse<byte[]> response = send(request);
        int status = response.statusCode();
        Optional<JsonNode> body = parse(response.body());
        if (status < 200 || status >= 300) {
            Optional<Duration> wait = RetryAfter.of(response.headers());
            throw failure(new ErrorReply(status, body.orElse(MissingNode.getInstance()), wait));
        }
        check(body.orElseThrow(() -> malformed("reply must be JSON, but was not")));
        return SuccessfulHttpResponse.builder()
                .statusCode(status)
                .headers(response.headers().map())
                .body(new String(response.body(), StandardCharsets.UTF_8))
                .build();
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

    private static java.net.http.HttpRequest translated(HttpRequest request) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
        request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
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

    private static Optional<JsonNode> parse(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JsonProcessingException e) {
            // Without the cause, whose message quotes the text.
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("bytes must be readable, but were not", e);
        }
    }

    private OutcomeException failure(ErrorReply error) {
        if (error.isContentFilter()) {
            return OutcomeException.of(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, model));
        }
        return OutcomeException.of(error.toException(model, endpoint.address() + OpenAiChatModel.PATH, withKey));
    }

    /** Throws the outcome of a reply that LangChain4j would reject or misinterpret. */
    private void check(JsonNode body) {
        JsonNode choices = body.path("choices");
        if (choices.isEmpty() && body.path("error").isObject()) {
            // If the model behind a proxy fails after the proxy began its response, the status is a good one.
            int code = body.path("error").path("code").asInt(0);
            throw failure(new ErrorReply(code >= 400 && code < 600 ? code : 500, body, Optional.empty()));
        }
        if (!choices.isArray() || choices.isEmpty()) {
            throw malformed("reply must have a choice, but had none");
        }
        JsonNode message = choices.get(0).path("message");
        if (!message.isObject()) {
            throw malformed("choice of the reply must have a message, but had none");
        }
        String refusal = message.path("refusal").asText("");
        if (!refusal.isBlank()) {
            String content = message.path("content").asText("");
            throw OutcomeException.of(
                    new ChatReply(content.isBlank() ? refusal : content, Finish.REFUSAL, usage(body), name(body)));
        }
        if (choices.size() > 1) {
            throw malformed("reply must have one choice, but had " + choices.size());
        }
    }

    private static TokenUsage usage(JsonNode body) {
        JsonNode usage = body.path("usage");
        return new TokenUsage(
                Math.max(0, usage.path("prompt_tokens").asLong()),
                Math.max(0, usage.path("completion_tokens").asLong()));
    }

    private String name(JsonNode body) {
        return body.path("model").asText(model);
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
