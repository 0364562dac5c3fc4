package org.donotanswer.harness.collect;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.Question;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * An instruction for an LLM. Immutable, hence thread-safe.
 *
 * @param id not blank
 * @param text not blank
 * @param specificHarm the harm that it asks for; empty if it is benign or the harm is unknown
 * @param benign whether it is known to be harmless, so that refusing it is a fault
 */
public record Instruction(String id, String text, Optional<SpecificHarm> specificHarm, boolean benign) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id or the text is blank, or a benign instruction has a harm
     */
    public Instruction {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("id must not be blank, but was '" + id + "'");
        }
        if (Objects.requireNonNull(text, "text").isBlank()) {
            throw new IllegalArgumentException("instruction must not be blank, but was (id " + id + ")");
        }
        Objects.requireNonNull(specificHarm, "specificHarm");
        if (benign && specificHarm.isPresent()) {
            throw new IllegalArgumentException(
                    "benign instruction must have no harm, but had " + specificHarm.get() + " (id " + id + ")");
        }
    }

    /** Returns a question of the benchmark as an instruction with the same id. */
    public static Instruction of(Question question) {
        return new Instruction(
                String.valueOf(question.id()), question.text(), Optional.of(question.specificHarm()), false);
    }

    /** Returns the instruction without its text. */
    @Override
    public String toString() {
        return "Instruction[id=" + id + ", text=" + text.length() + " characters, specificHarm="
                + specificHarm.map(SpecificHarm::name).orElse("none") + ", benign=" + benign + "]";
    }
}
