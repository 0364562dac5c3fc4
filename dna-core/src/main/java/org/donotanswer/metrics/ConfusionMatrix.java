package org.donotanswer.metrics;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * How often each label was predicted for each gold label. Immutable, hence thread-safe.
 *
 * <p>The labels of a matrix matter, as averages include every one of them. {@link #of(List, List)} has the labels that
 * occur, as scikit-learn does by default; {@link #of(Collection, List, List)} has the labels given, as with
 * scikit-learn's {@code labels} argument.
 *
 * @param <L> the labels; immutable values with {@code equals}, for example enum constants
 */
public final class ConfusionMatrix<L> {
    private final List<L> labels;
    private final Map<L, Integer> indexes;
    /** The number of items by index of the gold label, then of the predicted one. */
    private final long[][] counts;

    private ConfusionMatrix(List<L> labels, Map<L, Integer> indexes, long[][] counts) {
        this.labels = labels;
        this.indexes = indexes;
        this.counts = counts;
    }

    /**
     * Returns the matrix of two lists of the same size, one entry per item; its labels are those that occur in either,
     * sorted.
     *
     * @throws IllegalArgumentException if the lists differ in size
     */
    public static <L extends Comparable<? super L>> ConfusionMatrix<L> of(
            List<? extends L> gold, List<? extends L> predicted) {
        TreeSet<L> labels = new TreeSet<>(gold);
        labels.addAll(predicted);
        return of(labels, gold, predicted);
    }

    /**
     * Returns the matrix of two lists of the same size, one entry per item, with the given labels, in their order.
     *
     * @throws IllegalArgumentException if the lists differ in size, or contain a label that is not among those given
     */
    public static <L> ConfusionMatrix<L> of(
            Collection<? extends L> labels, List<? extends L> gold, List<? extends L> predicted) {
        LabelIndex<L> index = new LabelIndex<>(labels);
        requireSameSize(gold.size(), predicted.size());
        return index.matrix(index.of("gold", gold), index.of("predicted", predicted));
    }

    /**
     * Returns the matrix of the given counts.
     *
     * @param counts a row for each gold label and, in it, a count for each predicted label, both in the order of {@code
     *     labels}
     * @throws IllegalArgumentException if there is not one row per label and one count per label in each row, or a
     *     count is negative
     */
    public static <L> ConfusionMatrix<L> ofCounts(Collection<? extends L> labels, List<? extends List<Long>> counts) {
        LabelIndex<L> index = new LabelIndex<>(labels);
        int size = index.labels().size();
        requireLength("counts", size, counts.size());
        long[][] copy = new long[size][size];
        for (int gold = 0; gold < size; gold++) {
            requireLength(
                    "counts of " + index.labels().get(gold),
                    size,
                    counts.get(gold).size());
            for (int predicted = 0; predicted < size; predicted++) {
                long count = counts.get(gold).get(predicted);
                if (count < 0) {
                    throw new IllegalArgumentException("count must be at least 0, but was " + count + " (gold "
                            + index.labels().get(gold) + ", predicted "
                            + index.labels().get(predicted) + ")");
                }
                copy[gold][predicted] = count;
            }
        }
        return index.matrix(copy);
    }

    private static void requireLength(String name, int expected, int actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(name + " must have length " + expected + ", but was " + actual);
        }
    }

    static void requireSameSize(int gold, int predicted) {
        if (gold != predicted) {
            throw new IllegalArgumentException(
                    "gold and predicted labels must have the same size, but were " + gold + " and " + predicted);
        }
    }

    /** Returns the labels, in order; immutable. */
    public List<L> labels() {
        return labels;
    }

    /**
     * Returns the number of items with this gold and this predicted label.
     *
     * @throws IllegalArgumentException if either is not a label of this matrix
     */
    public long count(L gold, L predicted) {
        return counts[index(gold)][index(predicted)];
    }

    /** Returns the number of items. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** Returns the number of items whose predicted label is the gold label. */
    public long correct() {
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i][i];
        }
        return sum;
    }

    /**
     * Returns the number of items with this gold label.
     *
     * @throws IllegalArgumentException if it is not a label of this matrix
     */
    public long support(L label) {
        return Arrays.stream(counts[index(label)]).sum();
    }

    /**
     * Returns the number of items with this predicted label.
     *
     * @throws IllegalArgumentException if it is not a label of this matrix
     */
    public long predicted(L label) {
        int column = index(label);
        long sum = 0;
        for (long[] row : counts) {
            sum += row[column];
        }
        return sum;
    }

    /**
     * Returns the number of items whose gold and predicted label are both this label.
     *
     * @throws IllegalArgumentException if it is not a label of this matrix
     */
    public long truePositives(L label) {
        return count(label, label);
    }

    /**
     * Returns the number of items for which this label was predicted, but the gold label is another.
     *
     * @throws IllegalArgumentException if it is not a label of this matrix
     */
    public long falsePositives(L label) {
        return predicted(label) - truePositives(label);
    }

    /**
     * Returns the number of items whose gold label is this label, but another was predicted.
     *
     * @throws IllegalArgumentException if it is not a label of this matrix
     */
    public long falseNegatives(L label) {
        return support(label) - truePositives(label);
    }

    /**
     * Returns the sum of both matrices, for example to pool folds.
     *
     * @throws IllegalArgumentException if the other matrix has other labels, or the same labels in another order
     */
    public ConfusionMatrix<L> plus(ConfusionMatrix<L> other) {
        if (!labels.equals(other.labels)) {
            throw new IllegalArgumentException(
                    "labels of both matrices must be the same, but were " + labels + " and " + other.labels);
        }
        long[][] sums = new long[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            sums[i] = counts[i].clone();
            for (int j = 0; j < counts.length; j++) {
                sums[i][j] = Math.addExact(sums[i][j], other.counts[i][j]);
            }
        }
        return new ConfusionMatrix<>(labels, indexes, sums);
    }

    /** Returns this matrix without the labels that no item has, gold or predicted, so that averages leave them out. */
    public ConfusionMatrix<L> withoutAbsentLabels() {
        List<L> present = labels.stream()
                .filter(label -> support(label) + predicted(label) > 0)
                .toList();
        LabelIndex<L> index = new LabelIndex<>(present);
        long[][] copy = new long[present.size()][present.size()];
        for (int i = 0; i < copy.length; i++) {
            for (int j = 0; j < copy.length; j++) {
                copy[i][j] = count(present.get(i), present.get(j));
            }
        }
        return index.matrix(copy);
    }

    private int index(L label) {
        Integer index = indexes.get(Objects.requireNonNull(label, "label"));
        if (index == null) {
            throw new IllegalArgumentException("label must be one of " + labels + ", but was " + label);
        }
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfusionMatrix<?> matrix
                && labels.equals(matrix.labels)
                && Arrays.deepEquals(counts, matrix.counts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(labels, Arrays.deepHashCode(counts));
    }

    /**
     * Returns the JSON form: {@code labels}, and {@code counts} with a list per gold label, one number per predicted
     * label.
     */
    @JsonValue
    public Map<String, Object> toJson() {
        List<List<Long>> rows = Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("labels", labels);
        json.put("counts", rows);
        return Collections.unmodifiableMap(json);
    }

    /** Returns labels and counts on one line, with a bracketed row per gold label. */
    @Override
    public String toString() {
        return "ConfusionMatrix[labels=" + labels + ", counts=" + Arrays.deepToString(counts) + "]";
    }

    /** Labels and their indexes: the only place where labels become numbers. */
    static final class LabelIndex<L> {
        private final Map<L, Integer> indexes = new LinkedHashMap<>();

        LabelIndex(Collection<? extends L> labels) {
            for (L label : labels) {
                if (indexes.put(Objects.requireNonNull(label, "label"), indexes.size()) != null) {
                    throw new IllegalArgumentException("labels must be distinct, but were " + labels);
                }
            }
        }

        List<L> labels() {
            return List.copyOf(indexes.keySet());
        }

        int[] of(String role, List<? extends L> items) {
            int[] result = new int[items.size()];
            int i = 0;
            for (L item : items) {
                Integer index = indexes.get(Objects.requireNonNull(item, role));
                if (index == null) {
                    throw new IllegalArgumentException(role + " label must be one of "
                            + new ArrayList<>(indexes.keySet()) + ", but was " + item + " (item " + i + ")");
                }
                result[i++] = index;
            }
            return result;
        }

        ConfusionMatrix<L> matrix(int[] gold, int[] predicted) {
            long[][] counts = new long[indexes.size()][indexes.size()];
            for (int i = 0; i < gold.length; i++) {
                counts[gold[i]][predicted[i]]++;
            }
            return matrix(counts);
        }

        /** Returns the matrix of some of the items, which may be drawn more than once. */
        ConfusionMatrix<L> matrix(int[] gold, int[] predicted, int[] items) {
            long[][] counts = new long[indexes.size()][indexes.size()];
            for (int item : items) {
                counts[gold[item]][predicted[item]]++;
            }
            return matrix(counts);
        }

        /** Returns the matrix of the counts, which are not copied. */
        ConfusionMatrix<L> matrix(long[][] counts) {
            return new ConfusionMatrix<>(labels(), indexes, counts);
        }
    }
}
