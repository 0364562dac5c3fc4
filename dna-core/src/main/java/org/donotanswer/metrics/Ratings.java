package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The labels that annotators gave to items, the input of {@link InterAnnotatorAgreement}. Not every annotator need
 * label every item. Immutable, hence thread-safe.
 *
 * @param <L> the labels; immutable values with {@code equals}, for example enum constants
 */
public final class Ratings<L> {
    /** Stands for a label that was not given. */
    static final int MISSING = -1;

    private final List<L> labels;
    private final Map<String, Integer> items;
    private final Map<String, Integer> annotators;
    /** The index of the label, by item and annotator, or {@link #MISSING}. */
    private final int[][] given;

    private Ratings(List<L> labels, Map<String, Integer> items, Map<String, Integer> annotators, int[][] given) {
        this.labels = labels;
        this.items = items;
        this.annotators = annotators;
        this.given = given;
    }

    /**
     * Returns a builder of ratings with the given labels.
     *
     * @param labels every label that may be given, in the order in which they are reported
     * @throws IllegalArgumentException if a label occurs more than once
     */
    public static <L> Builder<L> builder(Collection<? extends L> labels) {
        return new Builder<>(labels);
    }

    /** Returns the labels that may be given, in order; immutable. */
    public List<L> labels() {
        return labels;
    }

    /** Returns the items, in the order in which they were added; immutable. */
    public List<String> items() {
        return List.copyOf(items.keySet());
    }

    /** Returns the annotators, in the order in which they were added; immutable. */
    public List<String> annotators() {
        return List.copyOf(annotators.keySet());
    }

    /**
     * Returns the label that an annotator gave to an item, if any.
     *
     * @throws IllegalArgumentException if there is no such item or annotator
     */
    public Optional<L> label(String item, String annotator) {
        int label = given[item(item)][annotator(annotator)];
        return label == MISSING ? Optional.empty() : Optional.of(labels.get(label));
    }

    /**
     * Returns how many annotators gave each label to an item, zeros included; unmodifiable, in the order of the labels.
     *
     * @throws IllegalArgumentException if there is no such item
     */
    public Map<L, Integer> counts(String item) {
        int[] counts = counts(item(item));
        Map<L, Integer> result = new LinkedHashMap<>();
        for (int label = 0; label < counts.length; label++) {
            result.put(labels.get(label), counts[label]);
        }
        return Collections.unmodifiableMap(result);
    }

    /**
     * Returns the label that more annotators gave to an item than any other label; empty if there is a tie.
     *
     * @throws IllegalArgumentException if there is no such item
     */
    public Optional<L> majority(String item) {
        int[] counts = counts(item(item));
        int most = Arrays.stream(counts).max().orElse(0);
        int[] winners =
                IntStream.range(0, counts.length).filter(i -> counts[i] == most).toArray();
        return winners.length == 1 ? Optional.of(labels.get(winners[0])) : Optional.empty();
    }

    /**
     * Returns the proportion of the pairs of annotators of an item who gave it different labels, in [0, 1]; NaN if
     * fewer than two annotators labelled it.
     *
     * @throws IllegalArgumentException if there is no such item
     */
    public double disagreement(String item) {
        return disagreement(item(item));
    }

