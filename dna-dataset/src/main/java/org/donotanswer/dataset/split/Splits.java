package org.donotanswer.dataset.split;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Multimaps;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Splits for cross-validation over items of any type. A split depends on its arguments only: the same items in the same
 * order with the same seed give the same folds on every platform. Keys are compared by {@code equals}.
 *
 * <p>The paper's protocol leaves one LLM out, so a model sees every question of the test fold with the responses of the other
 * LLMs. {@link #leaveOneGroupOutGroupedKFold} is harder and closer to use: neither the LLM nor the question was seen. Choose
 * features, thresholds and hyper-parameters on training sides only.
 *
 * <p>To split indices, pass the list {@code 0..n-1} and key functions over it. Stateless, hence thread-safe.
 */
public final class Splits {
    private Splits() {}

    /**
     * Returns one fold per group, in the order of first appearance and named by the key. The group is the test side, and all
     * other groups are the training side. Grouped by LLM, this is the protocol of the paper.
     *
     * @throws IllegalArgumentException if there are fewer than two groups
     */
    public static <T> List<Fold<T>> leaveOneGroupOut(List<T> items, Function<? super T, ?> group) {
        Map<Object, List<Integer>> groups = indexBy(items, group);
        if (groups.size() < 2) {
            throw new IllegalArgumentException("number of groups must be at least 2, but was " + groups.size());
        }
        List<Fold<T>> folds = new ArrayList<>();
        groups.forEach((key, members) -> {
            boolean[] inTest = marks(items.size(), members);
            folds.add(fold(String.valueOf(key), items, i -> !inTest[i], i -> inTest[i]));
        });
        return List.copyOf(folds);
    }

    /**
     * Returns folds whose test sides partition the items, with each group in one of them. Groups are assigned by size,
     * largest first, to the smallest fold so far. If all groups have the same size, the sizes of folds differ by that size at
     * most.
     *
     * <p>Group responses by {@code Question.groupKey()}, not by id, because the data has one question twice.
     *
     * @param folds at least 2, at most the number of groups
     * @throws IllegalArgumentException if {@code folds} is out of range
     */
    public static <T> List<Fold<T>> groupedKFold(List<T> items, Function<? super T, ?> group, int folds, long seed) {
        return folds(items, foldOfGroups(items, group, folds, seed), folds);
    }

    /**
     * Returns folds whose test sides partition the items with equal proportions of labels: the numbers of items with the same
     * label differ by at most 1 between folds, and so do the sizes of the folds.
     *
     * @param folds at least 2, at most the number of items
     * @throws IllegalArgumentException if {@code folds} is out of range
     */
    public static <T> List<Fold<T>> stratifiedKFold(List<T> items, Function<? super T, ?> label, int folds, long seed) {
        checkFolds(folds, items.size(), "items");
        int[] foldOf = new int[items.size()];
        Random random = new Random(seed);
        int next = 0;
        for (List<Integer> members : indexBy(items, label).values()) {
            // Continues after the previous label's last fold, so that remainders do not accumulate in the first folds.
            for (int i : shuffled(members, random)) {
                foldOf[i] = next;
                next = (next + 1) % folds;
            }
        }
        return folds(items, foldOf, folds);
    }

    /**
     * Returns folds in which both keys of the test items are unseen. For each outer key (an LLM) and each of {@code folds}
     * sets of inner groups (questions), the test side has the items with both, and the training side those with neither. The
     * test sides partition the items; items with only one of the two are on neither side of that fold. Folds are named
     * {@code <outer>/<number>}, ordered by first appearance of the outer key, then by number.
     *
     * <p>Inner groups are assigned to sets once, as by {@link #groupedKFold}, so that all outer keys have the same sets. A
     * fold without test items, because the outer key lacks a whole set, is omitted.
     *
     * @param folds at least 2, at most the number of inner groups
     * @throws IllegalArgumentException if {@code folds} is out of range, or there are fewer than two outer keys
     */
    public static <T> List<Fold<T>> leaveOneGroupOutGroupedKFold(
            List<T> items, Function<? super T, ?> outer, Function<? super T, ?> inner, int folds, long seed) {
        Map<Object, List<Integer>> outers = indexBy(items, outer);
        if (outers.size() < 2) {
            throw new IllegalArgumentException("number of outer groups must be at least 2, but was " + outers.size());
        }
        int[] foldOf = foldOfGroups(items, inner, folds, seed);
        List<Fold<T>> result = new ArrayList<>();
        outers.forEach((key, members) -> {
            boolean[] inOuter = marks(items.size(), members);
            for (int f = 0; f < folds; f++) {
                int number = f;
                Fold<T> fold = fold(
                        key + "/" + (f + 1),
                        items,
                        i -> !inOuter[i] && foldOf[i] != number,
                        i -> inOuter[i] && foldOf[i] == number);
                if (!fold.test().isEmpty()) {
                    result.add(fold);
                }
            }
        });
        return List.copyOf(result);
    }

    private static <T> int[] foldOfGroups(List<T> items, Function<? super T, ?> group, int folds, long seed) {
        Collection<List<Integer>> groups = indexBy(items, group).values();
        checkFolds(folds, groups.size(), "groups");
        List<List<Integer>> dealt = shuffled(new ArrayList<>(groups), new Random(seed));
        // The sort is stable, so groups of the same size stay shuffled.
        dealt.sort(Comparator.comparingInt((List<Integer> members) -> members.size())
                .reversed());
        int[] sizes = new int[folds];
        int[] foldOf = new int[items.size()];
        for (List<Integer> members : dealt) {
            int smallest = Ints.indexOf(sizes, Ints.min(sizes));
            sizes[smallest] += members.size();
            for (int i : members) {
                foldOf[i] = smallest;
            }
        }
        return foldOf;
    }

    private static void checkFolds(int folds, int max, String what) {
        if (folds < 2 || folds > max) {
            throw new IllegalArgumentException(
                    "folds must be in 2.." + max + " (the number of " + what + "), but was " + folds);
        }
    }

    /** Returns the indices of the items of each group, in the order of first appearance. */
    private static <T> Map<Object, List<Integer>> indexBy(List<T> items, Function<? super T, ?> key) {
        ListMultimap<Object, Integer> groups =
                MultimapBuilder.linkedHashKeys().arrayListValues().build();
        for (int i = 0; i < items.size(); i++) {
            groups.put(Objects.requireNonNull(key.apply(items.get(i)), "key of item " + i), i);
        }
        return Multimaps.asMap(groups);
    }

    private static boolean[] marks(int size, List<Integer> members) {
        boolean[] marks = new boolean[size];
        members.forEach(i -> marks[i] = true);
        return marks;
    }

    /** Fisher-Yates, written here because {@code Collections.shuffle} does not specify its order of draws. */
    private static <E> List<E> shuffled(List<E> list, Random random) {
        List<E> copy = new ArrayList<>(list);
        for (int i = copy.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Collections.swap(copy, i, j);
        }
        return copy;
    }

    private static <T> List<Fold<T>> folds(List<T> items, int[] foldOf, int folds) {
        return IntStream.range(0, folds)
                .mapToObj(f -> fold(String.valueOf(f + 1), items, i -> foldOf[i] != f, i -> foldOf[i] == f))
                .toList();
    }

    private static <T> Fold<T> fold(String name, List<T> items, IntPredicate train, IntPredicate test) {
        return new Fold<>(name, select(items, train), select(items, test));
    }

    private static <T> List<T> select(List<T> items, IntPredicate chosen) {
        return IntStream.range(0, items.size())
                .filter(chosen)
                .<T>mapToObj(items::get)
                .toList();
    }
}
