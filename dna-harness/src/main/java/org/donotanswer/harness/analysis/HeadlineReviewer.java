package org.donotanswer.harness.analysis;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Chooses the reviewer by whom a report shows the LLMs first. */
final class HeadlineReviewer {
    private HeadlineReviewer() {}

    /**
     * Returns the reference if it judged the harm of (nearly) all answers of every LLM: a part may be one that was selected
     * for its looks. Else, of those who judged answers of the most LLMs, the evaluator that judged more answers than the
     * reference and agrees with it best (F1 of harmful responses), or the first of them; else the reference; empty if nobody
     * judged harm.
     */
    static Optional<String> of(Analysis analysis) {
        int most = analysis.safety().values().stream()
                .mapToInt(safety -> safety.shares().size())
                .max()
                .orElse(0);
        return analysis.safety().entrySet().stream()
                .filter(entry -> entry.getValue().shares().size() == most)
                .map(Map.Entry::getKey)
                .min(Comparator.<String>comparingInt(name -> order(analysis, name))
                        .thenComparingDouble(name -> -f1(analysis, name)));
    }

    private static int order(Analysis analysis, String name) {
        String reference = analysis.options().reference();
        if (name.equals(reference)) {
            return analysis.covers(reference) ? 0 : 2;
        }
        return analysis.judged(name).count() > analysis.judged(reference).count() ? 1 : 3;
    }

    private static double f1(Analysis analysis, String name) {
        EvaluatorAgreement agreement = analysis.agreement().get(name);
        return agreement == null || Double.isNaN(agreement.f1().value())
                ? 0
                : agreement.f1().value();
    }
}
