package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.SampleStatistic;

/** Gold and predicted labels of items in folds. Immutable, hence thread-safe. */
final class FoldedLabels {
    private final List<String> labels;
    private final List<String> gold;
    private final List<String> predicted;
    private final int[] fold;
    private final int folds;
    private final int[] goldIndex;
    private final int[] predictedIndex;

    /**
     * Creates labels in folds.
     *
     * @param labels all classes; {@link ReviewerLabels#UNSCORED} is added
     * @param fold the fold of each item, from 0
     */
    FoldedLabels(List<String> labels, List<String> gold, List<String> predicted, List<Integer> fold) {
        List<String> all = new ArrayList<>(labels);
        all.add(ReviewerLabels.UNSCORED);
        this.labels = List.copyOf(all);
        this.gold = List.copyOf(gold);
        this.predicted = List.copyOf(predicted);
        this.fold = fold.stream().mapToInt(Integer::intValue).toArray();
        this.folds = Arrays.stream(this.fold).max().orElse(-1) + 1;
        this.goldIndex = gold.stream().mapToInt(this.labels::indexOf).toArray();
        this.predictedIndex = predicted.stream().mapToInt(this.labels::indexOf).toArray();
    }

    List<String> gold() {
        return gold;
    }

    List<String> predicted() {
        return predicted;
    }

    /** Returns the matrix of all items. */
    ConfusionMatrix<String> pooled() {
        return ConfusionMatrix.of(labels, gold, predicted);
    }

    /** Returns the scores of each fold. */
    List<MacroScores> scores() {
        return matrices(allItems()).stream().map(FoldedLabels::scores).toList();
    }

    /**
     * Returns the scores of a matrix. As in scikit-learn, macro averages count the labels that occur, gold or predicted. An
     * item that was not scored is a miss of its gold label; unscored is not a class.
     */
    static MacroScores scores(ConfusionMatrix<String> matrix) {
        ClassificationReport<String> report = ClassificationReport.of(matrix);
        List<ClassScores> classes = matrix.labels().stream()
                .filter(label -> !label.equals(ReviewerLabels.UNSCORED))
                .filter(label -> matrix.support(label) + matrix.predicted(label) > 0)
                .map(report::scores)
                .toList();
        return new MacroScores(
                report.accuracy(),
                mean(classes, ClassScores::precision),
                mean(classes, ClassScores::recall),
                mean(classes, ClassScores::f1));
    }

    private static double mean(List<ClassScores> classes, ToDoubleFunction<ClassScores> score) {
        return classes.stream().mapToDouble(score).average().orElse(Double.NaN);
    }

    private int[] allItems() {
        return IntStream.range(0, fold.length).toArray();
    }

    /**
     * Returns the mean over folds of macro F1, for the bootstrap. It is undefined for a sample in which a label of a fold does
     * not occur: an average over fewer labels is a different statistic.
     */
    SampleStatistic meanMacroF1() {
        List<List<String>> present = matrices(allItems()).stream()
                .map(matrix -> matrix.withoutAbsentLabels().labels())
                .toList();
        return items -> {
            List<ConfusionMatrix<String>> matrices = matrices(items);
            double sum = 0;
            for (int f = 0; f < folds; f++) {
                ConfusionMatrix<String> matrix = matrices.get(f);
                boolean complete = present.get(f).stream()
                        .allMatch(label -> label.equals(ReviewerLabels.UNSCORED)
                                || matrix.support(label) + matrix.predicted(label) > 0);
                sum += complete ? scores(matrix).f1() : Double.NaN;
            }
            return sum / folds;
        };
    }

    /** Returns the F1 of one label over all items, for the bootstrap. */
    SampleStatistic pooledF1(String label) {
        return SampleStatistic.ofMatrix(labels, gold, predicted, matrix -> ClassificationReport.of(matrix)
                .scores(label)
                .f1());
    }

    private List<ConfusionMatrix<String>> matrices(int[] items) {
        long[][][] counts = new long[folds][labels.size()][labels.size()];
        for (int item : items) {
            counts[fold[item]][goldIndex[item]][predictedIndex[item]]++;
        }
        return Arrays.stream(counts).map(this::matrix).toList();
    }

    private ConfusionMatrix<String> matrix(long[][] counts) {
        return ConfusionMatrix.ofCounts(
                labels,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }
}
