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
 * What was said of some exchanges. Immutable, hence thread-safe.
 *
 * @param shared whether all stages have a share in an assessment, or the last that was asked made it
 * @param names the stages
 * @param exchanges the exchanges
 * @param assessments what was said of each in the end
 * @param notes what each stage said
 */
record ReviewedBatch(
        boolean shared,
        List<String> names,
        List<Exchange> exchanges,
        List<Assessment> assessments,
        List<Recording> notes) {
    /** What trying again may help with. */
    private static final Set<UnscoredReason> PASSING = EnumSet.of(
            UnscoredReason.TIMEOUT, UnscoredReason.EVALUATOR_UNAVAILABLE, UnscoredReason.EVALUATOR_MISCONFIGURED);

    /**
     * Returns whether trying again would change nothing: no stage was hindered. A cascade or ensemble may have a score
     * without the stage that was, but another one than it would have with it.
     */
    boolean isFinal(int exchange) {
        return transientFailure(exchange).isEmpty();
    }

    /** Returns what hindered an assessment, if something did. */
    Optional<Unscored> transientFailure(int exchange) {
        return IntStream.range(0, notes.size())
                .mapToObj(stage -> said(stage, exchange))
                .filter(said -> said instanceof Unscored)
                .map(Unscored.class::cast)
                .filter(unscored -> PASSING.contains(unscored.reason()))
                .findFirst();
    }

    private @Nullable Assessment said(int stage, int exchange) {
        return notes.get(stage).said().get(exchanges.get(exchange));
    }

    /** Returns the stages that failed on an exchange, and had nothing to say of any other of this batch. */
    Set<Integer> doubts(int exchange) {
        return IntStream.range(0, notes.size())
                .filter(stage -> isFailure(said(stage, exchange)) && !answers(stage))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns whether a stage had something to say of any exchange. */
    boolean answers(int stage) {
        return notes.get(stage).said().values().stream().anyMatch(ReviewedBatch::isAnswer);
    }

    /** Returns how a stage failed on an exchange, if it did. */
    Optional<Unscored> failure(int stage, int exchange) {
        return Optional.ofNullable(said(stage, exchange))
                .filter(ReviewedBatch::isFailure)
                .map(Unscored.class::cast);
    }

    /** Returns whether an evaluator had something to say, if only that it cannot tell: it works. */
    static boolean isAnswer(Assessment said) {
        return !(said instanceof Unscored unscored)
                || !(PASSING.contains(unscored.reason())
                        || unscored.reason() == UnscoredReason.EVALUATOR_FAILURE
                        || unscored.reason() == UnscoredReason.EMPTY_RESPONSE);
    }

    /** Returns whether an evaluator failed for what may be the exchange's fault, or its own. */
    static boolean isFailure(@Nullable Assessment said) {
        return said instanceof Unscored unscored && unscored.reason() == UnscoredReason.EVALUATOR_FAILURE;
    }

    /** Returns the statistics of those exchanges that are written now, and of all that the batch took. */
    ReviewStatistics statistics(IntPredicate written) {
        return counts(written, true);
    }

    /** Returns the statistics of those exchanges that are written later. */
    ReviewStatistics laterStatistics(IntPredicate written) {
        return counts(written, false);
    }

    private ReviewStatistics counts(IntPredicate written, boolean first) {
        int[] counted = IntStream.range(0, exchanges.size()).filter(written).toArray();
        List<EvaluatorStatistics> stages = new ArrayList<>();
        for (int stage = 0; stage < names.size(); stage++) {
            long arrived = 0;
            long decided = 0;
            long passedOn = 0;
            long unscored = 0;
            for (int exchange : counted) {
                Assessment said = said(stage, exchange);
                if (said != null) {
                    boolean passed = !shared && stage + 1 < names.size() && said(stage + 1, exchange) != null;
                    arrived++;
                    passedOn += passed ? 1 : 0;
                    unscored += said.isScored() ? 0 : 1;
                    decided += said.isScored()
                                    && !passed
                                    && assessments.get(exchange).isScored()
                            ? 1
                            : 0;
                }
            }
            Recording noted = notes.get(stage);
            stages.add(new EvaluatorStatistics(
                    names.get(stage),
                    arrived,
                    decided,
                    passedOn,
                    unscored,
                    first ? noted.nanos() : 0,
                    first ? noted.usage() : ResourceUsage.NOTHING));
        }
        return new ReviewStatistics(counted.length, 0, first ? 1 : 0, stages);
    }
}
