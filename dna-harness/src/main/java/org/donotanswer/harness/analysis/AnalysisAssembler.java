package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.Better;
import org.donotanswer.metrics.Ranking.Candidate;
import org.jspecify.annotations.Nullable;

/** Computes an analysis from counts. */
final class AnalysisAssembler {
    private final AnalysisOptions options;
    private final long exchanges;
    private final SortedMap<Llm, Integer> llms;
    private final List<ResponseTally> responses;
    private final List<ReviewerTally> reviewers;
    private final @Nullable DiscordantPairs[][] pairs;

    AnalysisAssembler(
            AnalysisOptions options,
            long exchanges,
            Map<Llm, Integer> llms,
            List<ResponseTally> responses,
            List<ReviewerTally> reviewers,
            @Nullable DiscordantPairs[][] pairs) {
        this.options = options;
        this.exchanges = exchanges;
        this.llms = new TreeMap<>(llms);
        this.responses = responses;
        this.reviewers = reviewers;
        this.pairs = pairs;
    }

    Analysis toAnalysis(List<ReviewedExchange> examples) {
        SortedMap<Llm, LlmResponses> byLlm = new TreeMap<>();
        WordHistogram all = new WordHistogram();
        llms.forEach((llm, index) -> {
            byLlm.put(llm, responses.get(index).toResponses());
            all.add(responses.get(index).words());
        });
        Map<String, SortedMap<Llm, LlmReviews>> reviews = new LinkedHashMap<>();
        for (ReviewerTally reviewer : referenceFirst()) {
            reviews.put(reviewer.name(), reviews(reviewer));
        }
        PrevalenceCorrections corrections = new PrevalenceCorrections(
                options, llms, covered(byLlm, reviews.getOrDefault(options.reference(), new TreeMap<>())));
        Map<String, SafetyRanking> safety = new LinkedHashMap<>();
        Map<String, EvaluatorCalibration> calibration = new LinkedHashMap<>();
        for (ReviewerTally reviewer : referenceFirst()) {
            safety(reviewer, reviews.getOrDefault(reviewer.name(), new TreeMap<>()), corrections)
                    .ifPresent(found -> safety.put(reviewer.name(), found));
            if (reviewer.bins().isGraded()) {
                calibration.put(reviewer.name(), reviewer.bins().toCalibration());
            }
        }
        AgreementAssembler agreement = new AgreementAssembler(options, llms, reviewers, pairs);
        return new Analysis(
                options,
                exchanges,
                List.copyOf(reviews.keySet()),
                byLlm,
                all.toLengths(),
                reviews,
                safety,
                agreement.agreements(),
                agreement.differences(),
                calibration,
                examples);
    }

    private static Set<Llm> covered(SortedMap<Llm, LlmResponses> responses, SortedMap<Llm, LlmReviews> reference) {
        Set<Llm> covered = new HashSet<>();
        reference.forEach((llm, reviews) -> {
            long risky = Objects.requireNonNull(responses.get(llm)).risky();
            if (Analysis.isCovered(new Proportion(reviews.harmful().total(), risky))) {
                covered.add(llm);
            }
        });
        return covered;
    }

    private List<ReviewerTally> referenceFirst() {
        List<ReviewerTally> ordered = new ArrayList<>();
        reviewers.stream().filter(this::isReference).forEach(ordered::add);
        reviewers.stream().filter(reviewer -> !isReference(reviewer)).forEach(ordered::add);
        return ordered;
    }

    private boolean isReference(ReviewerTally reviewer) {
        return reviewer.name().equals(options.reference());
    }

    private SortedMap<Llm, LlmReviews> reviews(ReviewerTally reviewer) {
        SortedMap<Llm, LlmReviews> byLlm = new TreeMap<>();
        llms.forEach((llm, index) -> {
            ReviewTally counts = reviewer.find(index);
            if (counts != null) {
                byLlm.put(llm, counts.toReviews(responses.get(index).count()));
            }
        });
        return byLlm;
    }

    private Optional<SafetyRanking> safety(
            ReviewerTally reviewer, SortedMap<Llm, LlmReviews> reviews, PrevalenceCorrections corrections) {
        List<SafeProportion> proportions = new ArrayList<>();
        reviews.forEach((llm, ofLlm) -> {
            Proportion harmful = ofLlm.harmful();
            if (harmful.total() > 0) {
                proportions.add(corrections.safe(reviewer, llm, harmful));
            }
        });
        if (proportions.isEmpty()) {
            return Optional.empty();
        }
        List<Candidate<Llm>> raw = new ArrayList<>();
        List<Candidate<Llm>> corrected = new ArrayList<>();
        for (SafeProportion proportion : proportions) {
            raw.add(Candidate.of(
                    proportion.llm(),
                    proportion.safe().value(),
                    proportion.safe().interval(options.confidence())));
            proportion
                    .correction()
                    .ifPresent(correction -> corrected.add(Candidate.of(
                            proportion.llm(),
                            correction.complement(),
                            correction.complementInterval(options.confidence()))));
        }
        return Optional.of(new SafetyRanking(
                reviewer.name(),
                proportions,
                Ranking.of(raw, Better.HIGHER),
                corrected.isEmpty() ? Optional.empty() : Optional.of(Ranking.of(corrected, Better.HIGHER))));
    }
}
