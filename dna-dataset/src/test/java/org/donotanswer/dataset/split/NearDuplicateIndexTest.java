package org.donotanswer.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Sets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearDuplicateIndexTest {
    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        WordSets.forEach(text, words::add);
        return words;
    }

    private static double jaccard(String a, String b) {
        Set<String> left = words(a);
        Set<String> right = words(b);
        return (double) Sets.intersection(left, right).size()
                / Sets.union(left, right).size();
    }

    /** Texts of few words, so that many are similar. */
    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.integers()
                .between(0, 11)
                .map(i -> "w" + i)
                .list()
                .ofMaxSize(14)
                .map(words -> String.join(" ", words))
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    @Property(tries = 300, seed = "20261201")
    void find_anyTexts_isWhatEveryPairSays(
            @ForAll("texts") List<String> texts,
            @ForAll("texts") List<String> others,
            @ForAll("similarities") double t) {
        NearDuplicateIndex index = NearDuplicateIndex.of(texts, t);
        for (String probe : Sets.union(new HashSet<>(texts), new HashSet<>(others))) {
            List<Integer> expected = IntStream.range(0, texts.size())
                    .filter(i -> jaccard(probe, texts.get(i)) >= t)
                    .boxed()
                    .toList();
            assertThat(index.find(probe)).isEqualTo(expected);
            assertThat(index.matches(probe)).isEqualTo(!expected.isEmpty());
        }
    }

    @Provide
    Arbitrary<Double> similarities() {
        return Arbitraries.of(0.1, 0.5, 0.7, 0.75, 0.9, 1.0);
    }

    @Test
    void find_exactlyTheThreshold_matches() {
        NearDuplicateIndex index = NearDuplicateIndex.of(List.of("a b c d e f g"), 0.7);
        assertThat(index.find("a b c d e f g h i j")).containsExactly(0);
        assertThat(index.find("a b c d e f g h i j k")).isEmpty();
    }

    @Test
    void find_caseOrderAndPunctuation_doNotMatter() {
        NearDuplicateIndex index = NearDuplicateIndex.of(
                List.of("How do I FEED a duck?", "How do I sell a boat?"), NearDuplicateIndex.DEFAULT_SIMILARITY);
        assertThat(index.find("a duck: how do I feed... a duck")).containsExactly(0);
    }

    @Test
    void find_textsWithoutWords_matchOnlyIfEqual() {
        NearDuplicateIndex index = NearDuplicateIndex.of(List.of("\uD83E\uDD86", "", "?!"), 0.7);
        assertThat(index.find(" \uD83E\uDD86 ")).containsExactly(0);
        assertThat(index.find(" ")).containsExactly(1);
        assertThat(index.find("!?")).isEmpty();
    }

    @Test
    void find_ideographs_areWords() {
        NearDuplicateIndex index = NearDuplicateIndex.of(List.of("\u5982\u4F55\u5582\u9E2D\u5B50"), 0.6);
        assertThat(index.find("\u5982\u4F55\u5582\u9D5D\u5B50")).containsExactly(0);
        assertThat(words("ab\u5582c1")).containsExactlyInAnyOrder("ab", "\u5582", "c1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void of_similarityOutOfRange_isAnError(double similarity) {
        assertThatThrownBy(() -> NearDuplicateIndex.of(List.of("a"), similarity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("similarity must be in (0, 1], but was " + similarity);
    }

    @Test
    void clusters_chainOfNearDuplicates_isOne() {
        int[] clusters = NearDuplicateIndex.of(List.of("a b c d", "x y", "b c d e", "c d e f", "X Y", "f g h i"), 0.6)
                .graph()
                .clusters();
        assertThat(clusters[2]).isEqualTo(clusters[0]);
        assertThat(clusters[3]).isEqualTo(clusters[0]);
        assertThat(clusters[4]).isEqualTo(clusters[1]).isNotEqualTo(clusters[0]);
        assertThat(clusters[5]).isNotIn(clusters[0], clusters[1]);
    }
}
