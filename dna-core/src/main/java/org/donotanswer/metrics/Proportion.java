package org.donotanswer.metrics;

import java.util.Collection;
import java.util.function.Predicate;

/**
 * How many of a number of items have a property: k of n. Immutable, hence thread-safe.
 *
 * @param count how many have the property
 * @param total how many items there are
 */
public record Proportion(long count, long total) {
    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if the count is not in 0..total
     */
    public Proportion {
        if (count < 0 || count > total) {
            throw new IllegalArgumentException("count must be in 0.." + total + ", but was " + count);
        }
    }

    /** Returns how many of the items match. */
    public static <T> Proportion of(Collection<T> items, Predicate<? super T> property) {
        return new Proportion(items.stream().filter(property).count(), items.size());
    }

    /** Returns the sum of the counts over the sum of the totals; 0 of 0 if there are no proportions. */
    public static Proportion sum(Collection<Proportion> proportions) {
        return new Proportion(
                proportions.stream().mapToLong(Proportion::count).sum(),
                proportions.stream().mapToLong(Proportion::total).sum());
    }

    /** Returns the quotient, in [0, 1]; NaN if there are no items. */
    public double value() {
        return total == 0 ? Double.NaN : (double) count / total;
    }

    /** Returns the items that do not have the property. */
    public Proportion complement() {
        return new Proportion(total - count, total);
    }

    /**
     * Returns Wilson's interval of the proportion; both ends are NaN if there are no items.
     *
     * @param confidence in (0, 1), for example 0.95
     * @throws IllegalArgumentException if the confidence is not in (0, 1)
     */
    public Interval interval(double confidence) {
        Interval.requireConfidence(confidence);
        return total == 0 ? new Interval(Double.NaN, Double.NaN) : Interval.wilson(count, total, confidence);
    }
}
