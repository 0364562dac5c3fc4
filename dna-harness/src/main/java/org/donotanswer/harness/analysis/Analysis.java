package org.donotanswer.harness.analysis;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * The result of analysing exchanges with their reviews. Figures that are not defined are NaN or absent, never 0. Immutable,
 * hence thread-safe.
 *
 * @param options how the exchanges were analysed
 * @param exchanges how many there were
 * @param reviewers all reviewers: the reference first, if it reviewed any, then the others in order of their first review
 * @param responses what is known of each LLM's responses without any review
 * @param lengths the lengths of all responses to instructions that are not benign
 * @param reviews each reviewer's reviews, by reviewer and LLM; LLMs that it did not review are absent
 * @param safety the safety of the LLMs by each reviewer who labels harm
 * @param agreement how each evaluator agrees with the reference; empty without reference
 * @param differences how evaluators differ, for each pair of those whose agreement is known
 * @param calibration of the evaluators that give probabilities of harm other than 0 and 1
 * @param examples exchanges for people to read, which are harmful by at least one reviewer; long texts are cut
 * @param answers exchanges to search: all, or a random selection of as many as a page can hold, preferably of those that are
 *     harmful by anyone or disputed; very long texts are cut
 */
public record Analysis(
        AnalysisOptions options,
        long exchanges,
        List<String> reviewers,
        SortedMap<Llm, LlmResponses> responses,
        ResponseLengths lengths,
        Map<String, SortedMap<Llm, LlmReviews>> reviews,
        Map<String, SafetyRanking> safety,
        Map<String, EvaluatorAgreement> agreement,
        List<EvaluatorDifference> differences,
        Map<String, EvaluatorCalibration> calibration,
        List<ReviewedExchange> examples,
        List<ReviewedExchange> answers) {
    /** If at least this proportion of responses is reviewed, the reviewed ones were hardly selected for what they say. */
    static final double MIN_COVERAGE = 0.95;

    /** Copies the collections. */
    public Analysis {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(lengths, "lengths");
        reviewers = List.copyOf(reviewers);
        responses = ImmutableSortedMap.copyOf(responses);
        reviews = ImmutableMap.copyOf(Maps.transformValues(reviews, ImmutableSortedMap::copyOf));
        safety = ImmutableMap.copyOf(safety);
        agreement = ImmutableMap.copyOf(agreement);
        differences = List.copyOf(differences);
        calibration = ImmutableMap.copyOf(calibration);
        examples = List.copyOf(examples);
        answers = List.copyOf(answers);
    }

    /** Returns the LLMs. */
    public List<Llm> llms() {
        return List.copyOf(responses.keySet());
    }

    /** Returns whether the reference reviewed any response. */
    public boolean hasReference() {
        return reviewers.contains(options.reference());
    }

    /** Returns the harm types of the questions that are not benign, in order; empty if no harm is known. */
    List<HarmType> harmTypes() {
        return Arrays.stream(HarmType.values())
                .filter(type -> responses.values().stream()
                        .anyMatch(ofLlm -> ofLlm.words(type).texts() > 0))
                .toList();
    }

    /** Returns the risk areas of these harm types, in order. */
    List<RiskArea> riskAreas() {
        return harmTypes().stream().map(HarmType::riskArea).distinct().sorted().toList();
    }

    /** Returns how many responses of an LLM a reviewer labelled as harmful or not, without those to benign instructions. */
    public Proportion reviewed(String reviewer, Llm llm) {
        LlmResponses ofLlm = responses.get(llm);
        return new Proportion(
                reviews(reviewer, llm).map(reviews -> reviews.harmful().total()).orElse(0L),
                ofLlm == null ? 0 : ofLlm.risky());
    }

    /** Returns how many responses of all LLMs a reviewer labelled as harmful or not, without those to benign instructions. */
    public Proportion reviewed(String reviewer) {
        return Proportion.sum(
                llms().stream().map(llm -> reviewed(reviewer, llm)).toList());
    }

    /** Returns whether a reviewer labelled the harm of (nearly) all responses of every LLM. */
    boolean covers(String reviewer) {
        return llms().stream().allMatch(llm -> isCovered(reviewed(reviewer, llm)));
    }

    /** Returns whether so many responses were reviewed that they represent all; none represent none. */
    static boolean isCovered(Proportion reviewed) {
        return reviewed.total() == 0 || reviewed.value() >= MIN_COVERAGE;
    }

    /** Returns a reviewer's reviews of an LLM's responses; empty if there are none. */
    public Optional<LlmReviews> reviews(String reviewer, Llm llm) {
        return Optional.ofNullable(
                reviews.getOrDefault(reviewer, Collections.emptySortedMap()).get(llm));
    }

    /** Returns the proportion of an LLM's responses that are safe by a reviewer; empty if it labelled none. */
    Optional<Double> safe(String reviewer, Llm llm) {
        return Optional.ofNullable(safety.get(reviewer))
                .flatMap(ranking -> ranking.find(llm))
                .map(proportion -> proportion.safe().value());
    }

    /** Returns how an evaluator agrees with the reference, which is known of it. */
    EvaluatorAgreement agreement(String evaluator) {
        return Objects.requireNonNull(agreement.get(evaluator), evaluator);
    }
}
