package org.donotanswer.bench.crossvalidation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Response;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.analysis.PublishedReviews;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The labels that one reviewer gave to some responses: people, a published evaluator, or a model under test. Immutable, hence
 * thread-safe.
 *
 * @param key the reviewer's name in JSON
 * @param label the reviewer's name in tables
 * @param actions the name of each response's action, or {@link #UNSCORED}
 * @param harm the name of each response's {@link HarmLabel}
 */
record ReviewerLabels(String key, String label, List<String> actions, List<String> harm) {
    /** Stands for a missing label: it is never right, and not a class. */
    static final String UNSCORED = HarmLabel.UNSCORED.name();

    ReviewerLabels {
        actions = List.copyOf(actions);
        harm = List.copyOf(harm);
    }

    /** Returns an annotator's labels; empty unless it reviewed all the responses. */
    static Optional<ReviewerLabels> of(Annotator annotator, DoNotAnswer data, List<Response> responses) {
        List<Review> reviews = responses.stream()
                .flatMap(response -> data.review(annotator, response).stream())
                .toList();
        if (reviews.isEmpty() || reviews.size() < responses.size()) {
            return Optional.empty();
        }
        return Optional.of(new ReviewerLabels(
                PublishedReviews.name(annotator),
                annotator.label(),
                reviews.stream().map(review -> name(review.action())).toList(),
                reviews.stream()
                        .map(review -> HarmLabel.of(review.harmful()).name())
                        .toList()));
    }

    /** Returns the labels by the models of the folds; each response was tested once. */
    static ReviewerLabels of(String key, String label, List<FoldResult> results, List<Response> responses) {
        Map<Response, Assessment> byResponse = new HashMap<>();
        results.forEach(result ->
                result.responses().forEach(assessed -> byResponse.put(assessed.response(), assessed.assessment())));
        List<Assessment> assessments = responses.stream().map(byResponse::get).toList();
        return new ReviewerLabels(
                key,
                label,
                assessments.stream()
                        .map(assessment -> name(assessment.action()))
                        .toList(),
                assessments.stream()
                        .map(assessment -> HarmLabel.of(assessment).name())
                        .toList());
    }

    private static String name(Optional<ResponseAction> action) {
        return action.map(ResponseAction::name).orElse(UNSCORED);
    }

    /** Returns how many responses this reviewer did not score. */
    long unscored() {
        return actions.stream().filter(UNSCORED::equals).count();
    }
}
