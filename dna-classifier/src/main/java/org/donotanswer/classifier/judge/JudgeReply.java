package org.donotanswer.classifier.judge;

import java.util.Objects;
import org.donotanswer.classifier.chat.ChatReply;

/**
 * What a judge replied when it was asked about an exchange, readable as a verdict or not. Its text may quote the exchange:
 * keep it where the exchange may be kept. Immutable, hence thread-safe.
 *
 * @param key what was judged and how: a SHA-256 as 64 lower-case hexadecimal digits. An unreadable reply's assessment gives
 *     the first 16
 * @param form how the judge was asked to answer
 * @param token the token that its verdict had to carry
 * @param judgedInstruction whether the judge was to judge the instruction, too
 * @param reply the reply
 */
public record JudgeReply(String key, ReplyFormat form, String token, boolean judgedInstruction, ChatReply reply) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the key is malformed
     */
    public JudgeReply {
        if (!Objects.requireNonNull(key, "key").matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("key must be 64 lower-case hexadecimal digits, but was '" + key + "'");
        }
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(reply, "reply");
    }

    /** Returns key, form and reply without its text. */
    @Override
    public String toString() {
        return "JudgeReply[key=" + key + ", form=" + form + ", reply=" + reply + "]";
    }
}
