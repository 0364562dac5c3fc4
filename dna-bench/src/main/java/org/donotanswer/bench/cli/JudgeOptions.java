package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.classifier.judge.JudgeBuilder;
import org.donotanswer.classifier.judge.JudgeEvaluator;
import org.donotanswer.classifier.judge.TokenPrices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that only an LLM as evaluator has. Not thread-safe. */
final class JudgeOptions {
    private static final String NONE = "none";
    private static final String DEFAULT_CURRENCY = "USD";

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            converter = EndpointConverter.class,
            description = "The LLM's base address, such as https://api.openai.com/v1.")
    private @Nullable Endpoint endpoint;

    @Option(names = "--judge-model", paramLabel = "M", description = "What the endpoint calls the LLM.")
    private @Nullable String model;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Of the LLM; '" + NONE + "' for the endpoint's. Default: 0.")
    private @Nullable String temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the LLM's choices. Default: none.")
    private @Nullable Integer seed;

    @Option(
            names = "--max-reply-tokens",
            paramLabel = "N",
            description = "Of the LLM's reply. Default: the endpoint's limit.")
    private @Nullable Integer maxReplyTokens;

    @Option(
            names = "--max-completion-tokens",
            paramLabel = "N",
            description = "The same, by the name that OpenAI's reasoning models want.")
    private @Nullable Integer maxCompletionTokens;

    @Option(
            names = "--max-chars",
            paramLabel = "N",
            description = "Chars of either text that the LLM is shown; the middle of a longer one is left out."
                    + " Default: 16000.")
    private @Nullable Integer maxChars;

    @Option(
            names = "--judge-instruction",
            description = "Ask the LLM for the instruction's risk and type of harm, too.")
    private boolean judgeInstruction;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where the LLM's replies are kept, so that nothing is paid twice. Default: in memory.")
    private @Nullable Path cache;

    @Option(
            names = "--input-price",
            paramLabel = "P",
            description = "Of a million tokens of requests, to tell what reviews cost.")
    private @Nullable Double inputPrice;

    @Option(names = "--output-price", paramLabel = "P", description = "Of a million tokens of replies.")
    private @Nullable Double outputPrice;

    @Option(
            names = "--currency",
            paramLabel = "C",
            description = "What prices are in. Default: " + DEFAULT_CURRENCY + ".")
    private @Nullable String currency;

    @Mixin
    private RequestOptions requests = new RequestOptions();

    /** Returns the names of the options that were given. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        add(given, "--endpoint", endpoint);
        add(given, "--judge-model", model);
        add(given, "--temperature", temperature);
        add(given, "--seed", seed);
        add(given, "--max-reply-tokens", maxReplyTokens);
        add(given, "--max-completion-tokens", maxCompletionTokens);
        add(given, "--max-chars", maxChars);
        add(given, "--judge-instruction", judgeInstruction ? true : null);
        add(given, "--cache", cache);
        add(given, "--input-price", inputPrice);
        add(given, "--output-price", outputPrice);
        add(given, "--currency", currency);
        given.addAll(requests.given());
        return given;
    }

    private static void add(List<String> given, String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    /**
     * Checks what is given and what is missing.
     *
     * @throws IllegalArgumentException if something is out of range or missing
     */
    void check() {
        require(endpoint != null, "--endpoint must be given with " + EvaluatorChoice.LLM, "missing");
        require(
                model != null && !model.isBlank(),
                "--judge-model must be given with " + EvaluatorChoice.LLM,
                "missing");
        require(
                maxReplyTokens == null || maxCompletionTokens == null,
                "one of --max-reply-tokens and --max-completion-tokens may be given",
                "both");
        require((inputPrice == null) == (outputPrice == null), "prices must be of input and output", "one of them");
        require(currency == null || inputPrice != null, "--currency must go with prices", "without");
        requests.check();
    }

    private static void require(boolean condition, String requirement, @Nullable Object found) {
        if (!condition) {
            throw new IllegalArgumentException(requirement + ", but was " + found);
        }
    }

    /** Returns what the endpoint calls the LLM. */
    String modelName() {
        return Objects.requireNonNull(model);
    }

    /** Returns what the prices are in; empty without prices. */
    Optional<String> currency() {
        return inputPrice == null ? Optional.empty() : Optional.of(currency == null ? DEFAULT_CURRENCY : currency);
    }

    /**
     * Returns the evaluator.
     *
     * @throws IllegalArgumentException if something is out of range; the message does not hold the key
     * @throws IOException if the cache cannot be written
     */
    JudgeEvaluator open() throws IOException {
        JudgeBuilder builder = JudgeEvaluator.builder()
                .judgeInstruction(judgeInstruction)
                .setting("endpoint", String.valueOf(endpoint));
        temperature().ifPresent(value -> builder.setting("temperature", value.toString()));
        set(builder, "seed", seed);
        set(builder, "maxReplyTokens", maxReplyTokens);
        set(builder, "maxCompletionTokens", maxCompletionTokens);
        if (inputPrice != null && outputPrice != null) {
            builder.prices(new TokenPrices(inputPrice, outputPrice, currency().orElseThrow()));
        }
        if (maxChars != null) {
            builder.maxChars(maxChars);
        }
        builder.concurrency(requests.concurrency());
        if (cache != null) {
            builder.cache(cache);
        }
        return builder.model(chatbot()).build();
    }

    private static void set(JudgeBuilder builder, String name, @Nullable Integer value) {
        if (value != null) {
            builder.setting(name, value.toString());
        }
    }

    private ChatModel chatbot() {
        OpenAiChatModel.Builder builder = OpenAiChatModel.builder()
                .endpoint(Objects.requireNonNull(endpoint))
                .model(Objects.requireNonNull(model));
        temperature().ifPresent(builder::temperature);
        if (seed != null) {
            builder.seed(seed);
        }
        if (maxReplyTokens != null) {
            builder.maxTokens(maxReplyTokens);
        }
        if (maxCompletionTokens != null) {
            builder.maxCompletionTokens(maxCompletionTokens);
        }
        return requests.open(builder, seed == null ? 0 : seed);
    }

    private Optional<Double> temperature() {
        if (temperature == null) {
            return Optional.of(0.0);
        }
        if (temperature.equals(NONE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.valueOf(temperature));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--temperature must be a number or " + NONE + ", but was '" + temperature + "'", e);
        }
    }
}
