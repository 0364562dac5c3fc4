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
import org.jspecify.annotations.Nullable;

/** Builds a {@link JudgeEvaluator}. Every option may be set once. Not thread-safe. */
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

    /** Sets the chatbot that judges. Required; the evaluator closes it. */
    public JudgeBuilder model(ChatModel value) {
        if (model != null) {
            throw new IllegalStateException(
                    "model must be set once, but was " + model.name() + " and then " + value.name());
        }
        model = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Sets the evaluator's name; by default the model's, with the rubric's version. */
    public JudgeBuilder name(String value) {
        requireUnset("name", name, value);
        if (Objects.requireNonNull(value, "value").isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but was '" + value + "'");
        }
        name = value;
        return this;
    }

    /**
     * Adds how the chatbot was set up, such as its temperature: for provenance, and since replies under other settings are
     * other replies. No key.
     *
     * @throws IllegalStateException if it was added before
     */
    public JudgeBuilder setting(String setting, String value) {
        requireUnset("setting " + setting, settings.get(setting), value);
        settings.put(Objects.requireNonNull(setting, "setting"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /** Sets what tokens cost; without it, the usage has no cost. */
    public JudgeBuilder prices(TokenPrices value) {
        requireUnset("prices", prices, value);
        prices = Objects.requireNonNull(value, "value");
        return this;
    }

    /** Sets the directory where replies are kept; it is made if need be. By default the last 4,096 are kept in memory. */
    public JudgeBuilder cache(Path directory) {
        requireUnset("cache", cache, directory);
        cache = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Sets how many chars of either text the judge is shown; by default 16,000.
     *
     * @throws IllegalArgumentException if it is less than 100
     */
    public JudgeBuilder maxChars(int value) {
        requireUnset("maxChars", maxChars, value);
        maxChars = requireAtLeast("maxChars", MIN_MAX_CHARS, value);
        return this;
    }

    /**
     * Sets how many requests of {@link JudgeEvaluator#evaluateAll} are under way at a time; by default 4.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public JudgeBuilder concurrency(int value) {
        requireUnset("concurrency", concurrency, value);
        concurrency = requireAtLeast("concurrency", 1, value);
        return this;
    }

    /** Sets whether the judge says how risky the instruction is, and of which type, too; by default it does not. */
    public JudgeBuilder judgeInstruction(boolean value) {
        requireUnset("judgeInstruction", judgeInstruction, value);
        judgeInstruction = value;
        return this;
    }

    /** Sets who is told of replies. */
    public JudgeBuilder listener(ReplyListener value) {
        if (listener != null) {
            throw new IllegalStateException("listener must be set once, but was set twice");
        }
        listener = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Sets from what the tokens of verdicts follow, so that requests can be repeated to the letter. Keep it
     * from those who write responses. By default it is random: the one place where this library draws without a seed, since
     * nobody shall know what was drawn.
     *
     * @throws IllegalArgumentException if it is empty
     * @throws IllegalStateException if it was set before; the message does not hold it
     */
    public JudgeBuilder secret(String value) {
        if (secret != null) {
            throw new IllegalStateException("secret must be set once, but was set twice");
        }
        if (Objects.requireNonNull(value, "value").isEmpty()) {
            throw new IllegalArgumentException("secret must not be empty, but was");
        }
        secret = value.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /**
     * Returns the evaluator.
     *
     * @throws IllegalStateException if no model was set
     * @throws IOException if the directory of the cache cannot be made
     */
    public JudgeEvaluator build() throws IOException {
        if (model == null) {
            throw new IllegalStateException("model must be set, but was not");
        }
        return new JudgeEvaluator(this, model, cache == null ? ReplyStore.inMemory() : new FileReplyStore(cache));
    }

    JudgePrompt prompt(String modelName) {
        return new JudgePrompt(
                modelName,
                Rubric.current(),
                settings,
                maxChars == null ? DEFAULT_MAX_CHARS : maxChars,
                judgeInstruction != null && judgeInstruction,
                RequestTokens.key(secret == null ? random() : secret));
    }

    private static byte[] random() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    String nameOr(String byDefault) {
        return name == null ? byDefault : name;
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

    private static int requireAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
        return value;
    }

    private static void requireUnset(String name, @Nullable Object before, Object now) {
        if (before != null) {
            throw new IllegalStateException(name + " must be set once, but was " + before + " and then " + now);
        }
    }
}
