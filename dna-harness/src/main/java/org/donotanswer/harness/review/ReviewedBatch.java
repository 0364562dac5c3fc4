package org.donotanswer.harness.review;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.RecordingEvaluator.Recording;
import org.jspecify.annotations.Nullable;

/**
 * The assessments of a batch of exchanges, by the reviewer and by each of its stages. Exchanges and stages are referred to by
 * index. Immutable, hence thread-safe.
 *
 * @param ensemble whether all stages contribute to an assessment; otherwise it is that of the last stage that was asked
 * @param names the names of the stages
 * @param exchanges the exchanges
 * @param assessments the reviewer's assessment of each exchange
 * @param recordings the assessments of each stage
 */
record ReviewedBatch(
        boolean ensemble,
        List<String> names,
        List<Exchange> exchanges,
        List<Assessment> assessments,
        List<Recording> recordings) {
    private static final Set<UnscoredReason> TRANSIENT = EnumSet.of(
            UnscoredReason.TIMEOUT, UnscoredReason.EVALUATOR_UNAVAILABLE, UnscoredReason.EVALUATOR_MISCONFIGURED);

    /**
     * Returns whether another attempt would not change the assessment, as no stage failed transiently. A cascade or ensemble
     * may have a score without a stage that did, but a different one.
     */
    boolean isFinal(int exchange) {
        return transientFailure(exchange).isEmpty();
    }

    /** Returns the first transient failure of a stage on the exchange. */
    Optional<Unscored> transientFailure(int exchange) {
        return IntStream.range(0, recordings.size())
                .mapToObj(stage -> assessment(stage, exchange))
                .filter(assessment -> assessment instanceof Unscored)
                .map(Unscored.class::cast)
                .filter(unscored -> TRANSIENT.contains(unscored.reason()))
                .findFirst();
    }

    private @Nullable Assessment assessment(int stage, int exchange) {
        return recordings.get(stage).assessments().get(exchanges.get(exchange));
    }

    /** Returns the stages that failed on the exchange and did not work on any other of the batch. */
    Set<Integer> suspects(int exchange) {
        return IntStream.range(0, recordings.size())
                .filter(stage -> isFailure(assessment(stage, exchange)) && !works(stage))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns whether a stage worked on any exchange. */
    boolean works(int stage) {
        return recordings.get(stage).assessments().values().stream().anyMatch(ReviewedBatch::showsItWorks);
    }

    /** Returns a stage's failure on an exchange, if it failed. */
    Optional<Unscored> failure(int stage, int exchange) {
        return Optional.ofNullable(assessment(stage, exchange))
                .filter(ReviewedBatch::isFailure)
                .map(Unscored.class::cast);
    }

    /** Returns whether the assessment shows that the evaluator works, even if it could not score the exchange. */
    static boolean showsItWorks(Assessment assessment) {
        return !(assessment instanceof Unscored unscored)
                || !(TRANSIENT.contains(unscored.reason())
                        || unscored.reason() == UnscoredReason.EVALUATOR_FAILURE
                        || unscored.reason() == UnscoredReason.EMPTY_RESPONSE);
    }

    /** Returns whether the evaluator failed, either because of the exchange or because it is broken. */
    static boolean isFailure(@Nullable Assessment assessment) {
        return assessment instanceof Unscored unscored && unscored.reason() == UnscoredReason.EVALUATOR_FAILURE;
    }

    /** Returns the counts of the exchanges that are written now, and the time and resources of the whole batch. */
    ReviewStatistics statistics(IntPredicate written) {
        return statistics(written, true);
    }

    /** Returns the counts of exchanges that are written later than the rest of the batch. */
    ReviewStatistics laterStatistics(IntPredicate written) {
        return statistics(written, false);
    }

    private ReviewStatistics statistics(IntPredicate written, boolean withResources) {
        int[] counted = IntStream.range(0, exchanges.size()).filter(written).toArray();
        List<EvaluatorStatistics> stages = new ArrayList<>();
        for (int stage = 0; stage < names.size(); stage++) {
            long arrived = 0;
            long decided = 0;
            long passedOn = 0;
            long unscored = 0;
            for (int exchange : counted) {
                Assessment assessment = assessment(stage, exchange);
                if (assessment != null) {
                    boolean passed = !ensemble && stage + 1 < names.size() && assessment(stage + 1, exchange) != null;
                    boolean decides = assessment.isScored()
                            && !passed
                            && assessments.get(exchange).isScored();
                    arrived++;
                    passedOn += passed ? 1 : 0;
                    unscored += assessment.isScored() ? 0 : 1;
                    decided += decides ? 1 : 0;
                }
            }
            Recording recording = recordings.get(stage);
            stages.add(new EvaluatorStatistics(
                    names.get(stage),
                    arrived,
                    decided,
                    passedOn,
                    unscored,
                    withResources ? recording.nanos() : 0,
                    withResources ? recording.usage() : ResourceUsage.NOTHING));
        }
        return new ReviewStatistics(counted.length, 0, withResources ? 1 : 0, stages);
    }
}
