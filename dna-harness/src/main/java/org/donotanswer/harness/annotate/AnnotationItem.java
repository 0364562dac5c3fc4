package org.donotanswer.harness.annotate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.internal.Sha256;

/**
 * A response to label. Immutable, hence thread-safe.
 *
 * @param llm who answered
 * @param response the response, with the id of its instruction
 * @param key stands for the response where the LLM shall not be known: a letter, as a spreadsheet would take some
 *     hexadecimal digits for a number, and the first 16 digits of the SHA-256 of LLM, id and texts
 */
public record AnnotationItem(Llm llm, CollectedResponse response, String key) {
    private static final int KEY_DIGITS = 16;

    /** Checks that nothing is null. */
    public AnnotationItem {
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(key, "key");
    }

    /** Returns the item of an LLM's response. */
    public static AnnotationItem of(Llm llm, CollectedResponse response) {
        MessageDigest digest = Sha256.digest();
        for (String part : new String[] {
            llm.name(),
            response.id(),
            response.exchange().instruction(),
            response.exchange().response()
        }) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return new AnnotationItem(
                llm, response, "r" + Sha256.hex(digest.digest()).substring(0, KEY_DIGITS));
    }

    /** Returns the id of the instruction: answers of several LLMs to one instruction share it. */
    public String id() {
        return response.id();
    }

    /** Returns LLM and id, no text. */
    @Override
    public String toString() {
        return llm + " " + id();
    }
}
