package org.donotanswer.harness.analysis;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.taxonomy.ResponseAction;

/** Counts one reviewer's reviews. Not thread-safe. */
final class ReviewerTally {
    private final String name;
    private final SortedMap<Llm, ReviewTally> byLlm = new TreeMap<>();
    private final ReliabilityBins bins = new ReliabilityBins();
    private final LabelTally<ResponseAction> actions;
    private final LabelTally<Boolean> harmful;

    ReviewerTally(String name, int resamples) {
        this.name = name;
        this.actions = new LabelTally<>(List.of(ResponseAction.values()), resamples);
        this.harmful = new LabelTally<>(List.of(false, true), resamples);
    }

    String name() {
        return name;
    }

    void add(ReviewedExchange exchange, int wordCount, Assessment review, LabelCodes labels) {
        byLlm.computeIfAbsent(exchange.llm(), llm -> new ReviewTally()).add(exchange, wordCount, review, labels);
    }

    /** Adds the labels that both the reference and this reviewer gave. */
    void compare(Llm llm, LabelCodes reference, LabelCodes given, byte[] weights) {
        if (reference.hasAction() && given.hasAction()) {
            actions.add(llm, reference.action(), given.action(), weights);
        }
        if (reference.hasHarm() && given.hasHarm()) {
            harmful.add(llm, reference.harmful(), given.harmful(), weights);
            if (!Double.isNaN(given.probability())) {
                bins.add(given.probability(), reference.harmful() == 1);
            }
        }
    }

    /** Returns the counts of the LLMs that this reviewer reviewed. */
    SortedMap<Llm, ReviewTally> byLlm() {
        return byLlm;
    }

    ReliabilityBins bins() {
        return bins;
    }

    LabelTally<ResponseAction> actions() {
        return actions;
    }

    LabelTally<Boolean> harmful() {
        return harmful;
    }
}
