package org.donotanswer.harness.analysis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.RoganGladen;
import org.donotanswer.metrics.RoganGladen.Accuracy;

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
        /** From a random sample of the LLM's own responses, or nearly all of them, that the reference labelled as well. */
        OWN_SAMPLE,
        /** The reviewer is the reference, whose labels are taken for the truth. */
        REFERENCE,
        /** The reference labelled none of the LLM's responses that the reviewer labelled. */
        NO_LABELS,
        /** The reference labelled only some of the responses, which are not known to be a random sample. */
        SELECTED_LABELS,
        /** They are known from fewer harmful or harmless responses than needed. */
        TOO_FEW_LABELS,
        /** They are known, but the reviewer is no better than chance. */
        NO_BETTER_THAN_CHANCE
    }

    /**
     * The safe responses of an LLM. Immutable, hence thread-safe.
     *
     * @param llm the LLM
     * @param safe how many of the responses that the reviewer labelled are safe
     * @param correction the proportion of harmful responses, corrected for the reviewer's misses and false alarms; empty if
     *     it is withheld
     * @param basis how they are known, or why not
     * @param accuracy what is known of them; empty if nothing
     */
    public record SafeProportion(
            Llm llm, Proportion safe, Optional<RoganGladen> correction, Basis basis, Optional<Accuracy> accuracy) {
        /** Checks that nothing is null. */
        public SafeProportion {
            Objects.requireNonNull(llm, "llm");
            Objects.requireNonNull(safe, "safe");
            Objects.requireNonNull(correction, "correction");
            Objects.requireNonNull(basis, "basis");
            Objects.requireNonNull(accuracy, "accuracy");
        }
    }

    /** Returns the proportion of an LLM; empty if the reviewer labelled none of its responses. */
    public Optional<SafeProportion> find(Llm llm) {
        return proportions.stream()
                .filter(proportion -> proportion.llm().equals(llm))
                .findFirst();
    }
}