    /**
     * Returns the items that annotators disagree on, most disputed first; items of equal {@link #disagreement} are in
     * the order in which they were added. Immutable.
     */
    public List<String> disputedItems() {
        List<String> names = items();
        double[] disagreements =
                IntStream.range(0, given.length).mapToDouble(this::disagreement).toArray();
        return IntStream.range(0, given.length)
                .filter(item -> disagreements[item] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer item) -> -disagreements[item]))
                .map(names::get)
                .toList();
    }

    private double disagreement(int item) {
        return 1 - InterAnnotatorAgreement.agreeingProportion(counts(item));
    }

    /** Returns how many labels were given to all items together. */
    public int size() {
        return Math.toIntExact(Arrays.stream(given)
                .flatMapToInt(Arrays::stream)
                .filter(label -> label != MISSING)
                .count());
    }

    /** Returns how often each label was given to an item. */
    int[] counts(int item) {
        int[] counts = new int[labels.size()];
        for (int label : given[item]) {
            if (label != MISSING) {
                counts[label]++;
            }
        }
        return counts;
    }

    /** Returns the labels of an annotator by item; {@link #MISSING} where there is none. */
    int[] column(String annotator) {
        int column = annotator(annotator);
        return Arrays.stream(given).mapToInt(row -> row[column]).toArray();
    }

    int itemCount() {
        return given.length;
    }

    private int item(String item) {
        Integer index = items.get(Objects.requireNonNull(item, "item"));
        if (index == null) {
            throw new IllegalArgumentException(
                    "item must be one of the " + items.size() + " labelled items, but was " + item);
        }
        return index;
    }

    private int annotator(String annotator) {
        Integer index = annotators.get(Objects.requireNonNull(annotator, "annotator"));
        if (index == null) {
            throw new IllegalArgumentException(
                    "annotator must be one of " + annotators.keySet() + ", but was " + annotator);
        }
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ratings<?> ratings
                && labels.equals(ratings.labels)
                && items().equals(ratings.items())
                && annotators().equals(ratings.annotators())
                && Arrays.deepEquals(given, ratings.given);
    }

    @Override
    public int hashCode() {
        return Objects.hash(labels, items, annotators, Arrays.deepHashCode(given));
    }

    /** Returns the labels, and the numbers of items, annotators and labels given. */
    @Override
    public String toString() {
        return "Ratings[labels=" + labels + ", items=" + items.size() + ", annotators=" + annotators.size() + ", given="
                + size() + "]";
    }

    /**
     * Builds {@link Ratings}; labels may be added in any order. Not thread-safe.
     *
     * @param <L> the labels
     */
    public static final class Builder<L> {
        private final List<L> labels;
        private final Map<L, Integer> indexes = new LinkedHashMap<>();
        private final Map<String, Integer> items = new LinkedHashMap<>();
        private final Map<String, Integer> annotators = new LinkedHashMap<>();
        /** For each item, the index of the label by the index of the annotator. */
        private final List<Map<Integer, Integer>> given = new ArrayList<>();

        private Builder(Collection<? extends L> labels) {
            for (L label : labels) {
                if (indexes.put(Objects.requireNonNull(label, "label"), indexes.size()) != null) {
                    throw new IllegalArgumentException("labels must be distinct, but were " + labels);
                }
            }
            this.labels = List.copyOf(labels);
        }

        /**
         * Adds the label that an annotator gave to an item.
         *
         * @throws IllegalArgumentException if the label is not one of those that may be given
         * @throws IllegalStateException if this annotator's label of this item was added before
         */
        public Builder<L> add(String item, String annotator, L label) {
            Objects.requireNonNull(item, "item");
            Objects.requireNonNull(annotator, "annotator");
            Integer index = indexes.get(Objects.requireNonNull(label, "label"));
            if (index == null) {
                throw new IllegalArgumentException("label must be one of " + labels + ", but was " + label);
            }
            int row = items.computeIfAbsent(item, key -> items.size());
            int column = annotators.computeIfAbsent(
                    Objects.requireNonNull(annotator, "annotator"), key -> annotators.size());
            if (row == given.size()) {
                given.add(new LinkedHashMap<>());
            }
            Integer before = given.get(row).putIfAbsent(column, index);
            if (before != null) {
                throw new IllegalStateException("label of item " + item + " by annotator " + annotator
                        + " must be set once, but was " + labels.get(before) + " and then " + label);
            }
            return this;
        }

        /** Returns the ratings. */
        public Ratings<L> build() {
            int[][] copy = new int[given.size()][annotators.size()];
            for (int item = 0; item < copy.length; item++) {
                Arrays.fill(copy[item], MISSING);
                int[] row = copy[item];
                given.get(item).forEach((column, label) -> row[column] = label);
            }
            return new Ratings<>(labels, new LinkedHashMap<>(items), new LinkedHashMap<>(annotators), copy);
        }
    }
}
