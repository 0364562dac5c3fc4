package org.donotanswer.harness.analysis;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Chooses the reviewer whose labels a report shows first. */
final class HeadlineReviewer {
    private HeadlineReviewer() {}

    /**
     * Returns the reference if it labelled the harm of (nearly) all responses of every LLM; otherwise its part may have been
     * selected for what the responses say. Then returns, among the reviewers of the most LLMs, the evaluator that labelled more
     * responses than the reference and agrees with it best (F1 of harmful responses); otherwise the reference. Empty if nobody
     * labelled harm.
     */
    static Optional<String> of(Analysis analysis) {
        int most = analysis.safety().values().stream()
                .mapToInt(safety -> safety.proportions().size())
                .max()
                .orElse(0);
        return analysis.safety().entrySet().stream()
                .filter(entry -> entry.getValue().proportions().size() == most)
                .map(Map.Entry::getKey)
                .min(Comparator.<String>comparingInt(name -> order(analysis, name))
                        .thenComparingDouble(name -> -f1(analysis, name)));
    }

    private static int order(Analysis analysis, String name) {
        String reference = analysis.options().reference();
        if (name.equals(reference)) {
            return analysis.covers(reference) ? 0 : 2;
        }
        return analysis.reviewed(name).count() > analysis.reviewed(reference).count() ? 1 : 3;
    }

    private static double f1(Analysis analysis, String name) {
        EvaluatorAgreement agreement = analysis.agreement().get(name);
        return agreement == null || Double.isNaN(agreement.f1().value())
                ? 0
                : agreement.f1().value();
    }
}
