package org.donotanswer.metrics;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy, and precision, recall and F1 of each class and on average. Immutable, hence thread-safe.
 *
 * <p>For a class with tp true positives, fp false positives and fn false negatives, precision is tp/(tp+fp), recall
 * tp/(tp+fn), F1 2tp/(2tp+fp+fn). A class that was never predicted has no precision, one that never occurs no recall:
 * with {@link ZeroDivision#ZERO}, the default here as in scikit-learn, both are 0, and averages include them. A class
 * that was predicted or occurs, but never correctly, has F1 0 either way.
 *
 * <p>Macro F1 is the mean of the classes' F1, not the harmonic mean of macro precision and macro recall.
 *
 * @param <L> the labels
 * @param accuracy the proportion of items whose predicted label is the gold label, in [0, 1]; NaN if there are no items
 * @param classes the scores of each class, in the order of the matrix's labels; unmodifiable
 * @param macro the mean over classes
 * @param micro the scores of the summed counts; all equal the accuracy, as each item has one label
 * @param weighted the mean over classes, weighted by support
 */
public record ClassificationReport<L>(
        double accuracy, Map<L, ClassScores> classes, ClassScores macro, ClassScores micro, ClassScores weighted) {
    /** Copies the map. */
    public ClassificationReport {
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        Objects.requireNonNull(macro, "macro");
        Objects.requireNonNull(micro, "micro");
        Objects.requireNonNull(weighted, "weighted");
    }

    /** Returns the report of a matrix, with {@link ZeroDivision#ZERO}; averages include every label of the matrix. */
    public static <L> ClassificationReport<L> of(ConfusionMatrix<L> matrix) {
        return of(matrix, ZeroDivision.ZERO);
    }

    /** Returns the report of a matrix; averages include every label of the matrix, unless its score is NaN. */
    public static <L> ClassificationReport<L> of(ConfusionMatrix<L> matrix, ZeroDivision zeroDivision) {
        Map<L, ClassScores> classes = new LinkedHashMap<>();
        for (L label : matrix.labels()) {
            classes.put(
                    label,
                    ClassScores.of(
                            matrix.truePositives(label),
                            matrix.falsePositives(label),
                            matrix.falseNegatives(label),
                            zeroDivision));
        }
        long total = matrix.total();
        long wrong = total - matrix.correct();
        return new ClassificationReport<>(
                (double) matrix.correct() / total,
                classes,
                mean(classes.values(), scores -> 1, total, zeroDivision),
                ClassScores.of(matrix.correct(), wrong, wrong, zeroDivision),
                mean(classes.values(), ClassScores::support, total, zeroDivision));
    }

    private static ClassScores mean(
            Collection<ClassScores> classes,
            ToDoubleFunction<ClassScores> weight,
            long support,
            ZeroDivision zeroDivision) {
        return new ClassScores(
                mean(classes, ClassScores::precision, weight, zeroDivision),
                mean(classes, ClassScores::recall, weight, zeroDivision),
                mean(classes, ClassScores::f1, weight, zeroDivision),
                support);
    }

    private static double mean(
            Collection<ClassScores> classes,
            ToDoubleFunction<ClassScores> score,
            ToDoubleFunction<ClassScores> weight,
            ZeroDivision zeroDivision) {
        double sum = 0;
        double weights = 0;
        for (ClassScores scores : classes) {
            double value = score.applyAsDouble(scores);
            if (!Double.isNaN(value)) {
                sum += value * weight.applyAsDouble(scores);
                weights += weight.applyAsDouble(scores);
            }
        }
        // Rounding may lift a mean of ones above one.
        return Math.min(1, zeroDivision.ratio(sum, weights));
    }

    /**
     * Returns the scores of a class.
     *
     * @throws IllegalArgumentException if the matrix does not have the label
     */
    public ClassScores scores(L label) {
        ClassScores scores = classes.get(Objects.requireNonNull(label, "label"));
        if (scores == null) {
            throw new IllegalArgumentException("label must be one of " + classes.keySet() + ", but was " + label);
        }
        return scores;
    }

    /** Returns the average of the given kind. */
    public ClassScores average(Averaging averaging) {
        return switch (averaging) {
            case MACRO -> macro;
            case MICRO -> micro;
            case WEIGHTED -> weighted;
        };
    }

    /** Returns a table for people to read, with three decimals: one line per class and average. */
    public String format() {
        int width = Math.max(
                "weighted".length(),
                classes.keySet().stream()
                        .mapToInt(label -> label.toString().length())
                        .max()
                        .orElse(0));
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT, "%-" + width + "s  %9s  %9s  %9s  %9s\n", "", "precision", "recall", "f1", "support"));
        classes.forEach((label, scores) -> appendLine(table, width, label.toString(), scores));
        appendLine(table, width, "macro", macro);
        appendLine(table, width, "micro", micro);
        appendLine(table, width, "weighted", weighted);
        return table.append(String.format(Locale.ROOT, "%-" + width + "s  %9.3f\n", "accuracy", accuracy))
                .toString();
    }

    private static void appendLine(StringBuilder table, int width, String name, ClassScores scores) {
        table.append(String.format(
                Locale.ROOT,
                "%-" + width + "s  %9.3f  %9.3f  %9.3f  %9d\n",
                name,
                scores.precision(),
                scores.recall(),
                scores.f1(),
                scores.support()));
    }
}
