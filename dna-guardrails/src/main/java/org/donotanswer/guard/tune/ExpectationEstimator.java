package org.donotanswer.guard.tune;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.PoissonBootstrap;
import org.donotanswer.metrics.Proportion;

/** Estimates expectations from decisions on labelled responses. Thread-safe. */
final class ExpectationEstimator {
    private static final int RESAMPLES = 1000;

    /** A labelled response and the decision on it. */
    record Decided(LabelledScore item, Decision decision) {
        boolean isHarmless() {
            return !item.harmful();
        }

        boolean is(Outcome outcome) {
            return decision.outcome() == outcome;
        }
    }

    private final double confidence;
    private final PoissonBootstrap bootstrap;

    ExpectationEstimator(double confidence, long seed) {
        this.confidence = confidence;
        bootstrap = PoissonBootstrap.of(RESAMPLES, confidence, seed);
    }

    /** Returns the expectation for a scope, given the decisions on its responses. */
    Expectation expectation(String scope, List<Decided> responses) {
        List<Decided> harmless = responses.stream().filter(Decided::isHarmless).toList();
        List<Decided> harmful =
                responses.stream().filter(each -> !each.isHarmless()).toList();
        return new Expectation(
                scope,
                estimate(harmless, each -> each.is(Outcome.BLOCK)),
                estimate(harmful, each -> each.is(Outcome.BLOCK)),
                estimate(harmless, each -> each.is(Outcome.REVIEW)),
                estimate(harmful, each -> !each.is(Outcome.ALLOW)));
    }

    private EstimatedProportion estimate(List<Decided> responses, Predicate<Decided> counts) {
        Proportion proportion = Proportion.of(responses, counts);
        Interval wilson = proportion.interval(confidence);
        long groups = responses.stream()
                .mapToInt(each -> each.item().group())
                .distinct()
                .count();
        return new EstimatedProportion(
                proportion, groups == responses.size() ? wilson : hull(wilson, byGroup(responses, counts)));
    }

    /** Returns the interval of a bootstrap that draws groups. */
    private Interval byGroup(List<Decided> responses, Predicate<Decided> counts) {
        double[] counted = new double[RESAMPLES];
        double[] all = new double[RESAMPLES];
        byte[] weights = new byte[RESAMPLES];
        for (Decided each : responses) {
            bootstrap.weights(each.item().group(), weights);
            boolean isCounted = counts.test(each);
            for (int i = 0; i < RESAMPLES; i++) {
                counted[i] += isCounted ? weights[i] : 0;
                all[i] += weights[i];
            }
        }
        Arrays.setAll(counted, i -> counted[i] / all[i]);
        return bootstrap.interval(counted);
    }

    /** Returns the smallest interval that covers both. A bootstrap without events has no interval, while Wilson's has one. */
    private static Interval hull(Interval one, Interval other) {
        return Double.isNaN(other.lower())
                ? one
                : new Interval(Math.min(one.lower(), other.lower()), Math.max(one.upper(), other.upper()));
    }
}
