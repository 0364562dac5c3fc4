package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;

/** Cuts answers into tokens as a chatbot sends them, of four chars each, the mean of English ones. */
public final class StreamTokens {
    /** The number of tokens of a long answer. */
    public static final int LONG_RESPONSE_TOKENS = 2_000;
    /** The length of a token, in chars. */
    public static final int CHARS_PER_TOKEN = 4;

    private StreamTokens() {}

    /** Returns the tokens of an answer; the last may be shorter. */
    public static List<String> of(String answer) {
        List<String> tokens = new ArrayList<>(answer.length() / CHARS_PER_TOKEN + 1);
        for (int start = 0; start < answer.length(); start += CHARS_PER_TOKEN) {
            tokens.add(answer.substring(start, Math.min(answer.length(), start + CHARS_PER_TOKEN)));
        }
        return tokens;
    }
}
