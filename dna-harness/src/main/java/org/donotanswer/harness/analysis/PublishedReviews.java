package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Response;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.run.RunDirectory;

/** The published responses with the published reviews. Pure functions, hence thread-safe. */
public final class PublishedReviews {
    private PublishedReviews() {}

    /** Returns the name of an annotator as a reviewer: that of its published directory, except for people. */
    public static String name(Annotator annotator) {
        return switch (annotator) {
            case HUMAN -> RunDirectory.HUMAN;
            case GPT4 -> "GPT4";
            case LONGFORMER -> "Longformer";
            case LONGFORMER_RESPONSE_ONLY -> "Longformer_ro";
            case BERT -> "BERT";
        };
    }

    /** Returns the responses, LLM by LLM, each with the reviews of the given annotators in the given order. */
    public static Iterator<ReviewedExchange> of(DoNotAnswer data, Collection<Annotator> annotators) {
        Set<Annotator> chosen = new LinkedHashSet<>(annotators);
        Map<Annotator, LabelAssessments> assessments = new EnumMap<>(Annotator.class);
        chosen.forEach(annotator -> assessments.put(annotator, new LabelAssessments(name(annotator))));
        return data.responses().stream()
                .map(response -> {
                    Map<String, Assessment> reviews = new LinkedHashMap<>();
                    for (Annotator annotator : chosen) {
                        LabelAssessments certain = assessments.get(annotator);
                        data.review(annotator, response)
                                .ifPresent(review -> reviews.put(name(annotator), assessment(review, certain)));
                    }
                    return exchange(response, reviews);
                })
                .iterator();
    }

    private static ReviewedExchange exchange(Response response, Map<String, Assessment> reviews) {
        return new ReviewedExchange(
                String.valueOf(response.question().id()),
                response.llm(),
                Optional.of(response.question().harmType()),
                false,
                Exchange.of(response.question().text(), response.text()),
                Optional.empty(),
                reviews);
    }

    private static Assessment assessment(Review review, LabelAssessments labels) {
        return review.isScored()
                ? labels.of(review.harmful(), review.action())
                : Unscored.of(UnscoredReason.UNPARSED_REVIEW, "no label in the published review");
    }
}
