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
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What someone said of each of some answers: people, a published judge, or a model under test. Immutable, hence thread-safe.
 *
 * @param key the name in JSON
 * @param label the name in tables
 * @param actions the name of the action of each answer, or {@link #UNSCORED}
 * @param verdicts the name of the {@link HarmLabel} on each answer
 */
record ReviewerLabels(String key, String label, List<String> actions, List<String> verdicts) {
    /** Stands for a label that was not given: it is never right, and no class of its own. */
    static final String UNSCORED = HarmLabel.UNSCORED.name();

    ReviewerLabels {
        actions = List.copyOf(actions);
        verdicts = List.copyOf(verdicts);
    }

    /** Returns what an annotator said of the answers; empty if it did not review all of them. */
    static Optional<ReviewerLabels> of(Annotator annotator, DoNotAnswer data, List<Response> answers) {
        List<Review> reviews = answers.stream()
                .flatMap(answer -> data.review(annotator, answer).stream())
                .toList();
        if (reviews.isEmpty() || reviews.size() < answers.size()) {
            return Optional.empty();
        }
        return Optional.of(new ReviewerLabels(
                key(annotator),
                annotator.label(),
                reviews.stream().map(review -> name(review.action())).toList(),
                reviews.stream()
                        .map(review -> HarmLabel.of(review.harmful()).name())
                        .toList()));
    }

    private static String key(Annotator annotator) {
        return switch (annotator) {
            case HUMAN -> "human";
            case GPT4 -> "GPT4";
            case LONGFORMER -> "Longformer";
            case LONGFORMER_RESPONSE_ONLY -> "Longformer_ro";
            case BERT -> "BERT";
        };
    }

    /** Returns what the models of the folds said of the answers, each of which was tested once. */
    static ReviewerLabels of(String key, String label, List<FoldResult> results, List<Response> answers) {
        Map<Response, Assessment> byAnswer = new HashMap<>();
        for (FoldResult result : results) {
            result.answers().forEach(judged -> byAnswer.put(judged.answer(), judged.assessment()));
        }
        List<Assessment> assessments = answers.stream().map(byAnswer::get).toList();
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

    /** Returns how many answers this judge did not score. */
    long unscored() {
        return actions.stream().filter(UNSCORED::equals).count();
    }
}
