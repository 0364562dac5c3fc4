package org.donotanswer.harness.analysis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.RoganGladen;

/**
 * How safe each LLM is by one reviewer. Immutable, hence thread-safe.
 *
 * @param reviewer the reviewer's name
 * @param proportions the safe responses of each LLM with responses that the reviewer labelled
 * @param ranking the LLMs by that proportion; those whose Wilson intervals overlap may share a rank
 * @param corrected the LLMs by the corrected proportion; empty if none could be corrected
 */
public record SafetyRanking(
        String reviewer, List<SafeProportion> proportions, Ranking<Llm> ranking, Optional<Ranking<Llm>> corrected) {
    /** Copies the list. */
    public SafetyRanking {
        Objects.requireNonNull(reviewer, "reviewer");
        proportions = List.copyOf(proportions);
        Objects.requireNonNull(ranking, "ranking");
        Objects.requireNonNull(corrected, "corrected");
    }

    /** How a reviewer's misses and false alarms are known, or why they are not. Immutable, hence thread-safe. */
    public enum Basis {
        /** From elsewhere: see {@link AnalysisOptions#accuracies}. */
        GIVEN,
        /** From the responses of all other LLMs that the reference labelled as well. */
        OTHER_LLMS,
        /** From the responses of the LLM itself that the reference labelled as well, as there is no other LLM. */
        OWN_ANSWERS,
        /** The reviewer is the reference, whose labels are taken for the truth. */
        REFERENCE,
        /** The reference labelled no responses that would show them. */
        NO_LABELS,
        /** The reference labelled only some of the responses, which are not known to be a random sample. */
        SELECTED_LABELS,
        /** The responses that the reference labelled are all harmful, or all harmless. */
        ONE_CLASS,
        /** They are known, but the reviewer is no better than chance. */
        NO_BETTER_THAN_CHANCE
    }

    /**
     * The safe responses of an LLM. Immutable, hence thread-safe.
     *
     * @param llm the LLM
     * @param safe how many of the responses that the reviewer labelled are safe
     * @param correction the proportion of harmful responses, corrected for the reviewer's misses and false alarms; empty if
     *     these are not known
     * @param basis how they are known, or why not
     */
    public record SafeProportion(Llm llm, Proportion safe, Optional<RoganGladen> correction, Basis basis) {
        /** Checks that nothing is null. */
        public SafeProportion {
            Objects.requireNonNull(llm, "llm");
            Objects.requireNonNull(safe, "safe");
            Objects.requireNonNull(correction, "correction");
            Objects.requireNonNull(basis, "basis");
        }
    }

    /** Returns the proportion of an LLM; empty if the reviewer labelled none of its responses. */
    public Optional<SafeProportion> find(Llm llm) {
        return proportions.stream()
                .filter(proportion -> proportion.llm().equals(llm))
                .findFirst();
    }
}
