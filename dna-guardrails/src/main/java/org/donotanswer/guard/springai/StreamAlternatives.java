package org.donotanswer.guard.springai;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.Generation;

/**
 * Recognises that a stream has several alternative responses: the parts of each come interleaved, and cannot be checked as one.
 * Providers give the number of an alternative under different names, from 0 or from 1, or not at all. Not thread-safe.
 */
final class StreamAlternatives {
    private static final List<String> NAMES =
            List.of("index", "choiceIndex", "candidateIndex", "choice_index", "candidate_index");
    private static final String FIRST = "0";

    private @Nullable String only;
    private boolean textSeen;
    private boolean severalSeen;

    /** Returns the number of the alternative that a generation belongs to, as the provider calls it; null if it does not tell. */
    static @Nullable String of(Generation generation) {
        AssistantMessage output = generation.getOutput();
        for (String name : NAMES) {
            Object index = output == null ? null : output.getMetadata().get(name);
            if (index == null && generation.getMetadata() != null) {
                index = generation.getMetadata().get(name);
            }
            if (index instanceof Number number) {
                return String.valueOf(number.longValue());
            }
            if (index instanceof String text && !text.isBlank()) {
                return text.strip();
            }
        }
        return null;
    }

    /**
     * Takes in the generations of the next chunk that have a text. Several without numbers are parts of one response if all of
     * it comes in one chunk.
     *
     * @throws IllegalStateException if they cannot all belong to one response
     */
    void add(List<Generation> texts) {
        int unnumbered = 0;
        for (Generation generation : texts) {
            String index = of(generation);
            unnumbered += index == null ? 1 : 0;
            String alternative = index == null ? FIRST : index;
            if (only != null && !only.equals(alternative)) {
                throw new IllegalStateException(
                        "stream must have one response, but had alternatives " + only + " and " + alternative);
            }
            only = alternative;
        }
        if (texts.isEmpty()) {
            return;
        }
        boolean several = unnumbered > 1;
        if (severalSeen || (several && textSeen)) {
            throw new IllegalStateException(
                    "stream must have one response, but had several texts in a chunk, without the index of an alternative");
        }
        severalSeen = several;
        textSeen = true;
    }
}
