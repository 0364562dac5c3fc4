package org.donotanswer.bench.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.classifier.chat.RateLimitedChatModel;
import org.donotanswer.classifier.chat.RetryPolicy;
import org.donotanswer.classifier.chat.RetryingChatModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How requests are sent to an endpoint: with which key, how many, and how often again. None of it changes the replies. */
final class RequestOptions {
    static final int DEFAULT_CONCURRENCY = 4;

    private static final String DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY";
    private static final double DEFAULT_TIMEOUT = 120;

    @Option(
            names = "--key-variable",
            paramLabel = "NAME",
            description = "Environment variable that holds the key. Default: " + DEFAULT_KEY_VARIABLE
                    + ", if it is there; without a key, none is sent.")
    private @Nullable String keyVariable;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Requests at a time. Default: " + DEFAULT_CONCURRENCY + ".")
    private @Nullable Integer concurrency;

    @Option(names = "--requests-per-minute", paramLabel = "N", description = "Default: as many as it takes.")
    private @Nullable Integer requestsPerMinute;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "Seconds within which a reply must be complete. Default: 120.")
    private @Nullable Double timeout;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "How often a request is sent that fails for what may pass. Default: 5.")
    private @Nullable Integer maxAttempts;

    @Option(
            names = "--retry-delay",
            paramLabel = "S",
            description =
                    "Seconds before the second attempt; twice that before the third, and so on, 30 at most, unless"
                            + " the endpoint asks for more. Default: 1.")
    private @Nullable Double retryDelay;

    /** Returns the names of the options that were given. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        add(given, "--key-variable", keyVariable);
        add(given, "--concurrency", concurrency);
        add(given, "--requests-per-minute", requestsPerMinute);
        add(given, "--timeout", timeout);
        add(given, "--max-attempts", maxAttempts);
        add(given, "--retry-delay", retryDelay);
        return given;
    }

    private static void add(List<String> given, String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    /**
     * Checks what is given.
     *
     * @throws IllegalArgumentException if something is out of range
     */
    void check() {
        require(
                concurrency == null || (concurrency >= 1 && concurrency <= 1_000),
                "--concurrency must be between 1 and 1000",
                concurrency);
        require(maxAttempts == null || maxAttempts >= 1, "--max-attempts must be at least 1", maxAttempts);
        require(
                timeout == null || (timeout >= 0.001 && timeout <= 86_400),
                "--timeout must be between 0.001 and 86400",
                timeout);
        require(
                retryDelay == null || (retryDelay >= 0 && retryDelay <= 3_600),
                "--retry-delay must be between 0 and 3600",
                retryDelay);
        require(
                requestsPerMinute == null || requestsPerMinute >= 1,
                "--requests-per-minute must be at least 1",
                requestsPerMinute);
    }

    private static void require(boolean condition, String requirement, @Nullable Object found) {
        if (!condition) {
            throw new IllegalArgumentException(requirement + ", but was " + found);
        }
    }

    /** Returns how many requests are sent at a time. */
    int concurrency() {
        return concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
    }

    /**
     * Returns the chatbot, which keeps to the rate and tries again.
     *
     * @param builder without key and timeout
     * @param seed of the jitter between attempts
     * @throws IllegalArgumentException if the key is missing or malformed; the message does not hold it
     */
    ChatModel open(OpenAiChatModel.Builder builder, long seed) {
        builder.timeout(duration(timeout == null ? DEFAULT_TIMEOUT : timeout));
        key().ifPresent(builder::apiKey);
        ChatModel once = builder.build();
        ChatModel paced = requestsPerMinute == null ? once : RateLimitedChatModel.of(once, requestsPerMinute);
        RetryPolicy standard = RetryPolicy.DEFAULT;
        RetryPolicy policy = new RetryPolicy(
                maxAttempts == null ? standard.maxAttempts() : maxAttempts,
                retryDelay == null ? standard.firstDelay() : duration(retryDelay),
                standard.maxDelay(),
                standard.maxRetryAfter());
        return RetryingChatModel.of(paced, policy, seed);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private Optional<String> key() {
        String name = keyVariable == null ? DEFAULT_KEY_VARIABLE : keyVariable;
        String key = System.getenv(name);
        if (key == null || key.isBlank()) {
            require(keyVariable == null, "environment variable " + name + " must hold a key", "without");
            return Optional.empty();
        }
        return Optional.of(key.strip());
    }
}
