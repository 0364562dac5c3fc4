package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The bootstrap for items held in memory: how much a figure would vary if other items had been drawn. Use {@link
 * PoissonBootstrap} where they are seen once and not kept. Samples of the same size are drawn from
 * the items with replacement; the interval spans the middle of their figures (the percentile interval, interpolated
 * linearly between order statistics).
 *
 * <p>Items that depend on each other, such as the responses of several LLMs to one instruction, are not independent
 * draws. Give their groups, and whole groups are drawn.
 *
 * <p>B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman and Hall (1993), chapters 13 and 16. The
 * same seed gives the same results on every machine. Immutable, hence thread-safe.
 *
 * @param resamples how many samples to draw, at least 1; 2,000 is usual
 * @param confidence the confidence of intervals, in (0, 1), for example 0.95
 * @param seed the seed of the random numbers
 */
public record Bootstrap(int resamples, double confidence, long seed) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there are no resamples or the confidence is not in (0, 1)
     */
    public Bootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples must be at least 1, but was " + resamples);
        }
        Interval.requireConfidence(confidence);
    }

    /** Returns a bootstrap of the given number of samples, confidence and seed. */
    public static Bootstrap of(int resamples, double confidence, long seed) {
        return new Bootstrap(resamples, confidence, seed);
    }

    /**
     * A figure and its uncertainty. Immutable, hence thread-safe.
     *
     * @param value the figure of all items
     * @param interval the percentile interval; NaN if the figure is undefined for every sample
     * @param standardError the standard deviation of the figures of the samples; NaN if fewer than two are defined
     * @param undefined how many samples had no figure (NaN) and were left out
     */
    public record Estimate(double value, Interval interval, double standardError, int undefined) {}

    /**
     * The difference between the figures of two systems on the same items. Immutable, hence thread-safe.
     *
     * @param first the figure of the first system on all items
     * @param second the figure of the second system on all items
     * @param difference the first figure minus the second
     * @param interval the percentile interval of the difference; NaN if it is undefined for every sample
     * @param pValue the two-sided achieved significance level of no difference: twice the proportion of samples, with
     *     the original one added, on the far side of 0, at most 1
     * @param undefined how many samples had no difference (NaN) and were left out
     */
    public record Comparison(
            double first, double second, double difference, Interval interval, double pValue, int undefined) {}

    /**
     * Returns a figure of the items 0 to {@code items - 1}, with its interval.
     *
     * @throws IllegalArgumentException if there are no items
     */
    public Estimate estimate(int items, SampleStatistic figure) {
        return estimate(singles(items), figure);
    }

    /**
     * Returns a figure of grouped items, with its interval; whole groups are drawn.
     *
     * @param groups the group of each item
     * @throws IllegalArgumentException if there are no items
     */
    public Estimate estimate(List<?> groups, SampleStatistic figure) {
        return estimate(members(groups), figure);
    }

    /**
     * Returns the difference between two systems' figures of the items 0 to {@code items - 1}. Each sample is used for
     * both systems.
     *
     * @throws IllegalArgumentException if there are no items
     */
    public Comparison compare(int items, SampleStatistic first, SampleStatistic second) {
        return compare(singles(items), first, second);
    }

    /**
     * Returns the difference between two systems' figures of grouped items. Whole groups are drawn, and each sample is
     * used for both systems.
     *
     * @param groups the group of each item
     * @throws IllegalArgumentException if there are no items
     */
    public Comparison compare(List<?> groups, SampleStatistic first, SampleStatistic second) {
        return compare(members(groups), first, second);
    }

    private Estimate estimate(int[][] groups, SampleStatistic figure) {
        return new Resamples(resample(groups, figure::of)).estimate(figure.of(all(groups)), confidence);
    }

    private Comparison compare(int[][] groups, SampleStatistic first, SampleStatistic second) {
        double[] differences = resample(groups, items -> first.of(items) - second.of(items));
        int[] all = all(groups);
        return new Resamples(differences).comparison(first.of(all), second.of(all), confidence);
    }

    private static int[][] singles(int items) {
        requireItems(items);
        return IntStream.range(0, items).mapToObj(item -> new int[] {item}).toArray(int[][]::new);
    }

    /** Returns the items of each group, groups in order of their first item. */
    private static int[][] members(List<?> groups) {
        requireItems(groups.size());
        Map<Object, List<Integer>> members = new LinkedHashMap<>();
        int item = 0;
        for (Object group : groups) {
            members.computeIfAbsent(group, key -> new ArrayList<>()).add(item++);
        }
        return members.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static void requireItems(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("items must be at least 1, but was " + items);
        }
    }

    private static int[] all(int[][] groups) {
        return Arrays.stream(groups).flatMapToInt(Arrays::stream).toArray();
    }

    /** Returns the figures of the samples; NaN where the figure is undefined. */
    private double[] resample(int[][] groups, ToDoubleFunction<int[]> figure) {
        // Random rather than SplittableRandom, as only the algorithm of Random is fixed by its specification.
        Random random = new Random(seed);
        int[][] drawn = new int[groups.length][];
        int[] items = new int[0];
        double[] figures = new double[resamples];
        for (int sample = 0; sample < resamples; sample++) {
            int size = 0;
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = groups[random.nextInt(groups.length)];
                size += drawn[i].length;
            }
            items = items.length == size ? items : new int[size];
            int next = 0;
            for (int[] group : drawn) {
                System.arraycopy(group, 0, items, next, group.length);
                next += group.length;
            }
            figures[sample] = figure.applyAsDouble(items);
        }
        return figures;
    }
}
