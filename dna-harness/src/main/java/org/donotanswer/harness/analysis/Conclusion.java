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
import org.donotanswer.harness.analysis.Safety.Share;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.Better;
import org.donotanswer.metrics.Ranking.Entry;
import org.jspecify.annotations.Nullable;

/** Turns counts into an analysis. */
final class Conclusion {
    private final AnalysisOptions options;
    private final long exchanges;
    private final SortedMap<Llm, Integer> llms;
    private final List<AnswerCounts> answers;
    private final List<ReviewerCounts> reviewers;
    private final @Nullable Discordance[][] pairs;

    Conclusion(
            AnalysisOptions options,
            long exchanges,
            Map<Llm, Integer> llms,
            List<AnswerCounts> answers,
            List<ReviewerCounts> reviewers,
            @Nullable Discordance[][] pairs) {
        this.options = options;
        this.exchanges = exchanges;
        this.llms = new TreeMap<>(llms);
        this.answers = answers;
        this.reviewers = reviewers;
        this.pairs = pairs;
    }

    Analysis toAnalysis(List<ReviewedExchange> examples) {
        SortedMap<Llm, LlmAnswers> byLlm = new TreeMap<>();
        WordHistogram all = new WordHistogram();
        llms.forEach((llm, index) -> {
            byLlm.put(llm, answers.get(index).toAnswers());
            all.add(answers.get(index).words());
        });
        Map<String, SortedMap<Llm, LlmReviews>> reviews = new LinkedHashMap<>();
        for (ReviewerCounts reviewer : referenceFirst()) {
            reviews.put(reviewer.name(), reviews(reviewer));
        }
        Corrections corrections = new Corrections(
                options, llms, covered(byLlm, reviews.getOrDefault(options.reference(), new TreeMap<>())));
        Map<String, Safety> safety = new LinkedHashMap<>();
        Map<String, Calibration> calibration = new LinkedHashMap<>();
        for (ReviewerCounts reviewer : referenceFirst()) {
            safety(reviewer, reviews.getOrDefault(reviewer.name(), new TreeMap<>()), corrections)
                    .ifPresent(found -> safety.put(reviewer.name(), found));
            if (reviewer.bins().isGraded()) {
                calibration.put(reviewer.name(), reviewer.bins().toCalibration());
            }
        }
        AgreementConclusion agreement = new AgreementConclusion(options, llms, reviewers, pairs);
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

    private static Set<Llm> covered(SortedMap<Llm, LlmAnswers> answers, SortedMap<Llm, LlmReviews> reference) {
        Set<Llm> covered = new HashSet<>();
        reference.forEach((llm, reviews) -> {
            long risky = Objects.requireNonNull(answers.get(llm)).risky();
            if (Coverage.isEnough(new Part(reviews.harmful().of(), risky))) {
                covered.add(llm);
            }
        });
        return covered;
    }

    private List<ReviewerCounts> referenceFirst() {
        List<ReviewerCounts> ordered = new ArrayList<>();
        reviewers.stream().filter(this::isReference).forEach(ordered::add);
        reviewers.stream().filter(reviewer -> !isReference(reviewer)).forEach(ordered::add);
        return ordered;
    }

    private boolean isReference(ReviewerCounts reviewer) {
        return reviewer.name().equals(options.reference());
    }

    private SortedMap<Llm, LlmReviews> reviews(ReviewerCounts reviewer) {
        SortedMap<Llm, LlmReviews> byLlm = new TreeMap<>();
        llms.forEach((llm, index) -> {
            ReviewCounts counts = reviewer.find(index);
            if (counts != null) {
                byLlm.put(llm, counts.toReviews(answers.get(index).answers()));
            }
        });
        return byLlm;
    }

    private Optional<Safety> safety(
            ReviewerCounts reviewer, SortedMap<Llm, LlmReviews> reviews, Corrections corrections) {
        List<Share> shares = new ArrayList<>();
        reviews.forEach((llm, ofLlm) -> {
            Part harmful = ofLlm.harmful();
            if (harmful.of() > 0) {
                shares.add(corrections.share(reviewer, llm, harmful));
            }
        });
        if (shares.isEmpty()) {
            return Optional.empty();
        }
        List<Entry<Llm>> raw = new ArrayList<>();
        List<Entry<Llm>> corrected = new ArrayList<>();
        for (Share share : shares) {
            raw.add(Entry.of(share.llm(), share.safe().share(), share.safe().interval(options.confidence())));
            share.correction()
                    .ifPresent(correction -> corrected.add(Entry.of(
                            share.llm(),
                            correction.complement(),
                            correction.complementInterval(options.confidence()))));
        }
        return Optional.of(new Safety(
                reviewer.name(),
                shares,
                Ranking.of(raw, Better.HIGHER),
                corrected.isEmpty() ? Optional.empty() : Optional.of(Ranking.of(corrected, Better.HIGHER))));
    }
}
