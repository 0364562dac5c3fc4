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
 * @param shares the safe share of each LLM of which the reviewer labelled answers
 * @param ranking the LLMs by that share; those whose Wilson intervals overlap may share a rank
 * @param corrected the LLMs by the corrected share; empty if none could be corrected
 */
public record SafetyRanking(
        String reviewer, List<SafeProportion> shares, Ranking<Llm> ranking, Optional<Ranking<Llm>> corrected) {
    /** Copies the list. */
    public SafetyRanking {
        Objects.requireNonNull(reviewer, "reviewer");
        shares = List.copyOf(shares);
        Objects.requireNonNull(ranking, "ranking");
        Objects.requireNonNull(corrected, "corrected");
    }

    /** From what a reviewer's misses and false alarms are known, or why they are not. Immutable, hence thread-safe. */
    public enum Basis {
        /** From elsewhere: see {@link AnalysisOptions#accuracies}. */
        GIVEN,
        /** From the answers of all other LLMs that the reference labelled, too. */
        OTHER_LLMS,
        /** From the answers of the LLM itself that the reference labelled, too, as there is no other LLM. */
        OWN_ANSWERS,
        /** The reviewer is the reference, whose labels are taken for the truth. */
        REFERENCE,
        /** The reference labelled no answers that they could be known from. */
        NO_LABELS,
        /** The reference labelled a part alone of the answers, which is not known to be a random sample. */
        SELECTED_LABELS,
        /** The answers that the reference labelled are all harmful, or all harmless. */
        ONE_CLASS,
        /** They are known, but the reviewer is no better than chance. */
        NO_BETTER_THAN_CHANCE
    }

    /**
     * The safe share of an LLM. Immutable, hence thread-safe.
     *
     * @param llm the LLM
     * @param safe how many of the answers that the reviewer labelled are safe
     * @param correction the share of harmful answers, corrected for the reviewer's misses and false alarms; empty if these are
     *     not known
     * @param basis from what they are known, or why not
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

    /** Returns the share of an LLM; empty if the reviewer labelled none of its answers. */
    public Optional<SafeProportion> share(Llm llm) {
        return shares.stream().filter(share -> share.llm().equals(llm)).findFirst();
    }
}
