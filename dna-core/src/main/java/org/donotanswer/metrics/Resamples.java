package org.donotanswer.metrics;

import java.util.Arrays;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;

/** The figures of resamples, and what follows from them, whichever bootstrap drew them. */
final class Resamples {
    /** The figures that are defined, ascending. */
    private final double[] sorted;

    private final int undefined;

    Resamples(double[] figures) {
        sorted = Arrays.stream(figures).filter(f -> !Double.isNaN(f)).sorted().toArray();
        undefined = figures.length - sorted.length;
    }

    /** Returns the estimate of a figure from its resamples. */
    Estimate estimate(double value, double confidence) {
        return new Estimate(value, interval(confidence), standardError(), undefined);
    }

    /** Returns the comparison of two figures, these being the resamples of their difference. */
    Comparison comparison(double first, double second, double confidence) {
        return new Comparison(first, second, first - second, interval(confidence), pValue(), undefined);
    }

    /** Returns the interval that contains the middle of the figures; NaN if there are none. */
    Interval interval(double confidence) {
        double tail = (1 - confidence) / 2;
        return new Interval(quantile(tail), quantile(1 - tail));
    }

    private double quantile(double probability) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = probability * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** Returns the standard deviation of the figures; NaN if there are fewer than two. */
    double standardError() {
        if (sorted.length < 2) {
            return Double.NaN;
        }
        double mean = Arrays.stream(sorted).sum() / sorted.length;
        double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (sorted.length - 1));
    }

    /** Returns the two-sided achieved significance level against 0. */
    private double pValue() {
        long notAbove = Arrays.stream(sorted).filter(d -> d <= 0).count();
        long notBelow = Arrays.stream(sorted).filter(d -> d >= 0).count();
        return Math.min(1, 2.0 * (1 + Math.min(notAbove, notBelow)) / (1 + sorted.length));
    }
}
