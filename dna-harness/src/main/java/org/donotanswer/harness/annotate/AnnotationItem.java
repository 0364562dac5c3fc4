package org.donotanswer.harness.annotate;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.run.CollectedResponse;

/**
 * A response to label. Immutable, hence thread-safe.
 *
 * @param llm the LLM that responded
 * @param response the response, with the id of its instruction
 * @param key identifies the response without naming the LLM: the first 16 hexadecimal digits of the SHA-256 of LLM, id and
 *     texts, after a letter, as a spreadsheet would take some of them for a number
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
        Hasher hasher = Hashing.sha256().newHasher();
        Stream.of(
                        llm.name(),
                        response.id(),
                        response.exchange().instruction(),
                        response.exchange().response())
                .forEach(part -> hasher.putString(part, StandardCharsets.UTF_8).putByte((byte) 0));
        return new AnnotationItem(llm, response, "r" + hasher.hash().toString().substring(0, KEY_DIGITS));
    }

    /** Returns the id of the instruction, which the responses of several LLMs share. */
    public String id() {
        return response.id();
    }

    /** Returns the LLM and the id, without texts. */
    @Override
    public String toString() {
        return llm + " " + id();
    }
}
