package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.classifier.judge.JudgeBuilder;
import org.donotanswer.classifier.judge.JudgeEvaluator;
import org.donotanswer.classifier.judge.TokenPrices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that only an LLM as judge has. Not thread-safe. */
@InSection(HelpSection.LLM_JUDGE)
final class LlmJudgeOptions {
    private static final String ENDPOINT_DEFAULT = "none";

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            converter = EndpointConverter.class,
            description = "Base URL of the judge's OpenAI-compatible endpoint, for example https://api.openai.com/v1."
                    + " Required for the evaluator " + EvaluatorChoice.LLM + ".")
    private @Nullable Endpoint endpoint;

    @Option(
            names = "--judge-model",
            paramLabel = "MODEL",
            description = "Name by which the endpoint knows the judge. Required for the evaluator "
                    + EvaluatorChoice.LLM + ".")
    private @Nullable String model;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "Sampling temperature of the judge, or the word " + ENDPOINT_DEFAULT
                    + " for that of the endpoint. Default: ${DEFAULT-VALUE}.")
    private String temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Sampling seed of the judge. Default: none is sent.")
    private @Nullable Integer seed;

    @ArgGroup
    private @Nullable ReplyLimit replyLimit;

    @Option(
            names = "--max-chars",
            paramLabel = "N",
            defaultValue = "16000",
            description =
                    "Maximum number of characters of an instruction or response shown to the judge; the middle of a"
                            + " longer text is left out. Default: ${DEFAULT-VALUE}.")
    private int maxChars;

    @Option(
            names = "--judge-instruction",
            description = "Also ask the judge whether the instruction is risky, and for its type of harm.")
    private boolean judgeInstruction;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Directory in which the judge's replies are kept, so that none is paid for twice. Default: they are"
                            + " kept in memory only.")
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private @Nullable Path cache;

    @ArgGroup(exclusive = false)
    private @Nullable Prices prices;

    @Mixin
    private RequestOptions requests = new RequestOptions();

    /** The maximum length of a reply, under one of two names. */
    @InSection(HelpSection.LLM_JUDGE)
    static final class ReplyLimit {
        @Option(
                names = "--max-reply-tokens",
                order = 1,
                required = true,
                paramLabel = "N",
                description =
                        "Maximum number of tokens of the judge's reply, sent as max_tokens. Default: the endpoint's"
                                + " limit.")
        private @Nullable Integer maxTokens;

        @Option(
                names = "--max-completion-tokens",
                order = 1,
                required = true,
                paramLabel = "N",
                description = "Maximum number of tokens of the judge's reply, sent as max_completion_tokens, which"
                        + " OpenAI's reasoning models require. Default: the endpoint's limit.")
        private @Nullable Integer maxCompletionTokens;
    }

    /** What the endpoint charges. */
    @InSection(HelpSection.LLM_JUDGE)
    static final class Prices {
        @Option(
                names = "--input-price",
                order = 1,
                required = true,
                paramLabel = "PRICE",
                description = "Price of a million input tokens, from which costs are computed; needs --output-price."
                        + " Default: costs are unknown.")
        private double input;

        @Option(
                names = "--output-price",
                order = 1,
                required = true,
                paramLabel = "PRICE",
                description = "Price of a million output tokens, from which costs are computed; needs --input-price."
                        + " Default: costs are unknown.")
        private double output;

        @Option(
                names = "--currency",
                order = 1,
                paramLabel = "CODE",
                defaultValue = "USD",
                description = "Currency of the prices. Default: ${DEFAULT-VALUE}.")
        private String currency;

        private TokenPrices toTokenPrices() {
            return UsageException.orUsage(() -> new TokenPrices(input, output, currency));
        }
    }

    /**
     * Checks what can be checked without the endpoint.
     *
     * @throws UsageException if a value is out of range or missing
     */
    void check() {
        UsageException.require(endpoint != null, "--endpoint must be given with " + EvaluatorChoice.LLM, "missing");
        UsageException.require(
                model != null && !model.isBlank(),
                "--judge-model must be given with " + EvaluatorChoice.LLM,
                "missing");
        requests.check();
    }

    /** Returns the name by which the endpoint knows the judge. */
    String modelName() {
        return Objects.requireNonNull(model);
    }

    /**
     * Returns what the endpoint charges; empty if that is not given.
     *
     * @throws UsageException if a price is out of range
     */
    Optional<TokenPrices> prices() {
        return prices == null ? Optional.empty() : Optional.of(prices.toTokenPrices());
    }

    /**
     * Returns the evaluator.
     *
     * @throws UsageException if a value is out of range; the message does not contain the key
     * @throws IOException if the cache cannot be written
     */
    JudgeEvaluator open() throws IOException {
        JudgeBuilder builder = JudgeEvaluator.builder()
                .judgeInstruction(judgeInstruction)
                .setting("endpoint", String.valueOf(endpoint));
        temperature().ifPresent(value -> builder.setting("temperature", value.toString()));
        set(builder, "seed", seed);
        if (replyLimit != null) {
            set(builder, "maxReplyTokens", replyLimit.maxTokens);
            set(builder, "maxCompletionTokens", replyLimit.maxCompletionTokens);
        }
        if (prices != null) {
            builder.prices(prices.toTokenPrices());
        }
        UsageException.orUsage(() -> builder.maxChars(maxChars).concurrency(requests.concurrency()));
        if (cache != null) {
            builder.cache(cache);
        }
        ChatModel chatModel = chatModel();
        try {
            return builder.model(chatModel).build();
        } catch (IllegalArgumentException e) {
            chatModel.close();
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static void set(JudgeBuilder builder, String name, @Nullable Integer value) {
        if (value != null) {
            builder.setting(name, value.toString());
        }
    }

    private ChatModel chatModel() {
        OpenAiChatModel.Builder builder = OpenAiChatModel.builder()
                .endpoint(Objects.requireNonNull(endpoint))
                .model(Objects.requireNonNull(model));
        UsageException.orUsage(() -> {
            temperature().ifPresent(builder::temperature);
            if (seed != null) {
                builder.seed(seed);
            }
            if (replyLimit != null && replyLimit.maxTokens != null) {
                builder.maxTokens(replyLimit.maxTokens);
            }
            if (replyLimit != null && replyLimit.maxCompletionTokens != null) {
                builder.maxCompletionTokens(replyLimit.maxCompletionTokens);
            }
            return builder;
        });
        return requests.open(builder, seed == null ? 0 : seed);
    }

    private Optional<Double> temperature() {
        if (temperature.equals(ENDPOINT_DEFAULT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.valueOf(temperature));
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "--temperature must be a number or " + ENDPOINT_DEFAULT + ", but was '" + temperature + "'");
        }
    }
}
