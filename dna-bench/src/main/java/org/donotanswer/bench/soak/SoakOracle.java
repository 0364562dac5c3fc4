package org.donotanswer.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.DoubleAccumulator;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;

/** The results of one evaluator for all exchanges of the pool, and the comparison of others with them. Thread-safe. */
final class SoakOracle {
    /** The last digits of a model that may compute several exchanges at once. */
    static final double TOLERANCE = 1e-6;
    /** No check misses it, however busy the machine is. */
    static final Duration DEADLINE = Duration.ofMinutes(10);

    private final String evaluator;
    private final List<OracleItem> items;
    private final double tolerance;
    private final DoubleAccumulator greatest = new DoubleAccumulator(Math::max, 0);

    private SoakOracle(String evaluator, List<OracleItem> items, double tolerance) {
        this.evaluator = evaluator;
        this.items = List.copyOf(items);
        this.tolerance = tolerance;
    }

    /** Computes all results, one after the other, on an evaluator that does nothing else. */
    static SoakOracle of(SoakedEvaluator soaked, List<Exchange> exchanges) throws IOException {
        List<OracleItem> items = new ArrayList<>();
        try (SafetyEvaluator evaluator = soaked.source().open();
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .deadline(DEADLINE)
                        .build()) {
            Exchange before = exchanges.get(exchanges.size() - 1);
            for (Exchange exchange : exchanges) {
                OracleItem.Input input = OracleItem.Input.of(items.size(), exchange, before);
                items.add(OracleItem.of(input, evaluator, guard));
                before = exchange;
            }
            // A model in pure Java computes every exchange by itself, and always the same.
            return new SoakOracle(evaluator.name(), items, evaluator.isNonBlocking() ? 0 : TOLERANCE);
        }
    }

    OracleItem draw(SplittableRandom random) {
        return items.get(random.nextInt(items.size()));
    }

    /** Returns a number of items that follow each other in the pool. */
    List<OracleItem> draw(SplittableRandom random, int count) {
        int first = random.nextInt(items.size());
        List<OracleItem> drawn = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            drawn.add(items.get((first + i) % items.size()));
        }
        return drawn;
    }

    /** Returns the name of the evaluator, including its version. */
    String evaluator() {
        return evaluator;
    }

    double tolerance() {
        return tolerance;
    }

    /** Returns the greatest difference of two probabilities so far. */
    double greatestDifference() {
        return greatest.get();
    }

    /**
     * Checks an assessment.
     *
     * @throws SoakMismatchException if it is another one
     */
    void check(Assessment expected, Assessment actual) {
        double difference = AssessmentDifference.of(expected, actual);
        if (difference > tolerance) {
            throw new SoakMismatchException(
                    Double.isInfinite(difference)
                            ? "assessment of another kind"
                            : "probability differs by " + difference);
        }
        greatest.accumulate(difference);
    }

    /**
     * Checks a verdict, except for its latency and whether it comes from the cache.
     *
     * @throws SoakMismatchException if it is another one
     */
    void check(Verdict expected, Verdict actual) {
        SoakMismatchException.require(
                expected.outcome() == actual.outcome() && expected.reason() == actual.reason(),
                "verdict is " + actual.outcome() + " " + actual.reason() + " instead of " + expected.outcome() + " "
                        + expected.reason());
        SoakMismatchException.require(
                expected.released() == actual.released()
                        && expected.truncated() == actual.truncated()
                        && expected.contextTurns() == actual.contextTurns()
                        && expected.threshold().equals(actual.threshold())
                        && expected.assessment().isPresent()
                                == actual.assessment().isPresent(),
                "verdict was reached in another way");
        if (expected.assessment().isPresent() && actual.assessment().isPresent()) {
            check(expected.assessment().get(), actual.assessment().get());
        }
    }

    /**
     * Checks how a stream ended.
     *
     * @throws SoakMismatchException if it ended in another way
     */
    void check(StreamEnd expected, StreamEnd actual) {
        SoakMismatchException.require(
                expected.finished() == actual.finished(),
                "stream was "
                        + (actual.finished()
                                ? "shown"
                                : "blocked " + actual.verdict().reason()));
        check(expected.verdict(), actual.verdict());
        SoakMismatchException.require(
                expected.released() == actual.released(),
                "stream released " + actual.released() + " chars instead of " + expected.released());
    }
}
