package org.donotanswer.dataset;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.donotanswer.evaluate.LabelledExchange;

/**
 * Labelled examples of one or more sources, in the order of their files:
 *
 * <pre>{@code
 * ExampleSet examples = ExampleSet.load(Path.of("../shared/safety-data"), Path.of("../shared/contrast-data"))
 *         .excludingLicences(List.of("NC", "none stated"));
 * Evaluation evaluation = Evaluation.of(evaluator, examples.exchanges());
 * }</pre>
 *
 * <p>A file has one JSON object per line. Its fields are {@code id}, {@code source}, {@code instruction}, and, where known,
 * {@code response}, {@code licence}, {@code llm}, {@code instruction_risky}, {@code response_harmful}, {@code refusal} (0 or
 * 1), {@code action}, {@code harm_type} (names of constants), {@code category}, {@code label_by}, {@code group},
 * {@code domain} and {@code form}. Other fields are ignored. A field that is missing, null, or, save for the texts, blank is
 * not known, and neither is an {@code llm} that is "unknown".
 *
 * <p>Data on prompt injection has other lines: a {@code text} and no instruction, its {@code place}, {@code user} or
 * {@code content}, and whether it is an {@code injection} (0 or 1). A harmless text of a user is read as an instruction that is
 * not risky, harmless content, such as an e-mail or the result of a tool, as a response alone that is not harmful. Injections
 * are no examples, because they are not labelled by harm: {@link #skippedInjections()} counts them.
 *
 * <p>An {@code id} identifies an example within its source. Immutable, hence thread-safe.
 */
public final class ExampleSet {
    private final List<LabelledExample> examples;
    private final ImmutableMap<String, String> checksums;
    private final ImmutableMap<String, Integer> skippedInjections;

    private ExampleSet(
            Collection<LabelledExample> examples,
            Map<String, String> checksums,
            Map<String, Integer> skippedInjections) {
        this.examples = List.copyOf(examples);
        this.checksums = ImmutableMap.copyOf(checksums);
        this.skippedInjections = ImmutableMap.copyOf(skippedInjections);
    }

    /**
     * Returns the examples of files, and of all {@code *.jsonl} files in directories, but not in their subdirectories.
     *
     * @throws DatasetFormatException if a line is not a JSON object, lacks a required field, has a blank text, an unknown
     *     constant or place, or a label that is not 0 or 1, labels an absent text, contradicts itself, or repeats the id of
     *     another; or if a directory or a file has no examples, save for files of injections alone in a directory with others
     * @throws IOException if a file cannot be read
     */
    public static ExampleSet load(Path... paths) throws IOException {
        return load(Arrays.asList(paths));
    }

    /**
     * Returns the examples of files, and of all {@code *.jsonl} files in directories, but not in their subdirectories.
     *
     * @throws DatasetFormatException if a line is not a JSON object, lacks a required field, has a blank text, an unknown
     *     constant or place, or a label that is not 0 or 1, labels an absent text, contradicts itself, or repeats the id of
     *     another; or if a directory or a file has no examples, save for files of injections alone in a directory with others
     * @throws IOException if a file cannot be read
     */
    public static ExampleSet load(Collection<Path> paths) throws IOException {
        ExampleReader reader = new ExampleReader();
        for (Path path : List.copyOf(paths)) {
            reader.read(path);
        }
        return new ExampleSet(reader.examples(), reader.checksums(), reader.injections());
    }

    /**
     * Returns a set of examples that were not read from files.
     *
     * @throws IllegalArgumentException if two examples have the same key; the message gives their positions, not the key
     */
    public static ExampleSet of(Collection<LabelledExample> examples) {
        Map<String, Integer> positions = new HashMap<>();
        int position = 0;
        for (LabelledExample example : examples) {
            Integer first = positions.putIfAbsent(example.key(), position);
            if (first != null) {
                throw new IllegalArgumentException(
                        "id must be unique in its source, but was repeated (items " + first + " and " + position + ")");
            }
            position++;
        }
        return new ExampleSet(examples, Map.of(), Map.of());
    }

