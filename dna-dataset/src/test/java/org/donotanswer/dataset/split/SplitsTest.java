package org.donotanswer.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplitsTest {
    /** An item with two keys and a unique number. */
    private record Item(int number, String llm, String question) {}

    /** Every LLM answers every question, as in the benchmark. */
    private static final List<Item> GRID = grid(List.of("a", "b", "c"), 7);

    private static List<Item> grid(List<String> llms, int questions) {
        return IntStream.range(0, llms.size() * questions)
                .mapToObj(i -> new Item(i, llms.get(i / questions), "q" + i % questions))
                .toList();
    }

    @Provide
    Arbitrary<List<Item>> items() {
        Arbitrary<String> llm = Arbitraries.of("a", "b", "c", "d");
        Arbitrary<String> question = Arbitraries.integers().between(0, 15).map(i -> "q" + i);
        return Combinators.combine(llm, question)
                .as((l, q) -> List.of(l, q))
                .list()
                .ofMinSize(2)
                .ofMaxSize(60)
                .map(keys -> IntStream.range(0, keys.size())
                        .mapToObj(
                                i -> new Item(i, keys.get(i).get(0), keys.get(i).get(1)))
                        .toList());
    }

    private static <K> Set<K> keys(List<Item> items, Function<Item, K> key) {
        return items.stream().map(key).collect(Collectors.toSet());
    }

    private static void assertTestSidesPartition(List<Fold<Item>> folds, List<Item> items) {
        List<Item> tested = folds.stream().flatMap(fold -> fold.test().stream()).toList();
        assertThat(tested).containsExactlyInAnyOrderElementsOf(items);
    }

    private static void assertTrainingSideIsTheRest(List<Fold<Item>> folds, List<Item> items) {
        for (Fold<Item> fold : folds) {
            List<Item> rest = new ArrayList<>(items);
            rest.removeAll(fold.test());
            assertThat(fold.train()).isEqualTo(rest);
        }
    }

    @Property(seed = "20261201")
    void leaveOneGroupOut_anyItems_partitions(@ForAll("items") List<Item> items) {
        Assume.that(keys(items, Item::llm).size() > 1);
        List<Fold<Item>> folds = Splits.leaveOneGroupOut(items, Item::llm);
        assertTestSidesPartition(folds, items);
        assertTrainingSideIsTheRest(folds, items);
        for (Fold<Item> fold : folds) {
            assertThat(keys(fold.test(), Item::llm)).containsExactly(fold.name());
            assertThat(keys(fold.train(), Item::llm)).doesNotContain(fold.name());
        }
    }

    @Property(seed = "20261201")
    void groupedKFold_anyItems_partitionsAndKeepsGroupsTogether(
            @ForAll("items") List<Item> items, @ForAll @IntRange(min = 2, max = 6) int k, @ForAll long seed) {
        Assume.that(keys(items, Item::question).size() >= k);
        List<Fold<Item>> folds = Splits.groupedKFold(items, Item::question, k, seed);
        assertThat(folds).hasSize(k);
        assertTestSidesPartition(folds, items);
        assertTrainingSideIsTheRest(folds, items);
        long largest =
                items.stream().collect(Collectors.groupingBy(Item::question, Collectors.counting())).values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElseThrow();
        int max = folds.stream().mapToInt(fold -> fold.test().size()).max().orElseThrow();
        for (Fold<Item> fold : folds) {
            assertThat(keys(fold.test(), Item::question))
                    .doesNotContainAnyElementsOf(keys(fold.train(), Item::question));
            assertThat(fold.test()).isNotEmpty();
            assertThat(max - fold.test().size()).isLessThanOrEqualTo((int) largest);
        }
    }

    @Property(seed = "20261201")
    void stratifiedKFold_anyItems_isWithinOneOfIdeal(
            @ForAll("items") List<Item> items, @ForAll @IntRange(min = 2, max = 6) int k, @ForAll long seed) {
        Assume.that(items.size() >= k);
        List<Fold<Item>> folds = Splits.stratifiedKFold(items, Item::llm, k, seed);
        assertThat(folds).hasSize(k);
        assertTestSidesPartition(folds, items);
        assertTrainingSideIsTheRest(folds, items);
        Map<String, Long> counts = items.stream().collect(Collectors.groupingBy(Item::llm, Collectors.counting()));
        for (Fold<Item> fold : folds) {
            assertThat((double) fold.test().size())
                    .isBetween(Math.floor(items.size() / (double) k), Math.ceil(items.size() / (double) k));
            counts.forEach((label, count) -> {
                long inFold = fold.test().stream()
                        .filter(item -> item.llm().equals(label))
                        .count();
                assertThat(Math.abs(inFold - count / (double) k)).isLessThan(1);
            });
        }
    }

    @Property(seed = "20261201")
    void leaveOneGroupOutGroupedKFold_anyItems_hasBothKeysUnseen(
            @ForAll("items") List<Item> items, @ForAll @IntRange(min = 2, max = 5) int k, @ForAll long seed) {
        Assume.that(keys(items, Item::llm).size() > 1);
        Assume.that(keys(items, Item::question).size() >= k);
        List<Fold<Item>> folds = Splits.leaveOneGroupOutGroupedKFold(items, Item::llm, Item::question, k, seed);
        assertTestSidesPartition(folds, items);
        for (Fold<Item> fold : folds) {
            Set<String> llms = keys(fold.test(), Item::llm);
            Set<String> questions = keys(fold.test(), Item::question);
            assertThat(llms).hasSize(1);
            assertThat(keys(fold.train(), Item::llm)).doesNotContainAnyElementsOf(llms);
            assertThat(keys(fold.train(), Item::question)).doesNotContainAnyElementsOf(questions);
        }
    }

    @Property(seed = "20261201")
    void everySplit_sameSeed_givesTheSameFolds(@ForAll("items") List<Item> items, @ForAll long seed) {
        Assume.that(keys(items, Item::llm).size() > 1);
        Assume.that(keys(items, Item::question).size() > 1);
        assertThat(splits(items, seed)).isEqualTo(splits(List.copyOf(items), seed));
    }

    private static List<List<Fold<Item>>> splits(List<Item> items, long seed) {
        return List.of(
                Splits.leaveOneGroupOut(items, Item::llm),
                Splits.groupedKFold(items, Item::question, 2, seed),
                Splits.stratifiedKFold(items, Item::llm, 2, seed),
                Splits.leaveOneGroupOutGroupedKFold(items, Item::llm, Item::question, 2, seed));
    }

    @Test
    void groupedKFold_groupsOfOneSize_areBalanced() {
        List<Fold<Item>> folds = Splits.groupedKFold(GRID, Item::question, 3, 1);
        assertThat(folds).extracting(fold -> fold.test().size()).containsExactlyInAnyOrder(9, 6, 6);
        assertThat(folds).extracting(Fold::name).containsExactly("1", "2", "3");
    }

    @Test
    void leaveOneGroupOutGroupedKFold_grid_hasAFoldPerPair() {
        List<Fold<Item>> folds = Splits.leaveOneGroupOutGroupedKFold(GRID, Item::llm, Item::question, 2, 1);
        assertThat(folds).extracting(Fold::name).containsExactly("a/1", "a/2", "b/1", "b/2", "c/1", "c/2");
        for (Fold<Item> fold : folds) {
            // Two of the three LLMs, with the questions of the other set.
            assertThat(fold.train()).hasSize(2 * (7 - fold.test().size()));
        }
        assertThat(keys(folds.get(0).test(), Item::question))
                .isEqualTo(keys(folds.get(2).test(), Item::question));
    }

    @Test
    void groupedKFold_differentSeeds_giveDifferentFolds() {
        Set<List<Fold<Item>>> seen = new HashSet<>();
        IntStream.range(0, 10).forEach(seed -> seen.add(Splits.groupedKFold(GRID, Item::question, 3, seed)));
        assertThat(seen).hasSizeGreaterThan(5);
    }

    /** The recorded folds must never change, or published results could not be reproduced. */
    @Test
    void seededSplits_areStable() {
        List<Integer> numbers = IntStream.range(0, 10).boxed().toList();
        assertThat(Splits.stratifiedKFold(numbers, i -> i % 2, 3, 42))
                .extracting(Fold::test)
                .containsExactly(List.of(1, 2, 3, 8), List.of(0, 4, 5), List.of(6, 7, 9));
        assertThat(Splits.groupedKFold(numbers, i -> i / 2, 2, 42))
                .extracting(Fold::test)
                .containsExactly(List.of(0, 1, 2, 3, 6, 7), List.of(4, 5, 8, 9));
    }

    @Test
    void folds_outOfRange_areRefused() {
        assertThatThrownBy(() -> Splits.groupedKFold(GRID, Item::question, 8, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folds must be in 2..7 (the number of groups), but was 8");
        assertThatThrownBy(() -> Splits.stratifiedKFold(GRID, Item::llm, 1, 1))
                .hasMessage("folds must be in 2..21 (the number of items), but was 1");
        assertThatThrownBy(() -> Splits.leaveOneGroupOut(GRID, item -> "same"))
                .hasMessage("number of groups must be at least 2, but was 1");
        assertThatThrownBy(() -> Splits.leaveOneGroupOutGroupedKFold(GRID, item -> "same", Item::question, 2, 1))
                .hasMessage("number of outer groups must be at least 2, but was 1");
    }

    @Test
    void key_null_isRefused() {
        Stream<Function<Item, String>> keys = Stream.of(item -> null);
        keys.forEach(key -> assertThatThrownBy(() -> Splits.leaveOneGroupOut(GRID, key))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("key of item 0"));
    }

    @Test
    void fold_toString_hasNoItems() {
        assertThat(new Fold<>("GPT4", List.of("secret"), List.of()))
                .hasToString("Fold[name=GPT4, train=1 items, test=0 items]");
    }
}
