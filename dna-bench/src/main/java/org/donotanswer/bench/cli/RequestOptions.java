package org.donotanswer.bench.cli;

import java.time.Duration;
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.classifier.chat.RateLimitedChatModel;
import org.donotanswer.classifier.chat.RetryPolicy;
import org.donotanswer.classifier.chat.RetryingChatModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How requests are sent to an endpoint: the key and its header, the rate and the retries. No option changes the replies. Not thread-safe. */
@InSection(HelpSection.REQUESTS)
final class RequestOptions {
    private static final String DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY";
    private static final int MAX_CONCURRENCY = 1_000;
    private static final double MIN_TIMEOUT = 0.001;
    private static final double MAX_TIMEOUT = 86_400;
    private static final double MAX_RETRY_DELAY = 3_600;

    @Option(
            names = "--key-variable",
            paramLabel = "NAME",
            description = "Environment variable that holds the API key. Default: " + DEFAULT_KEY_VARIABLE
                    + "; if that is not set, no key is sent.")
    private @Nullable String keyVariable;

    @Option(
            names = "--auth-header",
            paramLabel = "NAME",
            description =
                    "Header in which the key is sent, for example api-key or x-api-key; with a word before the key as"
                            + " in 'Authorization: Token'. Default: Authorization, with the word Bearer; for a deployment at"
                            + " *.azure.com, api-key.")
    private @Nullable String authHeader;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "4",
            description = "Maximum number of requests at the same time, from 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--requests-per-minute",
            paramLabel = "N",
            description = "Maximum number of requests per minute. Default: no limit.")
    private @Nullable Integer requestsPerMinute;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Time within which a reply must be complete, in seconds. Default: ${DEFAULT-VALUE}.")
    private double timeout;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Maximum number of attempts per request; only transient failures are retried."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxAttempts;

    @Option(
            names = "--retry-delay",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Delay before the second attempt, in seconds. It doubles with every further attempt, up to 30"
                    + " seconds, unless the endpoint asks for a longer delay. Default: ${DEFAULT-VALUE}.")
    private double retryDelay;

    /**
     * Checks the values.
     *
     * @throws UsageException if one is out of range
     */
    void check() {
        requireBetween("--concurrency", 1, MAX_CONCURRENCY, concurrency);
        UsageException.requireAtLeast("--max-attempts", 1, maxAttempts);
        UsageException.require(
                timeout >= MIN_TIMEOUT && timeout <= MAX_TIMEOUT, "--timeout must be between 0.001 and 86400", timeout);
        UsageException.require(
                retryDelay >= 0 && retryDelay <= MAX_RETRY_DELAY,
                "--retry-delay must be between 0 and 3600",
                retryDelay);
        if (authHeader != null) {
            UsageException.require(key().isPresent(), "--auth-header must go with a key", "without");
        }
        if (requestsPerMinute != null) {
            UsageException.requireAtLeast("--requests-per-minute", 1, requestsPerMinute);
        }
    }

    private static void requireBetween(String option, int minimum, int maximum, int value) {
        UsageException.require(
                value >= minimum && value <= maximum,
                option + " must be between " + minimum + " and " + maximum,
                value);
    }

    /** Returns the maximum number of requests at the same time. */
    int concurrency() {
        return concurrency;
    }

    /**
     * Returns the model, limited to the rate and with retries.
     *
     * @param builder without key and timeout
     * @param seed of the jitter between attempts
     * @throws UsageException if the key is missing or malformed; the message does not contain it
     */
    ChatModel open(OpenAiChatModel.Builder builder, long seed) {
        builder.timeout(duration(timeout));
        key().ifPresent(key -> UsageException.orUsage(() -> builder.apiKey(key)));
        if (authHeader != null) {
            UsageException.orUsage(() -> withHeader(builder, authHeader));
        }
        ChatModel once = UsageException.orUsage(builder::build);
        ChatModel paced = requestsPerMinute == null ? once : RateLimitedChatModel.of(once, requestsPerMinute);
        RetryPolicy standard = RetryPolicy.DEFAULT;
        RetryPolicy policy =
                new RetryPolicy(maxAttempts, duration(retryDelay), standard.maxDelay(), standard.maxRetryAfter());
        return RetryingChatModel.of(paced, policy, seed);
    }

    private static OpenAiChatModel.Builder withHeader(OpenAiChatModel.Builder builder, String header) {
        int colon = header.indexOf(':');
        return colon < 0
                ? builder.apiKeyHeader(header.strip())
                : builder.apiKeyHeader(
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private Optional<String> key() {
        String name = keyVariable == null ? DEFAULT_KEY_VARIABLE : keyVariable;
        String key = System.getenv(name);
        if (key == null || key.isBlank()) {
            UsageException.require(keyVariable == null, "environment variable " + name + " must hold a key", "without");
            return Optional.empty();
        }
        return Optional.of(key.strip());
    }
}