    /** Returns a set of examples of files that were read by others, with the checksums of the files. */
    static ExampleSet read(Collection<LabelledExample> examples, Map<String, String> checksums) {
        return new ExampleSet(of(examples).examples, checksums, Map.of());
    }

    /**
     * Returns these examples, followed by those of another set.
     *
     * @throws IllegalArgumentException if two examples have the same key, or two files the same name
     */
    public ExampleSet and(ExampleSet other) {
        List<LabelledExample> all = new ArrayList<>(examples);
        all.addAll(other.examples);
        return new ExampleSet(
                of(all).examples,
                ImmutableMap.<String, String>builder()
                        .putAll(checksums)
                        .putAll(other.checksums)
                        .buildOrThrow(),
                ImmutableMap.<String, Integer>builder()
                        .putAll(skippedInjections)
                        .putAll(other.skippedInjections)
                        .buildOrThrow());
    }

    /** Returns the examples. */
    public List<LabelledExample> examples() {
        return examples;
    }

    /** Returns the examples that have a response, for an evaluation. */
    public List<LabelledExchange> exchanges() {
        return examples.stream()
                .map(LabelledExample::toLabelledExchange)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the names of the sources. */
    public SortedSet<String> sources() {
        return examples.stream()
                .map(LabelledExample::source)
                .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo));
    }

    /** Returns counts and lengths by source. */
    public ExampleStatistics statistics() {
        return ExampleStatistics.of(examples);
    }

    /**
     * Returns the SHA-256 checksum of each file that examples were read from, by its name with that of its directory, for
     * example {@code safety-data/gptfuzz.jsonl}. Files whose examples were all excluded later are included.
     */
    public Map<String, String> checksums() {
        return checksums;
    }

    /**
     * Returns how many lines were skipped as they are labelled as prompt injections, by the name of the file, with that of its
     * directory. Files without any are absent. Exclusions have no effect.
     */
    public Map<String, Integer> skippedInjections() {
        return skippedInjections;
    }

    /**
     * Returns the pairs of examples with the same text and opposite labels. They are no error: sources label differently, and
     * people err.
     */
    public List<Contradiction> contradictions() {
        return ContradictionFinder.find(examples);
    }

    /**
     * Returns the examples whose licence matches none of the patterns. A pattern matches a licence that contains it as whole
     * words, in any case: "NC" matches "CC BY-NC 4.0". The licence of an example that has none is "unknown". A licence that
     * names several licences and does not say which applies is excluded if one of them matches.
     *
     * @throws IllegalArgumentException if a pattern is blank, or no example is left
     */
    public ExampleSet excludingLicences(Collection<String> patterns) {
        LicenceFilter filter = new LicenceFilter(patterns);
        return filtered(example -> !filter.matches(example.licence()), "licences " + List.copyOf(patterns));
    }

    /**
     * Returns the examples of all other sources.
     *
     * @throws IllegalArgumentException if a source is not in the set, or no example is left
     */
    public ExampleSet excludingSources(Collection<String> sources) {
        requireSources(sources);
        Set<String> excluded = Set.copyOf(sources);
        return filtered(example -> !excluded.contains(example.source()), "sources " + new TreeSet<>(excluded));
    }

    private ExampleSet filtered(Predicate<LabelledExample> kept, String excluded) {
        List<LabelledExample> left = examples.stream().filter(kept).toList();
        if (left.isEmpty()) {
            throw new IllegalArgumentException("examples must be left, but were all excluded (" + excluded + ")");
        }
        return new ExampleSet(left, checksums, skippedInjections);
    }

    /**
     * Checks that sources are in the set, for example those that weights are given for.
     *
     * @throws IllegalArgumentException if one is not
     */
    public void requireSources(Collection<String> sources) {
        Set<String> known = new HashSet<>(sources());
        for (String source : sources) {
            if (!known.contains(source)) {
                throw new IllegalArgumentException("source must be one of " + sources() + ", but was " + source);
            }
        }
    }

    /** Returns the number of examples; the values hold text. */
    @Override
    public String toString() {
        return "ExampleSet[" + examples.size() + " examples, " + sources().size() + " sources]";
    }
}
