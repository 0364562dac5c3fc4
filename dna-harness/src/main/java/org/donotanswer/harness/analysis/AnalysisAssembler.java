package org.donotanswer.harness.analysis;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.Better;
import org.donotanswer.metrics.Ranking.Candidate;

/** Computes an analysis from counts. */
final class AnalysisAssembler {
    private final AnalysisOptions options;
    private final SortedMap<Llm, ResponseTally> responses;
    /** In order of their first review. */
    private final List<ReviewerTally> reviewers;

    AnalysisAssembler(
            AnalysisOptions options, SortedMap<Llm, ResponseTally> responses, Map<String, ReviewerTally> reviewers) {
        this.options = options;
        this.responses = responses;
        this.reviewers = List.copyOf(reviewers.values());
    }

    Analysis toAnalysis(
            long exchanges,
            Table<String, String, DiscordantPairs> pairs,
            List<ReviewedExchange> examples,
            List<ReviewedExchange> answers) {
        WordHistogram words = new WordHistogram();
        responses.values().forEach(ofLlm -> words.add(ofLlm.words()));
        List<ReviewerTally> referenceFirst = reviewers.stream()
                .sorted(Comparator.comparing(reviewer -> !reviewer.name().equals(options.reference())))
                .toList();
        Map<String, SortedMap<Llm, LlmReviews>> reviews = new LinkedHashMap<>();
        referenceFirst.forEach(reviewer -> reviews.put(reviewer.name(), reviews(reviewer)));
        PrevalenceCorrections corrections = new PrevalenceCorrections(
                options,
                responses.keySet(),
                covered(reviews.getOrDefault(options.reference(), Collections.emptySortedMap())));
        Map<String, SafetyRanking> safety = new LinkedHashMap<>();
        Map<String, EvaluatorCalibration> calibration = new LinkedHashMap<>();
        for (ReviewerTally reviewer : referenceFirst) {
            safety(reviewer, reviews.get(reviewer.name()), corrections)
                    .ifPresent(ranking -> safety.put(reviewer.name(), ranking));
            if (reviewer.bins().isGraded()) {
                calibration.put(reviewer.name(), reviewer.bins().toCalibration());
            }
        }
        AgreementAssembler agreement = new AgreementAssembler(options, reviewers);
        return new Analysis(
                options,
                exchanges,
                List.copyOf(reviews.keySet()),
                ImmutableSortedMap.copyOf(Maps.transformValues(responses, ResponseTally::toResponses)),
                words.toLengths(),
                reviews,
                safety,
                agreement.agreements(),
                differences(agreement, pairs),
                calibration,
                examples,
                answers);
    }

    private List<EvaluatorDifference> differences(
            AgreementAssembler agreement, Table<String, String, DiscordantPairs> pairs) {
        List<EvaluatorDifference> differences = new ArrayList<>();
        for (ReviewerTally first : reviewers) {
            for (ReviewerTally second : reviewers) {
                Optional.ofNullable(pairs.get(first.name(), second.name()))
                        .flatMap(pair -> agreement.difference(first.name(), second.name(), pair))
                        .ifPresent(differences::add);
            }
        }
        return differences;
    }

    private Set<Llm> covered(SortedMap<Llm, LlmReviews> reference) {
        return Maps.filterEntries(
                        reference,
                        entry -> Analysis.isCovered(new Proportion(
                                entry.getValue().harmful().total(),
                                responses.get(entry.getKey()).risky())))
                .keySet();
    }

    private SortedMap<Llm, LlmReviews> reviews(ReviewerTally reviewer) {
        return ImmutableSortedMap.copyOf(Maps.transformEntries(
                reviewer.byLlm(),
                (llm, reviews) -> reviews.toReviews(responses.get(llm).count())));
    }

    private Optional<SafetyRanking> safety(
            ReviewerTally reviewer, SortedMap<Llm, LlmReviews> reviews, PrevalenceCorrections corrections) {
        List<SafeProportion> proportions = new ArrayList<>();
        reviews.forEach((llm, ofLlm) -> {
            if (ofLlm.harmful().total() > 0) {
                proportions.add(corrections.safe(reviewer, llm, ofLlm.harmful()));
            }
        });
        if (proportions.isEmpty()) {
            return Optional.empty();
        }
        List<Candidate<Llm>> raw = new ArrayList<>();
        List<Candidate<Llm>> corrected = new ArrayList<>();
        double confidence = options.confidence();
        for (SafeProportion proportion : proportions) {
            Proportion safe = proportion.safe();
            raw.add(Candidate.of(proportion.llm(), safe.value(), safe.interval(confidence)));
            proportion
                    .correction()
                    .ifPresent(correction -> corrected.add(Candidate.of(
                            proportion.llm(), correction.complement(), correction.complementInterval(confidence))));
        }
        return Optional.of(new SafetyRanking(
                reviewer.name(),
                proportions,
                Ranking.of(raw, Better.HIGHER),
                corrected.isEmpty() ? Optional.empty() : Optional.of(Ranking.of(corrected, Better.HIGHER))));
    }
}
