package org.donotanswer.classifier.chat;

import org.jspecify.annotations.Nullable;

/**
 * The number of tokens of a request and its reply, as the endpoint counts them; zeros if it does not report them.
 * Immutable, hence thread-safe.
 *
 * @param input tokens of the request, at least 0
 * @param output tokens of the reply, at least 0
 */
public record TokenUsage(long input, long output) {
    /** No tokens. */
    public static final TokenUsage NONE = new TokenUsage(0, 0);

    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public TokenUsage {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("tokens must be at least 0, but were " + input + " and " + output);
        }
    }

    /** Returns the counts that an endpoint reports, where a missing or negative one is taken for 0. */
    static TokenUsage ofCounts(@Nullable Integer input, @Nullable Integer output) {
        return new TokenUsage(input == null ? 0 : Math.max(0, input), output == null ? 0 : Math.max(0, output));
    }

    /** Returns the sum of both. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(input + other.input, output + other.output);
    }
}
