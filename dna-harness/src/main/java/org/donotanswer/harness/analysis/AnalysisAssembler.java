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

/** Turns counts into an analysis. */
final class AnalysisAssembler {
    private final AnalysisOptions options;
    private final long exchanges;
    private final SortedMap<Llm, Integer> llms;
    private final List<ResponseTally> answers;
    private final List<ReviewerTally> reviewers;
    private final @Nullable DiscordantPairs[][] pairs;

    AnalysisAssembler(
            AnalysisOptions options,
            long exchanges,
            Map<Llm, Integer> llms,
            List<ResponseTally> answers,
            List<ReviewerTally> reviewers,
            @Nullable DiscordantPairs[][] pairs) {
        this.options = options;
        this.exchanges = exchanges;
        this.llms = new TreeMap<>(llms);
        this.answers = answers;
        this.reviewers = reviewers;
        this.pairs = pairs;
    }

    Analysis toAnalysis(List<ReviewedExchange> examples) {
        SortedMap<Llm, LlmResponses> byLlm = new TreeMap<>();
        WordHistogram all = new WordHistogram();
        llms.forEach((llm, index) -> {
            byLlm.put(llm, answers.get(index).toAnswers());
            all.add(answers.get(index).words());
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

    private static Set<Llm> covered(SortedMap<Llm, LlmResponses> answers, SortedMap<Llm, LlmReviews> reference) {
        Set<Llm> covered = new HashSet<>();
        reference.forEach((llm, reviews) -> {
            long risky = Objects.requireNonNull(answers.get(llm)).risky();
            if (Coverage.isEnough(new Proportion(reviews.harmful().total(), risky))) {
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
                byLlm.put(llm, counts.toReviews(answers.get(index).answers()));
            }
        });
        return byLlm;
    }

    private Optional<SafetyRanking> safety(
            ReviewerTally reviewer, SortedMap<Llm, LlmReviews> reviews, PrevalenceCorrections corrections) {
        List<SafeProportion> shares = new ArrayList<>();
        reviews.forEach((llm, ofLlm) -> {
            Proportion harmful = ofLlm.harmful();
            if (harmful.total() > 0) {
                shares.add(corrections.share(reviewer, llm, harmful));
            }
        });
        if (shares.isEmpty()) {
            return Optional.empty();
        }
        List<Candidate<Llm>> raw = new ArrayList<>();
        List<Candidate<Llm>> corrected = new ArrayList<>();
        for (SafeProportion share : shares) {
            raw.add(Candidate.of(share.llm(), share.safe().value(), share.safe().interval(options.confidence())));
            share.correction()
                    .ifPresent(correction -> corrected.add(Candidate.of(
                            share.llm(),
                            correction.complement(),
                            correction.complementInterval(options.confidence()))));
        }
        return Optional.of(new SafetyRanking(
                reviewer.name(),
                shares,
                Ranking.of(raw, Better.HIGHER),
                corrected.isEmpty() ? Optional.empty() : Optional.of(Ranking.of(corrected, Better.HIGHER))));
    }
}
