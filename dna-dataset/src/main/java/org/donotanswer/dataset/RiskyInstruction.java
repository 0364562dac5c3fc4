package org.donotanswer.dataset;

import java.util.Objects;

/**
 * An instruction that an LLM should not simply follow, without a response. Immutable, hence thread-safe.
 *
 * @param source where it was published
 */
public record RiskyInstruction(String source, String instruction) {
    /** Checks that nothing is null. */
    public RiskyInstruction {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(instruction, "instruction");
    }

    /** Returns the source without the text. */
    @Override
    public String toString() {
        return "RiskyInstruction[source=" + source + "]";
    }
}
