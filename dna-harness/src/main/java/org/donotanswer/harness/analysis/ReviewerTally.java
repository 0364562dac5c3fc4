package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts one reviewer's reviews. Not thread-safe. */
final class ReviewerTally {
    private final String name;
    private final List<@Nullable ReviewTally> byLlm = new ArrayList<>();
    private final ReliabilityBins bins = new ReliabilityBins();
    private final ResampledMatrix actions;
    private final ResampledMatrix harmful;

    ReviewerTally(String name, int resamples) {
        this.name = name;
        this.actions = new ResampledMatrix(ReviewTally.ACTIONS, resamples);
        this.harmful = new ResampledMatrix(2, resamples);
    }

    String name() {
        return name;
    }

    /** Returns the counts of the LLM with an index; new ones if there are none yet. */
    ReviewTally ofLlm(int llm) {
        while (byLlm.size() <= llm) {
            byLlm.add(null);
        }
        ReviewTally counts = byLlm.get(llm);
        if (counts == null) {
            counts = new ReviewTally();
            byLlm.set(llm, counts);
        }
        return counts;
    }

    /** Returns the counts of the LLM with an index; null if the reviewer did not review it. */
    @Nullable
    ReviewTally find(int llm) {
        return llm < byLlm.size() ? byLlm.get(llm) : null;
    }

    /** Adds the labels that both the reference and this reviewer gave. */
    void addAgainst(LabelCodes reference, int llm, LabelCodes given, byte[] weights) {
        ReviewTally counts = ofLlm(llm);
        if (reference.hasAction() && given.hasAction()) {
            counts.addActions(reference.action(), given.action());
            actions.add(reference.action(), given.action(), weights);
        }
        if (reference.hasHarm() && given.hasHarm()) {
            counts.addHarm(reference.harmful(), given.harmful());
            harmful.add(reference.harmful(), given.harmful(), weights);
            if (!Double.isNaN(given.probability())) {
                bins.add(given.probability(), reference.harmful() == 1);
            }
        }
    }

    ReliabilityBins bins() {
        return bins;
    }

    ResampledMatrix actions() {
        return actions;
    }

    ResampledMatrix harmful() {
        return harmful;
    }
}
