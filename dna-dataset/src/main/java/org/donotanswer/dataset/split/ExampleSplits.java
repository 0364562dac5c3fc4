package org.donotanswer.dataset.split;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.donotanswer.dataset.LabelledExample;

/**
 * Splits of labelled examples whose training sides hold no near-duplicate of their test sides:
 *
 * <pre>{@code
 * for (ExampleFold fold : ExampleSplits.of(examples.examples()).leaveOneSourceOut()) {
 *     train(fold.train());
 *     test(fold.test());
 * }
 * }</pre>
 *
 * <p>A training example is dropped if its instruction is a near-duplicate of one on the test side, or if its response is and
 * has at least {@link #MIN_RESPONSE_WORDS} different words: short responses, refusals above all, are alike anyway. {@link
 * NearDuplicateIndex} says what near-duplicates are. {@link ExampleFold#dropped()} counts them. A response without an
 * instruction is all that there is of its example: whatever its length, it is compared as an instruction is, and with
 * instructions.
 *
 * <p>A split depends on its arguments only. Immutable, hence thread-safe.
 */
public final class ExampleSplits {
    /** The number of different words from which near-duplicates of a response are dropped. */
    public static final int MIN_RESPONSE_WORDS = 30;

    private final List<LabelledExample> examples;
    /** Of the instructions, and the responses that have none. */
    private final NearDuplicateGraph instructions;
    /** The index of the examples with long responses, by their position in {@link #responses}. */
    private final int[] longResponses;

    private final NearDuplicateGraph responses;

    private ExampleSplits(Collection<LabelledExample> examples, double similarity) {
        this.examples = List.copyOf(examples);
        instructions = NearDuplicateIndex.of(
                        this.examples.stream()
                                .map(ExampleSplits::instructionOrResponse)
                                .toList(),
                        similarity)
                .graph();
        longResponses = IntStream.range(0, this.examples.size())
                .filter(i -> this.examples
                        .get(i)
                        .response()
                        .filter(text -> WordSets.count(text) >= MIN_RESPONSE_WORDS)
                        .isPresent())
                .toArray();
        responses = NearDuplicateIndex.of(
                        IntStream.of(longResponses)
                                .mapToObj(i -> this.examples.get(i).response().orElseThrow())
                                .toList(),
                        similarity)
                .graph();
    }

    private static String instructionOrResponse(LabelledExample example) {
        return example.hasInstruction()
                ? example.instruction()
                : example.response().orElseThrow();
    }

    /** Returns the splits of the examples, with near-duplicates of the default similarity. */
    public static ExampleSplits of(Collection<LabelledExample> examples) {
        return of(examples, NearDuplicateIndex.DEFAULT_SIMILARITY);
    }

    /**
     * Returns the splits of the examples.
     *
     * @param similarity from which texts are near-duplicates, in (0, 1]
     * @throws IllegalArgumentException if the similarity is out of range
     */
    public static ExampleSplits of(Collection<LabelledExample> examples, double similarity) {
        return new ExampleSplits(examples, similarity);
    }

    /**
     * Returns one fold per source, named by it.
     *
     * @throws IllegalArgumentException if there are fewer than two sources
     */
    public List<ExampleFold> leaveOneSourceOut() {
        return leaveOneOut("sources", example -> Optional.of(example.source()), 1, true);
    }

    /**
     * Returns folds that leave several sources out together, at the cost of fewer trainings and a harder test. Sources are
     * dealt out by size, the largest first, each to the fold with the fewest examples so far. A fold is named by its sources,
     * sorted and joined by commas.
     *
     * @param folds at least 2, at most the number of sources
     * @throws IllegalArgumentException if {@code folds} is out of range
     */
    public List<ExampleFold> leaveSourcesOut(int folds) {
        Map<String, Long> sizes =
                examples.stream().collect(groupingBy(LabelledExample::source, TreeMap::new, counting()));
        if (folds < 2 || folds > sizes.size()) {
            throw new IllegalArgumentException(
                    "folds must be from 2 to the number of sources, " + sizes.size() + ", but was " + folds);
        }
        List<SortedSet<String>> members = new ArrayList<>();
        long[] examplesOfFold = new long[folds];
        IntStream.range(0, folds).forEach(fold -> members.add(new TreeSet<>()));
        sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(source -> {
                    int smallest = Longs.asList(examplesOfFold).indexOf(Longs.min(examplesOfFold));
                    members.get(smallest).add(source.getKey());
                    examplesOfFold[smallest] += source.getValue();
                });
        Map<String, String> foldOfSource = new HashMap<>();
        members.forEach(sources -> sources.forEach(source -> foldOfSource.put(source, String.join(", ", sources))));
        return leaveOneOut("folds", example -> Optional.ofNullable(foldOfSource.get(example.source())), 1, true);
    }

