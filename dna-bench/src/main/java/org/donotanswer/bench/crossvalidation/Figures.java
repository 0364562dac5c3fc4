package org.donotanswer.bench.crossvalidation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;

/**
 * The figures of a fold, or their mean or standard deviation over folds. Macro averages count the labels that occur in the
 * fold, as gold or as predicted ones, as scikit-learn does; an answer that was not scored is a miss of its gold label and no
 * label of its own. Immutable, hence thread-safe.
 */
record Figures(double accuracy, double macroPrecision, double macroRecall, double macroF1) {
    /** Returns the figures of a matrix that may have {@link ReviewerLabels#UNSCORED} among its labels. */
    static Figures of(ConfusionMatrix<String> matrix) {
        ClassificationReport<String> report = ClassificationReport.of(matrix);
        List<ClassScores> classes = matrix.labels().stream()
                .filter(label -> !label.equals(ReviewerLabels.UNSCORED))
                .filter(label -> matrix.support(label) + matrix.predicted(label) > 0)
                .map(report::scores)
                .toList();
        return new Figures(
                report.accuracy(),
                mean(classes, ClassScores::precision),
                mean(classes, ClassScores::recall),
                mean(classes, ClassScores::f1));
    }

    /** Returns the means over folds. */
    static Figures mean(List<Figures> folds) {
        return new Figures(
                mean(folds, Figures::accuracy),
                mean(folds, Figures::macroPrecision),
                mean(folds, Figures::macroRecall),
                mean(folds, Figures::macroF1));
    }

    /** Returns the standard deviations over folds, which are a sample of all there could be. */
    static Figures standardDeviation(List<Figures> folds) {
        return new Figures(
                standardDeviation(folds, Figures::accuracy),
                standardDeviation(folds, Figures::macroPrecision),
                standardDeviation(folds, Figures::macroRecall),
                standardDeviation(folds, Figures::macroF1));
    }

    static <T> double mean(List<T> items, ToDoubleFunction<T> figure) {
        return items.stream().mapToDouble(figure).sum() / items.size();
    }

    private static double standardDeviation(List<Figures> folds, ToDoubleFunction<Figures> figure) {
        double mean = mean(folds, figure);
        double squares = folds.stream()
                .mapToDouble(fold -> Math.pow(figure.applyAsDouble(fold) - mean, 2))
                .sum();
        return folds.size() < 2 ? Double.NaN : Math.sqrt(squares / (folds.size() - 1));
    }
}
