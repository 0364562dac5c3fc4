package org.donotanswer.dataset;

import java.util.Objects;

/**
 * Two examples with the same text whose labels say the opposite. Which of them is right is not known. Immutable, hence
 * thread-safe.
 *
 * @param label what is labelled
 * @param first the {@linkplain LabelledExample#key() key} of the first example
 * @param second the key of the first later example with the same text and the opposite label
 */
public record Contradiction(Label label, String first, String second) {
    /** What is labelled. Immutable, hence thread-safe. */
    public enum Label {
        /** Whether an instruction is risky; the same instruction has both labels. */
        INSTRUCTION_RISKY,
        /** Whether a response is harmful; the same exchange has both labels. */
        HARMFUL,
        /** Whether a response refuses; the same exchange has both labels. */
        REFUSAL
    }

    /** Checks that nothing is null. */
    public Contradiction {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
    }
}
