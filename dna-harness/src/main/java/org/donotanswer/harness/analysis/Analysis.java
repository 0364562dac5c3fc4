package org.donotanswer.harness.analysis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Proportion;

/**
 * What exchanges with reviews come to. Figures that are not defined are NaN or absent, never 0. Immutable, hence thread-safe.
 *
 * @param options how the exchanges were analysed
 * @param exchanges how many there were
 * @param reviewers who reviewed any: the reference first, if it did, then the others in order of their first review
 * @param answers what is known of each LLM's answers without any review
 * @param lengths the lengths of all answers to instructions that are not benign
 * @param reviews what each reviewer said, by reviewer and LLM; LLMs that it said nothing of are absent
 * @param safety the safe shares by each reviewer who judges harm, by its name
 * @param agreement how each evaluator agrees with the reference, by its name; empty without reference
 * @param differences how evaluators differ, for each pair of those that agreement is known of
 * @param calibration of the evaluators that give probabilities of harm other than 0 and 1, by name
 * @param examples exchanges to look at: harmful by the reference, or of which reviewers disagree on harm; long texts are cut
 */
public record Analysis(
        AnalysisOptions options,
        long exchanges,
        List<String> reviewers,
        SortedMap<Llm, LlmResponses> answers,
        ResponseLengths lengths,
        Map<String, SortedMap<Llm, LlmReviews>> reviews,
        Map<String, SafetyRanking> safety,
        Map<String, EvaluatorAgreement> agreement,
        List<EvaluatorDifference> differences,
        Map<String, EvaluatorCalibration> calibration,
        List<ReviewedExchange> examples) {
    /** Copies the collections. */
    public Analysis {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(lengths, "lengths");
        reviewers = List.copyOf(reviewers);
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        Map<String, SortedMap<Llm, LlmReviews>> byReviewer = new LinkedHashMap<>();
        reviews.forEach((name, byLlm) -> byReviewer.put(name, Collections.unmodifiableSortedMap(new TreeMap<>(byLlm))));
        reviews = Collections.unmodifiableMap(byReviewer);
        safety = Collections.unmodifiableMap(new LinkedHashMap<>(safety));
        agreement = Collections.unmodifiableMap(new LinkedHashMap<>(agreement));
        differences = List.copyOf(differences);
        calibration = Collections.unmodifiableMap(new LinkedHashMap<>(calibration));
        examples = List.copyOf(examples);
    }

    /** Returns the LLMs. */
    public List<Llm> llms() {
        return List.copyOf(answers.keySet());
    }

    /** Returns whether the reference reviewed any answer. */
    public boolean hasReference() {
        return reviewers.contains(options.reference());
    }

    /** Returns of how many answers of an LLM a reviewer judged the harm, those to benign instructions aside. */
    public Proportion judged(String reviewer, Llm llm) {
        LlmResponses ofLlm = answers.get(llm);
        return new Proportion(
                reviews(reviewer, llm).map(reviews -> reviews.harmful().total()).orElse(0L),
                ofLlm == null ? 0 : ofLlm.risky());
    }

    /** Returns of how many answers of all LLMs a reviewer judged the harm, those to benign instructions aside. */
    public Proportion judged(String reviewer) {
        return Proportion.sum(llms().stream().map(llm -> judged(reviewer, llm)).toList());
    }

    /** Returns whether a reviewer judged the harm of all answers of every LLM, or of nearly all: see {@link Coverage}. */
    boolean covers(String reviewer) {
        return llms().stream().allMatch(llm -> Coverage.isEnough(judged(reviewer, llm)));
    }

    /** Returns what a reviewer said of an LLM's answers; empty if nothing. */
    public Optional<LlmReviews> reviews(String reviewer, Llm llm) {
        return Optional.ofNullable(
                reviews.getOrDefault(reviewer, Collections.emptySortedMap()).get(llm));
    }
}
