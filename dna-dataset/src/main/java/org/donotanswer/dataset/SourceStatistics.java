package org.donotanswer.dataset;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Counts and lengths of examples. Immutable, hence thread-safe.
 *
 * @param examples the number of examples
 * @param exchanges how many of them have a response
 * @param instructionRisky the labels of instructions, of the examples that have one
 * @param harmful the labels of harmfulness of responses
 * @param refusal the labels of refusal of responses
 * @param actions the number of examples with each action, with all six
 * @param harmTypes the number of examples with each type of harm, with all twelve
 * @param labelledBy the number of examples by who labelled them; {@value #UNKNOWN} if that is not known
 * @param licences the number of examples by licence; {@value #UNKNOWN} if it is not known
 * @param llms the number of exchanges by LLM; {@value #UNKNOWN} if it is not known
 * @param instructionWords the lengths of instructions
 * @param responseWords the lengths of responses
 */
public record SourceStatistics(
        int examples,
        int exchanges,
        FlagCounts instructionRisky,
        FlagCounts harmful,
        FlagCounts refusal,
        Map<ResponseAction, Integer> actions,
        Map<HarmType, Integer> harmTypes,
        SortedMap<String, Integer> labelledBy,
        SortedMap<String, Integer> licences,
        SortedMap<String, Integer> llms,
        WordCounts instructionWords,
        WordCounts responseWords) {
    /** The key of what is not known. */
    public static final String UNKNOWN = "unknown";

    /** Copies the maps. */
    public SourceStatistics {
        Objects.requireNonNull(instructionRisky, "instructionRisky");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(refusal, "refusal");
        actions = Collections.unmodifiableMap(new EnumMap<>(actions));
        harmTypes = Collections.unmodifiableMap(new EnumMap<>(harmTypes));
        labelledBy = ImmutableSortedMap.copyOfSorted(labelledBy);
        licences = ImmutableSortedMap.copyOfSorted(licences);
        llms = ImmutableSortedMap.copyOfSorted(llms);
        Objects.requireNonNull(instructionWords, "instructionWords");
        Objects.requireNonNull(responseWords, "responseWords");
    }

    /**
     * How often a label that is yes or no was given. Immutable, hence thread-safe.
     *
     * @param yes how many examples have the label 1
     * @param no how many examples have the label 0
     * @param unlabelled how many examples have neither
     */
    public record FlagCounts(int yes, int no, int unlabelled) {
        private static FlagCounts of(
                Collection<LabelledExample> examples, Function<LabelledExample, Optional<Boolean>> label) {
            int yes = 0;
            int no = 0;
            for (LabelledExample example : examples) {
                Optional<Boolean> value = label.apply(example);
                yes += value.equals(Optional.of(true)) ? 1 : 0;
                no += value.equals(Optional.of(false)) ? 1 : 0;
            }
            return new FlagCounts(yes, no, examples.size() - yes - no);
        }

        /** Returns whether both labels occur, without which the area under the curve, for example, is not defined. */
        public boolean hasBothClasses() {
            return yes > 0 && no > 0;
        }
    }

    static SourceStatistics of(Collection<LabelledExample> examples) {
        List<LabelledExample> exchanges = examples.stream()
                .filter(example -> example.response().isPresent())
                .toList();
        List<LabelledExample> instructions =
                examples.stream().filter(LabelledExample::hasInstruction).toList();
        return new SourceStatistics(
                examples.size(),
                exchanges.size(),
                FlagCounts.of(instructions, LabelledExample::instructionRisky),
                FlagCounts.of(exchanges, LabelledExample::harmful),
                FlagCounts.of(exchanges, LabelledExample::refusal),
                DatasetStatistics.count(
                        ResponseAction.class,
                        examples.stream().map(LabelledExample::action).flatMap(Optional::stream)),
                DatasetStatistics.count(
                        HarmType.class,
                        examples.stream().map(LabelledExample::harmType).flatMap(Optional::stream)),
                count(examples, LabelledExample::labelledBy),
                count(examples, LabelledExample::licence),
                count(exchanges, LabelledExample::llm),
                WordCounts.of(
                        instructions.stream().map(LabelledExample::instruction).toList()),
                WordCounts.of(exchanges.stream()
                        .map(LabelledExample::response)
                        .flatMap(Optional::stream)
                        .toList()));
    }

    private static SortedMap<String, Integer> count(
            Collection<LabelledExample> examples, Function<LabelledExample, Optional<String>> key) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        examples.forEach(example -> counts.merge(key.apply(example).orElse(UNKNOWN), 1, Integer::sum));
        return counts;
    }
}
