package org.donotanswer.classifier.judge;

import java.util.Objects;
import org.donotanswer.classifier.chat.ChatReply;

/**
 * A judge's reply about an exchange, readable or not. Its text may quote the exchange: keep it only where the exchange
 * may be kept. Immutable, hence thread-safe.
 *
 * @param key identifies what was judged and how: a SHA-256 as 64 lower-case hexadecimal digits. If the reply yields no
 *     score, the detail of the assessment contains the first 16
 * @param format the format that was requested
 * @param token the token that the reply had to contain
 * @param judgedInstruction whether the judge was asked to judge the instruction as well
 * @param reply the reply
 */
public record JudgeReply(String key, ReplyFormat format, String token, boolean judgedInstruction, ChatReply reply) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the key is malformed
     */
    public JudgeReply {
        if (!Objects.requireNonNull(key, "key").matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("key must be 64 lower-case hexadecimal digits, but was '" + key + "'");
        }
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(reply, "reply");
    }

    /** Returns the key, the format and the reply without its text. */
    @Override
    public String toString() {
        return "JudgeReply[key=" + key + ", format=" + format + ", reply=" + reply + "]";
    }
}
