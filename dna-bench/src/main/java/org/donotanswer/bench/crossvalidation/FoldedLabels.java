package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.SampleStatistic;

/** Gold and predicted labels of items that lie in folds. Immutable, hence thread-safe. */
final class FoldedLabels {
    private final List<String> labels;
    private final List<String> gold;
    private final List<String> predicted;
    private final int[] fold;
    private final int folds;
    private final int[] goldIndex;
    private final int[] predictedIndex;

    /**
     * Takes the labels.
     *
     * @param labels all that there are; {@link ReviewerLabels#UNSCORED} is added
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

    int size() {
        return fold.length;
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

    /** Returns the figures of each fold. */
    List<Figures> figures() {
        return matrices(IntStream.range(0, size()).toArray()).stream()
                .map(Figures::of)
                .toList();
    }

    /**
     * Returns the mean over folds of macro F1, for the bootstrap. A sample that lacks a label which occurs in the fold has no
     * figure: its average over fewer labels would be no draw of the same figure.
     */
    SampleStatistic meanMacroF1() {
        List<List<String>> present = matrices(IntStream.range(0, size()).toArray()).stream()
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
                sum += complete ? Figures.of(matrix).macroF1() : Double.NaN;
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
