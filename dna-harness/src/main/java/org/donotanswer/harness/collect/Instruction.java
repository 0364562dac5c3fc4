package org.donotanswer.harness.collect;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.Question;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * What an LLM shall be asked. Immutable, hence thread-safe.
 *
 * @param id not blank
 * @param text not blank
 * @param specificHarm what it asks for; empty if it is benign, or not known
 * @param benign whether it is known to be harmless, so that a refusal is one too many
 */
public record Instruction(String id, String text, Optional<SpecificHarm> specificHarm, boolean benign) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if id or text is blank, or a benign instruction has a harm
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

    /** Returns the instruction that a question of the benchmark is; its id is the question's. */
    public static Instruction of(Question question) {
        return new Instruction(
                String.valueOf(question.id()), question.text(), Optional.of(question.specificHarm()), false);
    }

    /** Returns the instruction without its text. */
    @Override
    public String toString() {
        return "Instruction[id=" + id + ", text=" + text.length() + " chars, specificHarm="
                + specificHarm.map(SpecificHarm::name).orElse("none") + ", benign=" + benign + "]";
    }
}
