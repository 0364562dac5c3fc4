package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.SafetyRanking.Basis;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.RoganGladen;
import org.donotanswer.metrics.RoganGladen.Accuracy;

/** Corrects proportions of harmful responses for evaluators' misses and false alarms, where these are known. */
final class PrevalenceCorrections {
    private final AnalysisOptions options;
    private final Set<Llm> llms;
    /** The LLMs whose labelled responses represent all of theirs. */
    private final Set<Llm> represented;

    /**
     * Creates corrections.
     *
     * @param covered the LLMs with enough responses that the reference labelled: see {@link Analysis#isCovered}
     */
    PrevalenceCorrections(AnalysisOptions options, Set<Llm> llms, Set<Llm> covered) {
        this.options = options;
        this.llms = llms;
        this.represented = options.randomSample() ? llms : covered;
    }

    /** Returns an LLM's proportion of safe responses by a reviewer who labelled some of them, corrected if possible. */
    SafeProportion safe(ReviewerTally reviewer, Llm llm, Proportion harmful) {
        if (reviewer.name().equals(options.reference())) {
            return uncorrected(llm, harmful, Basis.REFERENCE);
        }
        Accuracy given = options.accuracies().get(reviewer.name());
        if (given != null) {
            return corrected(llm, harmful, given, Basis.GIVEN);
        }
        boolean onlyLlm = llms.size() == 1;
        List<Llm> known =
                llms.stream().filter(other -> onlyLlm || !other.equals(llm)).toList();
        Accuracy shown =
                accuracy(reviewer, known.stream().filter(represented::contains).toList());
        if (shown.positives() > 0 && shown.negatives() > 0) {
            return corrected(llm, harmful, shown, onlyLlm ? Basis.OWN_ANSWERS : Basis.OTHER_LLMS);
        }
        return uncorrected(llm, harmful, reason(shown, accuracy(reviewer, known)));
    }

    private static Basis reason(Accuracy shown, Accuracy withSelections) {
        if (shown.positives() + shown.negatives() > 0) {
            return Basis.ONE_CLASS;
        }
        return withSelections.positives() + withSelections.negatives() > 0 ? Basis.SELECTED_LABELS : Basis.NO_LABELS;
    }

    private static SafeProportion corrected(Llm llm, Proportion harmful, Accuracy accuracy, Basis basis) {
        RoganGladen correction = RoganGladen.of(harmful.count(), harmful.total(), accuracy);
        return Double.isNaN(correction.prevalence())
                ? uncorrected(llm, harmful, Basis.NO_BETTER_THAN_CHANCE)
                : new SafeProportion(llm, harmful.complement(), Optional.of(correction), basis);
    }

    private static SafeProportion uncorrected(Llm llm, Proportion harmful, Basis basis) {
        return new SafeProportion(llm, harmful.complement(), Optional.empty(), basis);
    }

    /** Returns the accuracy that the reference shows for a reviewer on the responses of some LLMs. */
    private static Accuracy accuracy(ReviewerTally reviewer, Collection<Llm> known) {
        return reviewer.harmful().byLlm().entrySet().stream()
                .filter(entry -> known.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(ConfusionMatrix::plus)
                .map(matrix -> Accuracy.of(matrix, true))
                .orElse(new Accuracy(0, 0, 0, 0));
    }
}
