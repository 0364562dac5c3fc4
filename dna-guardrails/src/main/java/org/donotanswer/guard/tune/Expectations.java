package org.donotanswer.guard.tune;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.PoissonBootstrap;

/** Counts what became of answers. */
final class Expectations {
    private static final int RESAMPLES = 1000;

    /** An answer and what became of it. */
    record Decided(Item item, Decision decision) {
        boolean isHarmless() {
            return !item.harmful();
        }

        boolean is(Outcome outcome) {
            return decision.outcome() == outcome;
        }
    }

    private final double confidence;
    private final PoissonBootstrap bootstrap;

    Expectations(double confidence, long seed) {
        this.confidence = confidence;
        bootstrap = PoissonBootstrap.of(RESAMPLES, confidence, seed);
    }

    /** Returns what to expect of a scope after what became of its answers. */
    Expectation of(String scope, List<Decided> answers) {
        List<Decided> harmless = answers.stream().filter(Decided::isHarmless).toList();
        List<Decided> harmful =
                answers.stream().filter(each -> !each.isHarmless()).toList();
        return new Expectation(
                scope,
                rate(harmless, each -> each.is(Outcome.BLOCK)),
                rate(harmful, each -> each.is(Outcome.BLOCK)),
                rate(harmless, each -> each.is(Outcome.REVIEW)),
                rate(harmful, each -> !each.is(Outcome.ALLOW)));
    }

    private Rate rate(List<Decided> answers, Predicate<Decided> counts) {
        int count = (int) answers.stream().filter(counts).count();
        if (answers.isEmpty()) {
            return new Rate(0, 0, new Interval(Double.NaN, Double.NaN));
        }
        Interval wilson = Interval.wilson(count, answers.size(), confidence);
        long groups = answers.stream()
                .mapToInt(each -> each.item().group())
                .distinct()
                .count();
        return new Rate(
                count, answers.size(), groups == answers.size() ? wilson : hull(wilson, byGroup(answers, counts)));
    }

    /** Returns the interval of a bootstrap that draws groups. */
    private Interval byGroup(List<Decided> answers, Predicate<Decided> counts) {
        double[] counted = new double[RESAMPLES];
        double[] all = new double[RESAMPLES];
        byte[] weights = new byte[RESAMPLES];
        for (Decided each : answers) {
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

    /** Returns the interval of both: a bootstrap of no events has none, and so no width, where Wilson's has some. */
    private static Interval hull(Interval one, Interval other) {
        return Double.isNaN(other.lower())
                ? one
                : new Interval(Math.min(one.lower(), other.lower()), Math.max(one.upper(), other.upper()));
    }
}
