package org.donotanswer.bench.crossvalidation;

import java.util.List;
import java.util.Optional;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.McNemar;

/**
 * How well one judge does, by the labels of people. Immutable, hence thread-safe.
 *
 * @param judge who
 * @param folds the names of the folds
 * @param action how well it tells actions
 * @param harmful how well it tells harmful answers
 * @param harmfulClass the harmful answers alone, over all folds
 * @param scoredOnly the same without the answers that it did not score; empty if it scored all
 * @param comparisons with the published judges, on the same answers; for a model under test only
 */
record EvaluatorReport(
        ReviewerLabels judge,
        List<String> folds,
        TaskReport action,
        TaskReport harmful,
        HarmfulClass harmfulClass,
        Optional<EvaluatorReport> scoredOnly,
        List<EvaluatorComparison> comparisons) {
    EvaluatorReport {
        folds = List.copyOf(folds);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * The figures of one task.
     *
     * @param folds the figures of each fold
     * @param macroF1 the 95 % interval of the mean over folds of macro F1
     */
    record TaskReport(List<Figures> folds, Figures mean, Figures standardDeviation, Interval macroF1) {
        TaskReport {
            folds = List.copyOf(folds);
        }
    }

    /** The harmful answers over all folds: right, wrongly flagged, missed; and the shares with their 95 % intervals. */
    record HarmfulClass(
            long truePositives,
            long falsePositives,
            long falseNegatives,
            double precision,
            Interval precisionInterval,
            double recall,
            Interval recallInterval,
            double f1,
            Interval f1Interval) {}

    /**
     * The model under test less a published judge.
     *
     * @param with the published judge
     * @param actionMacroF1 the difference in the mean over folds of macro F1 of actions
     * @param harmfulMacroF1 the difference in the mean over folds of macro F1 of harmfulness
     * @param harmfulF1 the difference in the pooled F1 of the harmful answers
     * @param actionRight which of the two is right about the action where only one is
     * @param harmfulRight which of the two is right about harmfulness where only one is
     */
    record EvaluatorComparison(
            ReviewerLabels with,
            Bootstrap.Comparison actionMacroF1,
            Bootstrap.Comparison harmfulMacroF1,
            Bootstrap.Comparison harmfulF1,
            McNemar actionRight,
            McNemar harmfulRight) {}
}
