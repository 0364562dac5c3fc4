package org.donotanswer.classifier.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.jspecify.annotations.Nullable;

/**
 * A chatbot behind an OpenAI-compatible endpoint. Every request is sent once; {@link RetryingChatModel} tries again. Neither
 * requests nor replies are logged. Thread-safe.
 *
 * <p>It needs {@code dev.langchain4j:langchain4j-open-ai} on the class path, which {@code dna-classifier} does not bring
 * along.
 */
public final class OpenAiChatModel implements ChatModel {
    static final String PATH = "/chat/completions";

    private final Endpoint endpoint;
    private final String name;
    private final dev.langchain4j.model.chat.ChatModel model;
    private volatile boolean closed;

    private OpenAiChatModel(Builder builder, Endpoint endpoint, String name) {
        this.endpoint = endpoint;
        this.name = name;
        Duration timeout = builder.timeout == null ? Builder.DEFAULT_TIMEOUT : builder.timeout;
        this.model = dev.langchain4j.model.openai.OpenAiChatModel.builder()
                .httpClientBuilder(
                        new EndpointClient(endpoint, name, builder.apiKey != null, timeout, builder.maxReplyBytes)
                                .asBuilder())
                .baseUrl(endpoint.address())
                .customQueryParams(endpoint.parameters())
                .apiKey(builder.apiKey)
                .modelName(name)
                .temperature(builder.temperature)
                .seed(builder.seed)
                .maxTokens(builder.maxTokens)
                .maxCompletionTokens(builder.maxCompletionTokens)
                .strictJsonSchema(true)
                .maxRetries(0)
                .logRequests(false)
                .logResponses(false)
                .build();
    }

    /** Returns a builder, of which endpoint and model must be set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A surrogate without its other half, which no request can hold, is sent as U+FFFD.
     *
     * @throws IllegalArgumentException if the system prompt or what the user says is blank
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("OpenAiChatModel is closed");
        }
        // Outside, or a request that cannot be made would look like a reply that cannot be read.
        var translated = translated(request);
        ChatResponse response;
        try {
            response = model.chat(translated);
        } catch (RuntimeException e) {
            return outcome(e);
        }
        return translated(response);
    }

    private static ChatReply outcome(RuntimeException thrown) throws ChatException, InterruptedException {
        // LangChain4j wraps what comes to a thread that was interrupted.
        Throwable found = thrown.getCause() instanceof OutcomeException ? thrown.getCause() : thrown;
        if (!(found instanceof OutcomeException settled)) {
            // Of the wrong type somewhere; the message may quote the reply.
            throw new ChatException(
                    "reply must be a chat completion, but was not ("
                            + thrown.getClass().getSimpleName() + ")",
                    FailureKind.MALFORMED_REPLY);
        }
        if (settled.failure().isPresent()) {
            throw settled.failure().get();
        }
        return settled.reply().orElseThrow(() -> new InterruptedException("interrupted while waiting for a reply"));
    }

    private static dev.langchain4j.model.chat.request.ChatRequest translated(ChatRequest request) {
        request.system().ifPresent(system -> requireVisible("system prompt", system));
        requireVisible("what the user says", request.user());
        List<ChatMessage> messages = new ArrayList<>();
        request.system().ifPresent(system -> messages.add(SystemMessage.from(system)));
        messages.add(UserMessage.from(request.user()));
        var builder = dev.langchain4j.model.chat.request.ChatRequest.builder().messages(messages);
        request.schema()
                .ifPresent(schema -> builder.responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name(schema.name())
                                .rootElement(JsonRawSchema.from(schema.json()))
                                .build())
                        .build()));
        return builder.build();
    }

    private static void requireVisible(String subject, String text) {
        // LangChain4j takes control characters for blanks, Java does not, and other spaces the other way round.
        if (text.isBlank() || text.trim().isEmpty()) {
            throw new IllegalArgumentException(subject + " must not be blank, but was");
        }
    }

    private ChatReply translated(ChatResponse response) {
        String text = response.aiMessage().text();
        var usage = response.tokenUsage();
        String replied = response.modelName();
        return new ChatReply(
                text == null ? "" : text,
                finish(response.finishReason()),
                usage == null
                        ? TokenUsage.NONE
                        : new TokenUsage(count(usage.inputTokenCount()), count(usage.outputTokenCount())),
                replied == null ? name : replied);
    }

    private static long count(@Nullable Integer tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }

    private static Finish finish(@Nullable FinishReason reason) {
        if (reason == null) {
            return Finish.OTHER;
        }
        return switch (reason) {
            case STOP -> Finish.STOP;
            case LENGTH -> Finish.LENGTH;
            case CONTENT_FILTER -> Finish.CONTENT_FILTER;
            case TOOL_EXECUTION, OTHER -> Finish.OTHER;
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Returns endpoint and model, never the key. */
    @Override
    public String toString() {
        return "OpenAiChatModel[endpoint=" + endpoint + ", model=" + name + "]";
    }

