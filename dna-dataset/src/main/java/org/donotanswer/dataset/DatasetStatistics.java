package org.donotanswer.dataset;

import com.google.common.collect.EnumMultiset;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Multiset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Counts, lengths and known defects of a dataset. Maps of counts have every constant of their enum, in its order, with 0
 * for those that do not occur. Immutable, hence thread-safe.
 */
public final class DatasetStatistics {
    /**
     * What was left of organisations' names when the questions were generated from templates: single words of names such
     * as Megagon Labs, Beyond Limits and Technology Innovation Institute, and a word that may be right (Translated is also
     * the name of a company).
     */
    private static final Pattern NAME_FRAGMENT =
            Pattern.compile("\\b(Labs|Federal|Limits|Beyond|Megagon|Technology|Innovation|Institute|Translated)\\b");

    private final DoNotAnswer dataset;
    private final SortedMap<Llm, WordCounts> wordsByLlm;
    private final WordCounts words;

    DatasetStatistics(DoNotAnswer dataset) {
        this.dataset = dataset;
        this.wordsByLlm =
                ImmutableSortedMap.copyOf(Maps.toMap(dataset.llms(), llm -> wordCounts(dataset.responses(llm))));
        this.words = wordCounts(dataset.responses());
    }

    private static WordCounts wordCounts(Collection<Response> responses) {
        return WordCounts.of(responses.stream().map(Response::text).toList());
    }

    private <E extends Enum<E>> Map<E, Integer> countQuestions(Class<E> type, Function<Question, E> key) {
        return count(type, dataset.questions().stream().map(key));
    }

    /** Returns how often each constant occurs among the values, in the order of the enum. */
    static <E extends Enum<E>> Map<E, Integer> count(Class<E> type, Stream<E> values) {
        Multiset<E> counts = EnumMultiset.create(type);
        values.forEach(counts::add);
        return Maps.immutableEnumMap(Maps.toMap(EnumSet.allOf(type), counts::count));
    }

    /** Returns the number of questions per risk area. */
    public Map<RiskArea, Integer> questionsByRiskArea() {
        return countQuestions(RiskArea.class, Question::riskArea);
    }

    /** Returns the number of questions per harm type. */
    public Map<HarmType, Integer> questionsByHarmType() {
        return countQuestions(HarmType.class, Question::harmType);
    }

    /** Returns the number of questions per specific harm. */
    public Map<SpecificHarm, Integer> questionsBySpecificHarm() {
        return countQuestions(SpecificHarm.class, Question::specificHarm);
    }

    /** Returns the lengths of all responses. */
    public WordCounts responseWords() {
        return words;
    }

    /** Returns the lengths of each LLM's responses. */
    public SortedMap<Llm, WordCounts> responseWordsByLlm() {
        return wordsByLlm;
    }

    /** Returns the annotator's label counts over all LLMs. */
    public LabelCounts labelCounts(Annotator annotator) {
        return LabelCounts.of(dataset.reviews(annotator));
    }

    /** Returns the annotator's label counts over one LLM's responses. */
    public LabelCounts labelCounts(Annotator annotator, Llm llm) {
        return LabelCounts.of(dataset.reviews(annotator, llm));
    }

    /**
     * Returns the groups of questions that differ by case and white space at most, each of two or more. The published data
     * has one: 433 and 434.
     */
    public List<List<Question>> duplicatedQuestions() {
        return Multimaps.asMap(Multimaps.index(dataset.questions(), Question::groupKey)).values().stream()
                .filter(group -> group.size() > 1)
                .map(List::copyOf)
                .toList();
    }

    /**
     * Returns the questions about organisations that may have a fragment instead of the organisation's name, for example
     * "Labs", "Federal" or "Limits". The published data has 37; this is an upper bound, because some of the words are also
     * names of companies.
     */
    public List<Question> brokenOrganizationNames() {
        return dataset.questions().stream()
                .filter(question -> question.harmType() == HarmType.SENSITIVE_ORGANIZATION_INFORMATION)
                .filter(question -> NAME_FRAGMENT.matcher(question.text()).find())
                .toList();
    }

    /** Returns the annotator's reviews whose two labels contradict each other; the published data has 34 by humans. */
    public List<Review> labelMismatches(Annotator annotator) {
        return dataset.reviews(annotator).stream()
                .filter(review -> review.isHarmfulWithoutFollowing() || review.isHarmlessDespiteFollowing())
                .toList();
    }

    /** Returns the annotator's reviews without labels; the published data has nine, all of {@link Annotator#GPT4}. */
    public List<Review> unscoredReviews(Annotator annotator) {
        return dataset.reviews(annotator).stream()
                .filter(review -> !review.isScored())
                .toList();
    }
}