    /**
     * Returns the fold that leaves out what a predicate holds for.
     *
     * @param name the name of the fold
     * @throws IllegalArgumentException if that is none of the examples, or all of them
     */
    public ExampleFold leaveOut(String name, Predicate<LabelledExample> leftOut) {
        BitSet test = new BitSet();
        IntStream.range(0, examples.size())
                .filter(i -> leftOut.test(examples.get(i)))
                .forEach(test::set);
        if (test.isEmpty() || test.cardinality() == examples.size()) {
            throw new IllegalArgumentException("number of examples left out must be from 1 to " + (examples.size() - 1)
                    + ", but was " + test.cardinality());
        }
        BitSet train = new BitSet();
        train.set(0, examples.size());
        train.andNot(test);
        return fold(name, test, train, true);
    }

    /**
     * Returns one fold per file, named by it. Examples that were not read from a file are on the training side of all folds.
     *
     * @throws IllegalArgumentException if there are fewer than two files
     */
    public List<ExampleFold> leaveOneFileOut() {
        return leaveOneOut("files", LabelledExample::file, 1, true);
    }

    /**
     * Returns one fold per {@linkplain LabelledExample#llmFamily() family of LLMs}, named by it. Examples of no LLM are on the
     * training side of all folds. As LLMs are often asked the same, questions are on both sides: only examples with long
     * responses like those on the test side are dropped.
     *
     * @param minExamples how many examples with responses a family must have for a fold; smaller ones are only trained on
     * @throws IllegalArgumentException if there are fewer than two such families
     */
    public List<ExampleFold> leaveOneLlmOut(int minExamples) {
        return leaveOneOut("LLM families", LabelledExample::llmFamily, minExamples, false);
    }

    /**
     * Returns folds whose test sides partition the examples. Examples with the same question are in one of them: those of the
     * same {@linkplain LabelledExample#groupKey() group}, those whose instructions are near-duplicates, and those that are
     * connected by several such steps.
     *
     * @param folds at least 2, at most the number of different questions
     * @throws IllegalArgumentException if {@code folds} is out of range
     */
    public List<ExampleFold> leaveQuestionsOut(int folds, long seed) {
        int[] questions = questions();
        List<Integer> indices = IntStream.range(0, examples.size()).boxed().toList();
        return Splits.groupedKFold(indices, i -> questions[i], folds, seed).stream()
                .map(fold -> fold(fold.name(), bits(fold.test()), bits(fold.train()), true))
                .toList();
    }

    /** Returns the number of the question of each example. */
    int[] questions() {
        int[] clusters = instructions.clusters();
        // Joins clusters that share a group; the smaller number wins.
        Map<String, Integer> clusterOfGroup = new HashMap<>();
        int[] parent = IntStream.range(0, examples.size()).toArray();
        for (int i = 0; i < clusters.length; i++) {
            Integer other = clusterOfGroup.putIfAbsent(examples.get(i).groupKey(), clusters[i]);
            if (other != null) {
                int a = root(parent, other);
                int b = root(parent, clusters[i]);
                parent[Math.max(a, b)] = Math.min(a, b);
            }
        }
        return IntStream.of(clusters).map(cluster -> root(parent, cluster)).toArray();
    }

    private static int root(int[] parent, int cluster) {
        int root = cluster;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    private List<ExampleFold> leaveOneOut(
            String what, Function<LabelledExample, Optional<String>> key, int minExamples, boolean dropInstructions) {
        Map<String, BitSet> members = new LinkedHashMap<>();
        for (int i = 0; i < examples.size(); i++) {
            int index = i;
            key.apply(examples.get(i)).ifPresent(name -> members.computeIfAbsent(name, absent -> new BitSet())
                    .set(index));
        }
        members.values().removeIf(each -> each.cardinality() < minExamples);
        if (members.size() < 2) {
            throw new IllegalArgumentException("number of " + what + " must be at least 2, but was " + members.size());
        }
        List<ExampleFold> folds = new ArrayList<>();
        members.forEach((name, test) -> {
            BitSet train = new BitSet();
            train.set(0, examples.size());
            train.andNot(test);
            folds.add(fold(name, test, train, dropInstructions));
        });
        return List.copyOf(folds);
    }

    private static BitSet bits(List<Integer> indices) {
        BitSet bits = new BitSet();
        indices.forEach(bits::set);
        return bits;
    }

    private ExampleFold fold(String name, BitSet test, BitSet train, boolean dropInstructions) {
        BitSet dropped = nearResponses(test);
        if (dropInstructions) {
            dropped.or(instructions.nearTo(test));
        }
        dropped.and(train);
        BitSet kept = (BitSet) train.clone();
        kept.andNot(dropped);
        SortedMap<String, Integer> droppedBySource = new TreeMap<>();
        dropped.stream().forEach(i -> droppedBySource.merge(examples.get(i).source(), 1, Integer::sum));
        return new ExampleFold(name, select(kept), select(test), droppedBySource);
    }

    /** Returns the examples whose long response is a near-duplicate of a test example's. */
    private BitSet nearResponses(BitSet test) {
        BitSet marked = new BitSet();
        IntStream.range(0, longResponses.length)
                .filter(position -> test.get(longResponses[position]))
                .forEach(marked::set);
        BitSet near = new BitSet();
        responses.nearTo(marked).stream().forEach(position -> near.set(longResponses[position]));
        return near;
    }

    private List<LabelledExample> select(BitSet indices) {
        return indices.stream().mapToObj(examples::get).toList();
    }
}
