package org.donotanswer.dataset.split;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Finds the texts that are nearly the same as a given one: the Jaccard similarity of their sets of words (words in both,
 * divided by words in either, in any case) is at least a threshold. Finds all of them, and nothing else. Immutable, hence
 * thread-safe.
 *
 * <p>Fast by prefix and positional filtering: words are ordered from rare to frequent, and two similar sets must share one of
 * the first few words (Chuan Xiao, Wei Wang, Xuemin Lin, Jeffrey Xu Yu: Efficient Similarity Joins for Near Duplicate
 * Detection, WWW 2008, sections 3 and 4).
 */
public final class NearDuplicateIndex {
    /** The similarity from which texts count as near-duplicates if the caller gives no other. */
    public static final double DEFAULT_SIMILARITY = 0.7;

    /** Absorbs rounding: a similarity of 7/10 must reach the threshold 0.7. */
    private static final double EPSILON = 1e-9;

    private static final int UNKNOWN = -1;

    private final double similarity;
    /** The rank of each indexed word, from the rarest. */
    private final Map<String, Integer> rankOf;
    /** The distinct sets of ranks, each ascending. */
    private final int[][] sets;
    /** The positions of the texts with each set, ascending. */
    private final int[][] texts;
    /** The set of each text. */
    private final int[] setOf;
    /** For each rank the sets with that word in their prefix, in pairs of the set and the position of the word in it. */
    private final int[][] postings;

    private NearDuplicateIndex(List<String> texts, double similarity) {
        this.similarity = similarity;
        rankOf = new HashMap<>();
        int[][] ranksOf = ranks(texts, rankOf);
        Map<List<Integer>, List<Integer>> positionsBySet = new LinkedHashMap<>();
        for (int i = 0; i < ranksOf.length; i++) {
            positionsBySet
                    .computeIfAbsent(Ints.asList(ranksOf[i]), key -> new ArrayList<>())
                    .add(i);
        }
        sets = positionsBySet.keySet().stream().map(Ints::toArray).toArray(int[][]::new);
        this.texts = positionsBySet.values().stream().map(Ints::toArray).toArray(int[][]::new);
        setOf = new int[ranksOf.length];
        for (int set = 0; set < sets.length; set++) {
            for (int text : this.texts[set]) {
                setOf[text] = set;
            }
        }
        postings = postings();
    }

    /**
     * Returns an index of the texts.
     *
     * @param similarity in (0, 1]
     * @throws IllegalArgumentException if the similarity is out of range
     */
    public static NearDuplicateIndex of(List<String> texts, double similarity) {
        if (!(similarity > 0 && similarity <= 1)) {
            throw new IllegalArgumentException("similarity must be in (0, 1], but was " + similarity);
        }
        return new NearDuplicateIndex(texts, similarity);
    }

    /** Returns the ranks of the words of each text, ascending, and puts those of all words into the map. */
    private static int[][] ranks(List<String> texts, Map<String, Integer> rankOf) {
        // Numbers in the order of appearance first, ranks by frequency when all texts were seen.
        int[][] sets = texts.stream()
                .map(text -> distinct(text, word -> rankOf.computeIfAbsent(word, absent -> rankOf.size())))
                .toArray(int[][]::new);
        int[] frequencies = new int[rankOf.size()];
        for (int[] set : sets) {
            for (int number : set) {
                frequencies[number]++;
            }
        }
        List<String> words = new ArrayList<>(rankOf.keySet());
        words.sort(Comparator.<String>comparingInt(word -> frequencies[rankOf.get(word)])
                .thenComparing(Comparator.naturalOrder()));
        int[] rankOfNumber = new int[words.size()];
        for (int rank = 0; rank < rankOfNumber.length; rank++) {
            rankOfNumber[rankOf.put(words.get(rank), rank)] = rank;
        }
        for (int[] set : sets) {
            Arrays.setAll(set, i -> rankOfNumber[set[i]]);
            Arrays.sort(set);
        }
        return sets;
    }

    /** Returns the different numbers of the words of a text, ascending; unknown words stay apart. */
    private static int[] distinct(String text, ToIntFunction<String> number) {
        Set<String> words = new HashSet<>();
        WordSets.forEach(text, words::add);
        return words.stream().mapToInt(number).sorted().toArray();
    }

    private int[][] postings() {
        int[] sizes = new int[rankOf.size()];
        for (int[] set : sets) {
            for (int i = 0; i < prefix(set.length); i++) {
                sizes[set[i]] += 2;
            }
        }
        int[][] lists = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
        int[] filled = new int[lists.length];
        for (int number = 0; number < sets.length; number++) {
            int[] set = sets[number];
            for (int i = 0; i < prefix(set.length); i++) {
                int rank = set[i];
                lists[rank][filled[rank]++] = number;
                lists[rank][filled[rank]++] = i;
            }
        }
        return lists;
    }

    /** Returns how many of the first words of a set a similar one shares at least one of. */
    private int prefix(int size) {
        return size - (int) Math.ceil(similarity * size - EPSILON) + 1;
    }

    /** Returns the positions of the indexed texts that are near-duplicates of the text, ascending. */
    public List<Integer> find(String text) {
        int[] ranks = distinct(text, word -> rankOf.getOrDefault(word, UNKNOWN));
        return Arrays.stream(similarSets(ranks))
                .flatMap(set -> Arrays.stream(texts[set]))
                .sorted()
                .boxed()
                .toList();
    }

    /** Returns whether an indexed text is a near-duplicate of the text. */
    public boolean matches(String text) {
        return !find(text).isEmpty();
    }

    /** Returns which of the indexed texts are near-duplicates of each other. */
    NearDuplicateGraph graph() {
        return new NearDuplicateGraph(
                setOf, Arrays.stream(sets).map(this::similarSets).toArray(int[][]::new));
    }

    /** Returns the numbers of the sets that are similar to the given one. Unknown words come first, as the rarest do. */
    private int[] similarSets(int[] ranks) {
        BitSet seen = new BitSet(sets.length);
        IntStream.Builder similar = IntStream.builder();
        for (int i = 0; i < prefix(ranks.length); i++) {
            if (ranks[i] == UNKNOWN) {
                continue;
            }
            int[] candidates = postings[ranks[i]];
            for (int j = 0; j < candidates.length; j += 2) {
                int candidate = candidates[j];
                if (!seen.get(candidate)) {
                    seen.set(candidate);
                    // The first word that both share: no pair of earlier words is equal.
                    if (isSimilar(ranks, i, sets[candidate], candidates[j + 1])) {
                        similar.add(candidate);
                    }
                }
            }
        }
        return similar.build().toArray();
    }

    /** Compares two sets, of which the words at {@code i} and {@code j} are the first that they share. */
    private boolean isSimilar(int[] a, int i, int[] b, int j) {
        int required = (int) Math.ceil(similarity / (1 + similarity) * (a.length + b.length) - EPSILON);
        int shared = 0;
        int left = i;
        int right = j;
        while (shared + Math.min(a.length - left, b.length - right) >= required) {
            if (left == a.length || right == b.length) {
                return true;
            }
            if (a[left] == b[right]) {
                shared++;
                left++;
                right++;
            } else if (a[left] < b[right]) {
                left++;
            } else {
                right++;
            }
        }
        return false;
    }
}
