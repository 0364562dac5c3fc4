package org.donotanswer.dataset.split;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Splits for cross-validation, over items of any type. Every split is a function of its arguments alone: the same items
 * in the same order, with the same seed, give the same folds on every platform. Keys are compared by {@code equals}.
 *
 * <p>To split indices, pass the list {@code 0..n-1} and key functions over it. Stateless, hence thread-safe.
 */
public final class Splits {
    private Splits() {}

    /**
     * Returns one fold per group, in the order of first appearance and named by the key: the group is the test side, all
     * others the train side. By LLM this is the protocol of the paper.
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
     * Returns folds whose test sides partition the items so that no group is in two of them. Groups are dealt by size,
     * largest first, to the smallest fold so far: with groups of one size, fold sizes differ by at most that size.
     *
     * <p>Group responses by {@code Question.groupKey()} rather than by id: the data holds one question twice.
     *
     * @param folds at least 2, at most the number of groups
     * @throws IllegalArgumentException if {@code folds} is out of range
     */
    public static <T> List<Fold<T>> groupedKFold(List<T> items, Function<? super T, ?> group, int folds, long seed) {
        return folds(items, foldOfGroups(items, group, folds, seed), folds);
    }

    /**
     * Returns folds whose test sides partition the items, each with its share of every label: the number of items of one
     * label differs by at most 1 between folds, and so does the size of the folds.
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
            // Dealing goes on where the label before stopped, so that the remainders do not pile up in the first folds.
            for (int i : shuffled(members, random)) {
                foldOf[i] = next;
                next = (next + 1) % folds;
            }
        }
        return folds(items, foldOf, folds);
    }

    /**
     * Returns folds in which both keys of the tested items are unseen: for each value of the outer key (an LLM) and each
     * of {@code folds} sets of inner groups (questions), the test side holds the items that have both, and the train side
     * those that have neither. The test sides partition the items; the items that have one of the two are in neither side
     * of that fold. Folds are named {@code <outer>/<number>}, ordered by outer key as it first appears, then by number.
     *
     * <p>The inner groups are dealt once, as {@link #groupedKFold} does it, so that every outer key sees the same sets.
     * A fold without test items, which takes an outer key that lacks a whole set, is left out.
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
        // The sort is stable: groups of one size stay shuffled.
        dealt.sort(Comparator.comparingInt((List<Integer> members) -> members.size())
                .reversed());
        int[] sizes = new int[folds];
        int[] foldOf = new int[items.size()];
        for (List<Integer> members : dealt) {
            int smallest = 0;
            for (int f = 1; f < folds; f++) {
                smallest = sizes[f] < sizes[smallest] ? f : smallest;
            }
            sizes[smallest] += members.size();
            for (int i : members) {
                foldOf[i] = smallest;
            }
        }
        return foldOf;
    }

    private static void checkFolds(int folds, int max, String of) {
        if (folds < 2 || folds > max) {
            throw new IllegalArgumentException(
                    "folds must be in 2.." + max + " (the number of " + of + "), but was " + folds);
        }
    }

    private static <T> Map<Object, List<Integer>> indexBy(List<T> items, Function<? super T, ?> key) {
        Map<Object, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Object value = Objects.requireNonNull(key.apply(items.get(i)), "key of item " + i);
            groups.computeIfAbsent(value, k -> new ArrayList<>()).add(i);
        }
        return groups;
    }

    private static boolean[] marks(int size, List<Integer> members) {
        boolean[] marks = new boolean[size];
        members.forEach(i -> marks[i] = true);
        return marks;
    }

    /** Fisher-Yates, written out because the library does not promise its own order of draws. */
    private static <E> List<E> shuffled(List<E> list, Random random) {
        List<E> copy = new ArrayList<>(list);
        for (int i = copy.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            E swapped = copy.get(i);
            copy.set(i, copy.get(j));
            copy.set(j, swapped);
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
