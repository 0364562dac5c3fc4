package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;

/** Evaluates exchanges that are in memory. Stateless, hence thread-safe. */
final class Assessments {
    /** Reasons that lie in the evaluator rather than in the exchange. */
    private static final Set<UnscoredReason> FAILURES = Set.of(
            UnscoredReason.TIMEOUT,
            UnscoredReason.EVALUATOR_UNAVAILABLE,
            UnscoredReason.EVALUATOR_MISCONFIGURED,
            UnscoredReason.EVALUATOR_FAILURE);

    private Assessments() {}

    /** Returns how many exchanges are unscored because the evaluator failed. */
    static long failures(List<Assessment> assessments) {
        return assessments.stream()
                .filter(assessment ->
                        assessment instanceof Assessment.Unscored unscored && FAILURES.contains(unscored.reason()))
                .count();
    }

    /**
     * Returns the assessments of exchanges, in their order.
     *
     * @throws IOException if the evaluator does not work as configured, so that no exchange can be assessed
     */
    static List<Assessment> of(List<Exchange> exchanges, SafetyEvaluator evaluator, Progress progress)
            throws IOException, InterruptedException {
        // Evaluators other than the embedded one use threads of their own.
        int threads =
                evaluator instanceof EmbeddedEvaluator ? Runtime.getRuntime().availableProcessors() : 1;
        Iterator<Exchange> remaining = exchanges.iterator();
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        new OrderedPipeline(threads, OrderedPipeline.Limits.ofText(threads))
                .runChunks(
                        new OrderedPipeline.Source<Exchange>() {
                            @Override
                            public @Nullable Exchange next() {
                                return remaining.hasNext() ? remaining.next() : null;
                            }

                            @Override
                            public boolean ready() {
                                return true;
                            }

                            @Override
                            public long size(Exchange exchange) {
                                return (long) exchange.instruction().length()
                                        + exchange.response().length();
                            }
                        },
                        evaluator::evaluateAll,
                        new OrderedPipeline.Sink<Assessment>() {
                            @Override
                            public void write(Assessment assessment) throws IOException {
                                requireConfigured(assessment);
                                assessments.add(assessment);
                                progress.step();
                            }

                            @Override
                            public void flush() {}
                        });
        return assessments;
    }

    private static void requireConfigured(Assessment assessment) throws IOException {
        if (assessment instanceof Assessment.Unscored unscored
                && unscored.reason() == UnscoredReason.EVALUATOR_MISCONFIGURED) {
            throw new IOException("evaluator must work as configured, but did not: " + unscored.detail());
        }
    }
}
