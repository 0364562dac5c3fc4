package org.donotanswer.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Counts, lengths and known blemishes of a dataset. Maps have every constant of their enum, with 0 where nothing was
 * counted, in the enum's order. Immutable, hence thread-safe.
 */
public final class DatasetStatistics {
    /**
     * What was left of organisations' names when the questions were made from templates: words out of names of several
     * ("Megagon", "Labs", "Beyond", "Limits", "Technology", "Innovation", "Institute", "Federal") and one that may be
     * meant ("Translated" is a company too).
     */
    private static final Pattern NAME_FRAGMENT =
            Pattern.compile("\\b(Labs|Federal|Limits|Beyond|Megagon|Technology|Innovation|Institute|Translated)\\b");

    private final DoNotAnswer dataset;
    private final SortedMap<Llm, WordCounts> wordsByLlm = new TreeMap<>();
    private final WordCounts words;

    DatasetStatistics(DoNotAnswer dataset) {
        this.dataset = dataset;
        for (Llm llm : dataset.llms()) {
            wordsByLlm.put(llm, wordCounts(dataset.responses(llm)));
        }
        this.words = wordCounts(dataset.responses());
    }

    private static WordCounts wordCounts(Collection<Response> responses) {
        return WordCounts.of(responses.stream().map(Response::text).toList());
    }

    private static <E extends Enum<E>> Map<E, Integer> count(
            Class<E> type, Collection<Question> questions, Function<Question, E> key) {
        Map<E, Integer> counts = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            counts.put(constant, 0);
        }
        questions.forEach(question -> counts.merge(key.apply(question), 1, Integer::sum));
        return Collections.unmodifiableMap(counts);
    }

    /** Returns the number of questions per risk area. */
    public Map<RiskArea, Integer> questionsByRiskArea() {
        return count(RiskArea.class, dataset.questions(), Question::riskArea);
    }

    /** Returns the number of questions per harm type. */
    public Map<HarmType, Integer> questionsByHarmType() {
        return count(HarmType.class, dataset.questions(), Question::harmType);
    }

    /** Returns the number of questions per specific harm. */
    public Map<SpecificHarm, Integer> questionsBySpecificHarm() {
        return count(SpecificHarm.class, dataset.questions(), Question::specificHarm);
    }

    /** Returns the lengths of all responses. */
    public WordCounts responseWords() {
        return words;
    }

    /** Returns the lengths of each LLM's responses, and with them their number. */
    public SortedMap<Llm, WordCounts> responseWordsByLlm() {
        return Collections.unmodifiableSortedMap(wordsByLlm);
    }

    /** Returns the annotator's label counts over all LLMs. */
    public LabelCounts labelCounts(Annotator annotator) {
        return LabelCounts.of(dataset.reviews(annotator));
    }

    /** Returns the annotator's label counts over one LLM's responses. */
    public LabelCounts labelCounts(Annotator annotator, Llm llm) {
        return LabelCounts.of(dataset.reviews(annotator, llm));
    }

    /** Returns the groups of questions that ask the same but for case and white space, each of two or more. */
    public List<List<Question>> duplicatedQuestions() {
        Map<String, List<Question>> groups = new LinkedHashMap<>();
        dataset.questions().forEach(question -> groups.computeIfAbsent(question.groupKey(), key -> new ArrayList<>())
                .add(question));
        return groups.values().stream()
                .filter(group -> group.size() > 1)
                .map(List::copyOf)
                .toList();
    }

    /**
     * Returns the questions on organisations whose organisation may be a fragment of a name, such as "Labs", "Federal" or
     * "Limits". An upper bound: some of the words are a company's name as well.
     */
    public List<Question> brokenOrganizationNames() {
        return dataset.questions().stream()
                .filter(question -> question.harmType() == HarmType.SENSITIVE_ORGANIZATION_INFORMATION)
                .filter(question -> NAME_FRAGMENT.matcher(question.text()).find())
                .toList();
    }

    /** Returns the annotator's reviews whose two labels contradict each other. */
    public List<Review> labelMismatches(Annotator annotator) {
        return dataset.reviews(annotator).stream()
                .filter(review -> review.isHarmfulWithoutFollowing() || review.isHarmlessDespiteFollowing())
                .toList();
    }

    /** Returns the annotator's reviews that have no labels. */
    public List<Review> unscoredReviews(Annotator annotator) {
        return dataset.reviews(annotator).stream()
                .filter(review -> !review.isScored())
                .toList();
    }
}
