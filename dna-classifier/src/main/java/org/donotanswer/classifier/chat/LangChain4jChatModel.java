package org.donotanswer.classifier.chat;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A chat model of LangChain4j, as LLM judge or as LLM under test.
 *
 * <pre>{@code
 * JudgeEvaluator judge = JudgeEvaluator.of(LangChain4jChatModel.of(model));
 * }</pre>
 *
 * <p>Temperature, seed, limits, timeouts and retries are those with which the model was built; a request sets the
 * messages and, if it has one, the schema of the reply. A model that does not support schemas either rejects the
 * request, which is {@link FailureKind#REJECTED}, or ignores the schema. {@link #settings()} reports LangChain4j's
 * common parameters; a seed is not among them. LangChain4j does not pass on how long an endpoint asks to wait, so that
 * {@link ChatException#retryAfter()} is always empty. A model that LangChain4j reports as having declined or been
 * stopped by a filter ({@code ContentFilteredException}) has given an empty reply that is
 * {@link ChatReply.Finish#CONTENT_FILTER}.
 *
 * <p>It needs {@code dev.langchain4j:langchain4j-core}, 1.16.1 or later, which an application with such a model has.
 * Thread-safe if the model is.
 */
public final class LangChain4jChatModel implements ChatModel {
    private final dev.langchain4j.model.chat.ChatModel model;
    private final String name;
    private volatile boolean closed;

    private LangChain4jChatModel(dev.langchain4j.model.chat.ChatModel model, String name) {
        this.model = model;
        this.name = name;
    }

    /**
     * Returns an adapter of a model that reports its name.
     *
     * @throws IllegalArgumentException if it does not; {@link #of(dev.langchain4j.model.chat.ChatModel, String)} names
     *     it
     */
    public static LangChain4jChatModel of(dev.langchain4j.model.chat.ChatModel model) {
        ChatRequestParameters parameters = model.defaultRequestParameters();
        String name = parameters == null ? null : parameters.modelName();
        return of(model, FrameworkModels.reportedName(model, name));
    }

    /**
     * Returns an adapter of a model.
     *
     * @param name the name of the model, which tells its replies from those of others in caches and reports
     * @throws IllegalArgumentException if the name is blank
     */
    public static LangChain4jChatModel of(dev.langchain4j.model.chat.ChatModel model, String name) {
        return new LangChain4jChatModel(Objects.requireNonNull(model, "model"), FrameworkModels.givenName(name));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A surrogate without its other half is sent as U+FFFD.
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("LangChain4jChatModel is closed");
        }
        // Outside the try block: a request that cannot be made is the caller's error.
        var translated = LangChain4jMessages.toRequest(wellFormed(request), LangChain4jMessages::toElement);
        ChatResponse response;
        try {
            response = model.chat(translated);
        } catch (RuntimeException e) {
            ClientFailures.throwIfInterrupted(e);
            return replyOrThrow(e);
        }
        if (response == null) {
            throw new ChatException("chat model must return a reply, but returned null", FailureKind.MALFORMED_REPLY);
        }
        return LangChain4jMessages.toReply(response, name);
    }

    private static ChatRequest wellFormed(ChatRequest request) {
        return new ChatRequest(
                request.system().map(Utf8::wellFormed), Utf8.wellFormed(request.user()), request.schema());
    }

    private ChatReply replyOrThrow(RuntimeException thrown) throws ChatException {
        // The message of LangChain4j's HTTP exception is the body of the response.
        Optional<ErrorReply> error = ClientFailures.first(
                thrown,
                cause -> cause instanceof HttpException http
                        ? Optional.of(ErrorReply.of(http.statusCode(), String.valueOf(http.getMessage())))
                        : Optional.empty());
        if (ClientFailures.causes(thrown).stream().anyMatch(ContentFilteredException.class::isInstance)) {
            return ClientFailures.filtered(name);
        }
        if (error.isPresent()) {
            return ClientFailures.replyOrThrow(error.get(), name);
        }
        throw ClientFailures.first(thrown, cause -> kind(cause).map(this::failure))
                .or(() -> ClientFailures.ofJdk(thrown))
                .orElseGet(() -> ClientFailures.ofUnknown(thrown));
    }

    private static Optional<FailureKind> kind(Throwable cause) {
        if (cause instanceof AuthenticationException) {
            return Optional.of(FailureKind.AUTHENTICATION);
        }
        if (cause instanceof ModelNotFoundException) {
            return Optional.of(FailureKind.UNKNOWN_MODEL);
        }
        if (cause instanceof RateLimitException) {
            return Optional.of(FailureKind.RATE_LIMITED);
        }
        if (cause instanceof TimeoutException) {
            return Optional.of(FailureKind.TIMEOUT);
        }
        if (cause instanceof InternalServerException) {
            return Optional.of(FailureKind.SERVER_FAILURE);
        }
        if (cause instanceof UnresolvedModelServerException) {
            return Optional.of(FailureKind.UNKNOWN_ENDPOINT);
        }
        if (cause instanceof UnsupportedFeatureException || cause instanceof InvalidRequestException) {
            return Optional.of(FailureKind.REJECTED);
        }
        return Optional.empty();
    }

    private ChatException failure(FailureKind kind) {
        String message =
                switch (kind) {
                    case AUTHENTICATION -> "key must be one that the endpoint accepts for the model, but was not";
                    case UNKNOWN_MODEL -> "model must be one that the endpoint has, but was " + name;
                    case UNKNOWN_ENDPOINT -> "host of the endpoint is unknown";
                    case RATE_LIMITED -> "endpoint must accept more requests, but was at its limit";
                    case TIMEOUT -> "reply was not complete in time";
                    case REJECTED -> "request must be one that the endpoint accepts, but was rejected";
                    case SERVER_FAILURE, CONNECTION, MALFORMED_REPLY -> "endpoint must reply, but was failing";
                };
        return new ChatException(message, kind);
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns LangChain4j's common parameters, as far as the model sets them. */
    @Override
    public SortedMap<String, String> settings() {
        Map<String, @Nullable Object> settings = new HashMap<>();
        ChatRequestParameters parameters = model.defaultRequestParameters();
        if (parameters != null) {
            settings.put("temperature", parameters.temperature());
            settings.put("topP", parameters.topP());
            settings.put("topK", parameters.topK());
            settings.put("frequencyPenalty", parameters.frequencyPenalty());
            settings.put("presencePenalty", parameters.presencePenalty());
            settings.put("maxTokens", parameters.maxOutputTokens());
        }
        return FrameworkModels.settings(settings);
    }

    /** Closes this adapter, not the model, which belongs to the application. */
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "LangChain4jChatModel[model=" + name + "]";
    }
}
