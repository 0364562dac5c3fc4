package org.donotanswer.metrics;

import java.util.Objects;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;

/**
 * The bootstrap for items that are seen once and not kept, in any order, possibly on several machines. Use {@link
 * Bootstrap} where all items fit in memory. In each resample, a group of items counts as often as a Poisson variable of mean 1 says; with many groups,
 * this is equivalent to drawing them with replacement. Keep one accumulator per resample, add each item times its
 * weight, and pass the figures of the accumulators to {@link #estimate}:
 *
 * <pre>{@code
 * byte[] weights = new byte[bootstrap.resamples()];
 * for (Item item : items) {
 *     bootstrap.weights(PoissonBootstrap.key(item.question()), weights);
 *     for (int i = 0; i < weights.length; i++) {
 *         harmful[i] += weights[i] * (item.isHarmful() ? 1 : 0);
 *         count[i] += weights[i];
 *     }
 * }
 * }</pre>
 *
 * <p>A weight is a pure function of seed, group and resample, the same on every machine. Items of one group, such as
 * the responses of several LLMs to one instruction, therefore have the same weights wherever they occur, and all
 * systems that are compared share the same resamples. The weights of a resample do not depend on the number of
 * resamples.
 *
 * <p>The size of a resample varies. Figures should not depend on it: use means and proportions, not sums. With fewer
 * than about 50 groups, {@link Bootstrap} is the better choice.
 *
 * <p>N. Chamandy, O. Muralidharan, A. Najmi, S. Naidu, "Estimating Uncertainty for Massive Data Streams", Google
 * (2012); J. A. Hanley, B. MacGibbon, "Creating Non-parametric Bootstrap Samples Using Poisson Frequencies", Computer
 * Methods and Programs in Biomedicine 83 (2006). Immutable, hence thread-safe.
 *
 * @param resamples the number of resamples, at least 1; 1,000 is usual
 * @param confidence the confidence of intervals, in (0, 1), for example 0.95
 * @param seed the seed of the weights
 */
public record PoissonBootstrap(int resamples, double confidence, long seed) {
    /** The greatest weight: a Poisson variable of mean 1 exceeds it with a probability below 10^-16. */
    public static final int MAX_WEIGHT = 17;

    /** 2^64 divided by the golden ratio, rounded to an odd number: the increment of SplitMix64. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final int CELL_BITS = 10;
    /** For each weight, the probability of a weight at most as great, in units of 2^-63. */
    private static final long[] CUMULATIVE = cumulative();
    /** The weight of each cell of 2^53 such units, or -1 if a boundary between weights lies inside the cell. */
    private static final byte[] CELLS = cells();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there are no resamples or the confidence is not in (0, 1)
     */
    public PoissonBootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples must be at least 1, but was " + resamples);
        }
        Interval.requireConfidence(confidence);
    }

    /** Returns a bootstrap of the given number of resamples, confidence and seed. */
    public static PoissonBootstrap of(int resamples, double confidence, long seed) {
        return new PoissonBootstrap(resamples, confidence, seed);
    }

    /**
     * Returns the key of the group with the given name: 64 bits that depend on every char. Among a million names, the
     * probability that two have the same key is below 10^-7.
     */
    public static long key(String group) {
        Objects.requireNonNull(group, "group");
        long hash = group.length();
        for (int i = 0; i < group.length(); i++) {
            hash = mix(hash + STEP + group.charAt(i));
        }
        return hash;
    }

    /** Returns the weights of the group with the given name, one per resample, in a new array. */
    public byte[] weights(String group) {
        byte[] weights = new byte[resamples];
        weights(key(group), weights);
        return weights;
    }

    /**
     * Sets the weights of a group, one per resample, each in 0..{@value #MAX_WEIGHT}. Allocates nothing.
     *
     * @param group the key of the group: any number, or the {@link #key} of its name
     * @param weights receives the weights; its length is the number of resamples
     * @throws IllegalArgumentException if the array has another length
     */
    public void weights(long group, byte[] weights) {
        requireLength("weights", weights.length);
        long state = mix(mix(seed + STEP) ^ group);
        for (int i = 0; i < weights.length; i++) {
            state += STEP;
            long uniform = mix(state) >>> 1;
            byte weight = CELLS[(int) (uniform >>> (63 - CELL_BITS))];
            weights[i] = weight >= 0 ? weight : weight(uniform);
        }
    }

    /**
     * Returns the output of SplitMix64's mixing function. Steele, Lea, Flood, OOPSLA (2014), with Stafford's constants,
     * variant 13.
     */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static byte weight(long uniform) {
        byte weight = 0;
        while (weight < MAX_WEIGHT && uniform >= CUMULATIVE[weight]) {
            weight++;
        }
        return weight;
    }

    private static long[] cumulative() {
        long[] cumulative = new long[MAX_WEIGHT];
        // 1 / e as a literal, as the last digit of Math.exp may differ between machines.
        double probability = 0.36787944117144233;
        double sum = 0;
        for (int weight = 0; weight < MAX_WEIGHT; weight++) {
            sum += probability;
            cumulative[weight] = (long) (sum * 0x1p63);
            probability /= weight + 1;
        }
        return cumulative;
    }

    private static byte[] cells() {
        byte[] cells = new byte[1 << CELL_BITS];
        for (int cell = 0; cell < cells.length; cell++) {
            long first = (long) cell << (63 - CELL_BITS);
            long last = first + (1L << (63 - CELL_BITS)) - 1;
            cells[cell] = weight(first) == weight(last) ? weight(first) : -1;
        }
        return cells;
    }

    /**
     * Returns a figure with its interval.
     *
     * @param value the figure of all items, each counted once
     * @param figures the figure of each resample; NaN where it is undefined
     * @throws IllegalArgumentException if the number of figures is not the number of resamples
     */
    public Estimate estimate(double value, double[] figures) {
        requireLength("figures", figures.length);
        return new Resamples(figures).estimate(value, confidence);
    }

    /**
     * Returns the percentile interval, interpolated linearly between order statistics; NaN if no figure is defined.
     *
     * @param figures the figure of each resample; those that are NaN are left out
     * @throws IllegalArgumentException if the number of figures is not the number of resamples
     */
    public Interval interval(double[] figures) {
        requireLength("figures", figures.length);
        return new Resamples(figures).interval(confidence);
    }

    /**
     * Returns the standard deviation of the figures; NaN if fewer than two are defined.
     *
     * @param figures the figure of each resample; those that are NaN are left out
     * @throws IllegalArgumentException if the number of figures is not the number of resamples
     */
    public double standardError(double[] figures) {
        requireLength("figures", figures.length);
        return new Resamples(figures).standardError();
    }

    /**
     * Returns the difference between two systems' figures. The comparison is paired if the items of both have the same
     * groups.
     *
     * @param first the figure of the first system on all items
     * @param firstFigures its figure of each resample; NaN where it is undefined
     * @param second the figure of the second system on all items
     * @param secondFigures its figure of each resample; NaN where it is undefined
     * @throws IllegalArgumentException if the number of figures of either is not the number of resamples
     */
    public Comparison compare(double first, double[] firstFigures, double second, double[] secondFigures) {
        requireLength("first figures", firstFigures.length);
        requireLength("second figures", secondFigures.length);
        double[] differences = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            differences[i] = firstFigures[i] - secondFigures[i];
        }
        return new Resamples(differences).comparison(first, second, confidence);
    }

    private void requireLength(String name, int length) {
        if (length != resamples) {
            throw new IllegalArgumentException(
                    name + " must have length " + resamples + ", the number of resamples, but was " + length);
        }
    }
}
