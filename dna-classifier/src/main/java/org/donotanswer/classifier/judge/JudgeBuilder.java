package org.donotanswer.classifier.judge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/** Builds a {@link JudgeEvaluator}. Each option may be set once. Not thread-safe. */
public final class JudgeBuilder {
    private static final int DEFAULT_CONCURRENCY = 4;
    private static final int DEFAULT_MAX_CHARS = 16_000;
    private static final int MIN_MAX_CHARS = 100;
    private static final int SECRET_BYTES = 32;

    private final SortedMap<String, String> settings = new TreeMap<>();
    private @Nullable ChatModel model;
    private @Nullable String name;
    private @Nullable TokenPrices prices;
    private @Nullable Path cache;
    private @Nullable Integer maxChars;
    private @Nullable Integer concurrency;
    private @Nullable Boolean judgeInstruction;
    private @Nullable ReplyListener listener;
    private byte @Nullable [] secret;

    JudgeBuilder() {}

    /**
     * Sets the chat model that judges. Required. The evaluator closes it.
     *
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder model(ChatModel value) {
        Objects.requireNonNull(value, "value");
        if (model != null) {
            throw new IllegalStateException(
                    "model must be set once, but was " + model.name() + " and then " + value.name());
        }
        model = value;
        return this;
    }

    /**
     * Sets the name of the evaluator. Default: the name of the model, followed by the version of the rubric.
     *
     * @throws IllegalArgumentException if it is blank
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder name(String value) {
        name = BuilderChecks.setOnce("name", name, value);
        if (value.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but was '" + value + "'");
        }
        return this;
    }

    /**
     * Adds a setting of the chat model, for example its temperature. It becomes part of the provenance and of the key
     * under which replies are cached. Not for keys and other secrets. Default: the
     * {@linkplain ChatModel#settings() settings} that the model itself reports.
     *
     * @throws IllegalStateException if a setting of that name was added before
     */
    public JudgeBuilder setting(String setting, String value) {
        Objects.requireNonNull(setting, "setting");
        settings.put(setting, BuilderChecks.setOnce("setting " + setting, settings.get(setting), value));
        return this;
    }

    /**
     * Sets the prices of tokens. Default: none, and the usage has no cost.
     *
     * @throws IllegalStateException if they were set before
     */
    public JudgeBuilder prices(TokenPrices value) {
        prices = BuilderChecks.setOnce("prices", prices, value);
        return this;
    }

    /**
     * Sets the directory in which replies are cached; it is created if necessary. Default: the 4,096 most recently used
     * replies are cached in memory.
     *
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder cache(Path directory) {
        cache = BuilderChecks.setOnce("cache", cache, directory);
        return this;
    }

    /**
     * Sets how many chars of either text are sent to the judge. Default: 16,000.
     *
     * @throws IllegalArgumentException if it is less than 100
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder maxChars(int value) {
        BuilderChecks.requireAtLeast("maxChars", MIN_MAX_CHARS, value);
        maxChars = BuilderChecks.setOnce("maxChars", maxChars, value);
        return this;
    }

    /**
     * Sets how many requests {@link JudgeEvaluator#evaluateAll} sends concurrently. Default: 4.
     *
     * @throws IllegalArgumentException if it is less than 1
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder concurrency(int value) {
        BuilderChecks.requireAtLeast("concurrency", 1, value);
        concurrency = BuilderChecks.setOnce("concurrency", concurrency, value);
        return this;
    }

    /**
     * Sets whether the judge also judges the risk and the harm type of the instruction. Default: no.
     *
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder judgeInstruction(boolean value) {
        judgeInstruction = BuilderChecks.setOnce("judgeInstruction", judgeInstruction, value);
        return this;
    }

    /**
     * Sets the listener that receives every reply. Default: none.
     *
     * @throws IllegalStateException if it was set before
     */
    public JudgeBuilder listener(ReplyListener value) {
        listener = BuilderChecks.setSecretOnce("listener", listener, value);
        return this;
    }

    /**
     * Sets the secret from which the tokens in requests are derived, which makes requests reproducible to the letter.
     * Keep it from anybody who writes responses. Default: random bytes; the only place where this library draws without
     * a seed, because nobody may know the result.
     *
     * @throws IllegalArgumentException if it is empty
     * @throws IllegalStateException if it was set before; the message does not contain it
     */
    public JudgeBuilder secret(String value) {
        BuilderChecks.setSecretOnce("secret", secret, value);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("secret must not be empty, but was");
        }
        secret = value.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /**
     * Returns the evaluator.
     *
     * @throws IllegalStateException if no model was set
     * @throws IOException if the directory of the cache cannot be created
     */
    public JudgeEvaluator build() throws IOException {
        BuilderChecks.requireSet("model", model);
        return build(cache == null ? ReplyStore.inMemory() : new FileReplyStore(cache));
    }

    JudgeEvaluator build(ReplyStore replies) {
        return new JudgeEvaluator(this, BuilderChecks.requireSet("model", model), replies);
    }

    JudgePrompt prompt(ChatModel judge) {
        return new JudgePrompt(
                judge.name(),
                Rubric.current(),
                settings.isEmpty() ? judge.settings() : settings,
                maxChars == null ? DEFAULT_MAX_CHARS : maxChars,
                judgeInstruction != null && judgeInstruction,
                RequestTokens.key(secret == null ? random() : secret));
    }

    private static byte[] random() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    String nameOr(String defaultName) {
        return name == null ? defaultName : name;
    }

    Optional<TokenPrices> prices() {
        return Optional.ofNullable(prices);
    }

    int concurrency() {
        return concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
    }

    ReplyListener listener() {
        return listener == null ? reply -> {} : listener;
    }
}