    /** Builds an {@link OpenAiChatModel}; every value may be set once. Not thread-safe. */
    public static final class Builder {
        static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

        private @Nullable Endpoint endpoint;
        private @Nullable String apiKey;
        private @Nullable String model;
        private @Nullable Double temperature;
        private @Nullable Integer seed;
        private @Nullable Integer maxTokens;
        private @Nullable Integer maxCompletionTokens;
        private @Nullable Duration timeout;
        private int maxReplyBytes = EndpointClient.MAX_REPLY_BYTES;

        private Builder() {}

        /**
         * Sets the address of the endpoint, such as {@code https://api.openai.com/v1}.
         *
         * @throws IllegalArgumentException as {@link Endpoint#of(String)}
         * @throws IllegalStateException if it was set before
         */
        public Builder baseUrl(String value) {
            return endpoint(Endpoint.of(value));
        }

        /**
         * Sets the endpoint.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder endpoint(Endpoint value) {
            requireUnset("endpoint", endpoint, value);
            endpoint = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets the key; without, none is sent.
         *
         * @throws IllegalArgumentException if it has other characters than visible ASCII; the message does not hold it
         * @throws IllegalStateException if it was set before
         */
        public Builder apiKey(String value) {
            if (apiKey != null) {
                throw new IllegalStateException("apiKey must be set once, but was set twice");
            }
            if (!Objects.requireNonNull(value, "value").matches("[!-~]+")) {
                throw new IllegalArgumentException("apiKey must be visible ASCII characters, but was not");
            }
            apiKey = value;
            return this;
        }

        /**
         * Sets the name of the model, as the endpoint knows it.
         *
         * @throws IllegalArgumentException if it is blank
         * @throws IllegalStateException if it was set before
         */
        public Builder model(String value) {
            requireUnset("model", model, value);
            if (Objects.requireNonNull(value, "value").isBlank()) {
                throw new IllegalArgumentException("model must not be blank, but was '" + value + "'");
            }
            model = value;
            return this;
        }

        /**
         * Sets the temperature; without, the endpoint's own holds.
         *
         * @throws IllegalArgumentException if it is negative, infinite or no number
         * @throws IllegalStateException if it was set before
         */
        public Builder temperature(double value) {
            requireUnset("temperature", temperature, value);
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("temperature must be at least 0, but was " + value);
            }
            temperature = value;
            return this;
        }

        /**
         * Sets the seed of the model's choices, which not every endpoint honours.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder seed(int value) {
            requireUnset("seed", seed, value);
            seed = value;
            return this;
        }

        /**
         * Sets how many tokens a reply may have, by the name {@code max_tokens} that most endpoints know.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if this or {@link #maxCompletionTokens(int)} was set before
         */
        public Builder maxTokens(int value) {
            requireUnset("maxTokens", maxTokens == null ? maxCompletionTokens : maxTokens, value);
            maxTokens = requirePositive("maxTokens", value);
            return this;
        }

        /**
         * Sets how many tokens a reply may have, thoughts included, by the name {@code max_completion_tokens}, the only one
         * that OpenAI's reasoning models accept.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if this or {@link #maxTokens(int)} was set before
         */
        public Builder maxCompletionTokens(int value) {
            requireUnset("maxTokens", maxTokens == null ? maxCompletionTokens : maxTokens, value);
            maxCompletionTokens = requirePositive("maxCompletionTokens", value);
            return this;
        }

        /**
         * Sets within what time a reply must be complete; by default 60 s.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if it was set before
         */
        public Builder timeout(Duration value) {
            requireUnset("timeout", timeout, value);
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("timeout must be positive, but was " + value);
            }
            timeout = value;
            return this;
        }

        /** For tests, which would rather not send 4 MiB. */
        Builder maxReplyBytes(int value) {
            maxReplyBytes = value;
            return this;
        }

        /**
         * Returns the chatbot. Nothing is sent yet.
         *
         * @throws IllegalStateException if endpoint or model is not set
         */
        public OpenAiChatModel build() {
            if (endpoint == null || model == null) {
                throw new IllegalStateException(
                        (endpoint == null ? "endpoint" : "model") + " must be set, but was not");
            }
            return new OpenAiChatModel(this, endpoint, model);
        }

        private static int requirePositive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
            }
            return value;
        }

        private static void requireUnset(String name, @Nullable Object before, @Nullable Object value) {
            if (before != null) {
                throw new IllegalStateException(name + " must be set once, but was " + before + " and then " + value);
            }
        }
    }
}
