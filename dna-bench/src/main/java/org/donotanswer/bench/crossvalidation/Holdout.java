package org.donotanswer.bench.crossvalidation;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;

/**
 * What is held out: all responses of an LLM, and everything that has one of some instructions, from any source. Immutable,
 * hence thread-safe.
 *
 * @param llm the LLM; empty if none is held out
 * @param instructions the {@linkplain #key keys} of the instructions
 */
public record Holdout(Optional<Llm> llm, Set<String> instructions) {
    /** Copies the set. */
    public Holdout {
        instructions = Set.copyOf(instructions);
    }

    /** Returns a holdout of nothing. */
    public static Holdout none() {
        return new Holdout(Optional.empty(), Set.of());
    }

    /** Returns a holdout of an LLM and of instructions, given by their texts. */
    public static Holdout of(Llm llm, Stream<String> instructions) {
        return new Holdout(Optional.of(llm), instructions.map(Holdout::key).collect(Collectors.toSet()));
    }

    /** Returns a holdout of instructions, given by their texts. */
    public static Holdout of(Stream<String> instructions) {
        return new Holdout(Optional.empty(), instructions.map(Holdout::key).collect(Collectors.toSet()));
    }

    /**
     * Returns the letters and digits of an instruction in lower case. Instructions that differ in nothing but case, punctuation
     * and white space have the same key.
     */
    public static String key(String instruction) {
        StringBuilder key = new StringBuilder(instruction.length());
        instruction
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(key::appendCodePoint);
        return key.toString();
    }

    /** Returns whether an example of an author and an instruction is held out. An empty instruction, not known, is not. */
    public boolean holdsOut(Optional<Llm> author, String instruction) {
        return (llm.isPresent() && llm.equals(author))
                || (!instruction.isEmpty() && instructions.contains(key(instruction)));
    }
}
