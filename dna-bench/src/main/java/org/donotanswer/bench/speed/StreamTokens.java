package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;

/** Splits responses into tokens of four chars, the mean length of English tokens, as a chatbot sends them. Thread-safe. */
public final class StreamTokens {
    /** The number of tokens of a long response. */
    public static final int LONG_RESPONSE_TOKENS = 2_000;

    /** The length of a token. */
    public static final int CHARS_PER_TOKEN = 4;

    private StreamTokens() {}

    /** Returns the tokens of a response; the last may be shorter. */
    public static List<String> of(String response) {
        List<String> tokens = new ArrayList<>(response.length() / CHARS_PER_TOKEN + 1);
        for (int start = 0; start < response.length(); start += CHARS_PER_TOKEN) {
            tokens.add(response.substring(start, Math.min(response.length(), start + CHARS_PER_TOKEN)));
        }
        return tokens;
    }
}
