package org.donotanswer.classifier.chat;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * An LLM behind an OpenAI-compatible endpoint. Every request is sent once; {@link RetryingChatModel} repeats failed
 * ones. Neither requests nor replies are logged. Thread-safe.
 *
 * <p>It needs {@code dev.langchain4j:langchain4j-open-ai} on the class path, which is an optional dependency of
 * {@code dna-classifier}.
 */
public final class OpenAiChatModel implements ChatModel {
    static final String PATH = "/chat/completions";

    private final Endpoint endpoint;
    private final String name;
    private final SortedMap<String, String> settings;
    private final dev.langchain4j.model.chat.ChatModel model;
    private volatile boolean closed;

    private OpenAiChatModel(Builder builder, Endpoint endpoint, String name) {
        this.endpoint = endpoint;
        this.name = name;
        this.settings = builder.settings(endpoint);
        Duration timeout = builder.timeout == null ? Builder.DEFAULT_TIMEOUT : builder.timeout;
        this.model = dev.langchain4j.model.openai.OpenAiChatModel.builder()
                .httpClientBuilder(
                        new EndpointClient(endpoint, name, builder.key(endpoint), timeout, builder.maxReplyBytes)
                                .asBuilder())
                .baseUrl(endpoint.address())
                .customQueryParams(endpoint.parameters())
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

    /** Returns a builder; the endpoint and the model are required. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A surrogate without its other half is sent as U+FFFD.
     */
    @Override
    public ChatReply chat(ChatRequest request) throws ChatException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("OpenAiChatModel is closed");
        }
        // Outside the try block, or a request that cannot be made would look like a reply that cannot be read.
        var translated = LangChain4jMessages.toRequest(request, LangChain4jMessages::toRawElement);
        try {
            ChatResponse unused = model.chat(translated);
        } catch (RuntimeException e) {
            return outcome(e);
        }
        throw new IllegalStateException("client must give the outcome as an exception, but gave none");
    }

    private static ChatReply outcome(RuntimeException thrown) throws ChatException, InterruptedException {
        // LangChain4j wraps the exception if the thread was interrupted.
        Throwable found = thrown.getCause() instanceof OutcomeException ? thrown.getCause() : thrown;
        if (!(found instanceof OutcomeException outcome)) {
            // Not the cause: its message may quote the request.
            throw new ChatException(
                    "request must be one that can be sent, but was not ("
                            + thrown.getClass().getSimpleName() + ")",
                    FailureKind.REJECTED);
        }
        if (outcome.failure().isPresent()) {
            throw outcome.failure().get();
        }
        return outcome.reply().orElseThrow(() -> new InterruptedException("interrupted while waiting for a reply"));
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns the endpoint, and those of temperature, seed and the limits of tokens that are set. */
    @Override
    public SortedMap<String, String> settings() {
        return settings;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Returns the endpoint and the model, never the key. */
    @Override
    public String toString() {
        return "OpenAiChatModel[endpoint=" + endpoint + ", model=" + name + "]";
    }

    /** Builds an {@link OpenAiChatModel}. Each option may be set once. Not thread-safe. */
    public static final class Builder {
        static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

        private @Nullable Endpoint endpoint;
        private @Nullable String apiKey;
        private @Nullable String apiKeyHeader;
        private @Nullable String apiKeyScheme;
        private @Nullable String model;
        private @Nullable Double temperature;
        private @Nullable Integer seed;
        private @Nullable Integer maxTokens;
        private @Nullable Integer maxCompletionTokens;
        private @Nullable Duration timeout;
        private int maxReplyBytes = EndpointClient.MAX_REPLY_BYTES;

        private Builder() {}

        /**
         * Sets the base URL of the endpoint, for example {@code https://api.openai.com/v1}.
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
            endpoint = BuilderChecks.setOnce("endpoint", endpoint, value);
            return this;
        }

        /**
         * Sets the API key, which is sent as a bearer token, or to a deployment at Azure
         * ({@code https://NAME.openai.azure.com/openai/deployments/..}) as {@code api-key}, unless {@link
         * #apiKeyHeader(String)} is set. Default: none is sent.
         *
         * @throws IllegalArgumentException if it has characters other than visible ASCII; the message does not contain
         *     it
         * @throws IllegalStateException if it was set before
         */
        public Builder apiKey(String value) {
            BuilderChecks.setSecretOnce("apiKey", apiKey, value);
            if (!value.matches("[!-~]+")) {
                throw new IllegalArgumentException("apiKey must be visible ASCII characters, but was not");
            }
            apiKey = value;
            return this;
        }

        /**
         * Sets the name of the header in which the key is sent, by itself: for example {@code api-key} or
         * {@code x-api-key}. In {@code Authorization}, it is sent after the word {@code Bearer}. Default: as {@link
         * #apiKey(String)} says.
         *
         * @throws IllegalArgumentException if it is malformed, or the name of a header with another use, such as
         *     {@code Host}
         * @throws IllegalStateException if it was set before
         */
        public Builder apiKeyHeader(String value) {
            BuilderChecks.setOnce("apiKeyHeader", apiKeyHeader, value);
            apiKeyHeader = ApiKey.requireHeader(value);
            return this;
        }

        /**
         * Sets the name of the header in which the key is sent, after a word: for example {@code Authorization} and
         * {@code Api-Key}.
         *
         * @param scheme the word before the key; empty for none
         * @throws IllegalArgumentException as {@link #apiKeyHeader(String)}, or if the scheme is not letters, digits and
         *     hyphens
         * @throws IllegalStateException if it was set before
         */
        public Builder apiKeyHeader(String value, String scheme) {
            Builder builder = apiKeyHeader(value);
            if (!scheme.matches("[A-Za-z0-9-]*")) {
                throw new IllegalArgumentException("scheme must be letters, digits and hyphens, but was not");
            }
            apiKeyScheme = scheme;
            return builder;
        }

        /**
         * Sets the name of the model, as the endpoint knows it.
         *
         * @throws IllegalArgumentException if it is blank
         * @throws IllegalStateException if it was set before
         */
        public Builder model(String value) {
            BuilderChecks.setOnce("model", model, value);
            if (value.isBlank()) {
                throw new IllegalArgumentException("model must not be blank, but was '" + value + "'");
            }
            model = value;
            return this;
        }

        /**
         * Sets the temperature. Default: that of the endpoint.
         *
         * @throws IllegalArgumentException if it is negative, infinite or NaN
         * @throws IllegalStateException if it was set before
         */
        public Builder temperature(double value) {
            BuilderChecks.setOnce("temperature", temperature, value);
            if (!(value >= 0 && value <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("temperature must be at least 0, but was " + value);
            }
            temperature = value;
            return this;
        }

        /**
         * Sets the seed of sampling, which not every endpoint honours. Default: none.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder seed(int value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /**
         * Sets the maximum number of tokens of a reply, as {@code max_tokens}, which most endpoints support. Default:
         * the endpoint's.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if this or {@link #maxCompletionTokens(int)} was set before
         */
        public Builder maxTokens(int value) {
            BuilderChecks.setOnce("maxTokens", maxTokens == null ? maxCompletionTokens : maxTokens, value);
            maxTokens = BuilderChecks.requireAtLeast("maxTokens", 1, value);
            return this;
        }

        /**
         * Sets the maximum number of tokens of a reply, including reasoning, as {@code max_completion_tokens}, the only
         * form that OpenAI's reasoning models accept. Default: the endpoint's.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if this or {@link #maxTokens(int)} was set before
         */
        public Builder maxCompletionTokens(int value) {
            BuilderChecks.setOnce("maxTokens", maxTokens == null ? maxCompletionTokens : maxTokens, value);
            maxCompletionTokens = BuilderChecks.requireAtLeast("maxCompletionTokens", 1, value);
            return this;
        }

        /**
         * Sets the time within which a reply must be complete. Default: 60 s.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if it was set before
         */
        public Builder timeout(Duration value) {
            BuilderChecks.setOnce("timeout", timeout, value);
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("timeout must be positive, but was " + value);
            }
            timeout = value;
            return this;
        }

        /** For tests, which would otherwise have to send 4 MiB. */
        Builder maxReplyBytes(int value) {
            maxReplyBytes = value;
            return this;
        }

        /**
         * Returns the chat model. Nothing is sent yet.
         *
         * @throws IllegalStateException if the endpoint or the model is not set, or a header for a key without a key
         */
        public OpenAiChatModel build() {
            return new OpenAiChatModel(
                    this, BuilderChecks.requireSet("endpoint", endpoint), BuilderChecks.requireSet("model", model));
        }

        private Optional<ApiKey> key(Endpoint requiredEndpoint) {
            if (apiKey == null) {
                if (apiKeyHeader != null) {
                    throw new IllegalStateException("apiKey must be set with apiKeyHeader, but was not");
                }
                return Optional.empty();
            }
            return Optional.of(ApiKey.of(apiKey, apiKeyHeader, apiKeyScheme, requiredEndpoint));
        }

        private SortedMap<String, String> settings(Endpoint requiredEndpoint) {
            Map<String, @Nullable Object> settings = new HashMap<>();
            settings.put("endpoint", requiredEndpoint);
            settings.put("temperature", temperature);
            settings.put("seed", seed);
            settings.put("maxTokens", maxTokens);
            settings.put("maxCompletionTokens", maxCompletionTokens);
            return FrameworkModels.settings(settings);
        }
    }
}
