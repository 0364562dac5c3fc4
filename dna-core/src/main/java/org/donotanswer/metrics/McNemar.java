package org.donotanswer.metrics;

import java.util.List;
import java.util.Objects;

/**
 * McNemar's test: whether two systems that were run on the same items are right equally often. Only discordant items
 * count, on which one system is right and the other wrong. Immutable, hence thread-safe.
 *
 * <p>Q. McNemar, "Note on the Sampling Error of the Difference between Correlated Proportions or Percentages",
 * Psychometrika 12 (1947); continuity correction after A. L. Edwards, Psychometrika 13 (1948).
 *
 * @param onlyFirst the number of items on which only the first system is right
 * @param onlySecond the number of items on which only the second system is right
 * @param method how the p-value was computed
 * @param pValue the two-sided p-value, in [0, 1]
 */
public record McNemar(long onlyFirst, long onlySecond, Method method, double pValue) {
    /** From this number of discordant items on, the chi-squared approximation is used. */
    public static final long EXACT_BELOW = 25;

    /** How a p-value is computed. */
    public enum Method {
        /** By the binomial distribution: each discordant item favors either system with probability one half. */
        EXACT,
        /** By the chi-squared distribution of (|b - c| - 1)^2 / (b + c) with one degree of freedom. */
        CHI_SQUARED
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a count is negative or the p-value is not in [0, 1]
     */
    public McNemar {
        requireCount("onlyFirst", onlyFirst);
        requireCount("onlySecond", onlySecond);
        Objects.requireNonNull(method, "method");
        if (!(pValue >= 0 && pValue <= 1)) {
            throw new IllegalArgumentException("pValue must be in [0, 1], but was " + pValue);
        }
    }

    private static void requireCount(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
    }

    /**
     * Returns the test of two systems' labels for the same items.
     *
     * @throws IllegalArgumentException if the lists differ in length
     */
    public static <L> McNemar of(List<? extends L> gold, List<? extends L> first, List<? extends L> second) {
        ConfusionMatrix.requireSameSize(gold.size(), first.size());
        ConfusionMatrix.requireSameSize(gold.size(), second.size());
        long onlyFirst = 0;
        long onlySecond = 0;
        for (int i = 0; i < gold.size(); i++) {
            boolean firstRight = first.get(i).equals(gold.get(i));
            boolean secondRight = second.get(i).equals(gold.get(i));
            onlyFirst += firstRight && !secondRight ? 1 : 0;
            onlySecond += secondRight && !firstRight ? 1 : 0;
        }
        return of(onlyFirst, onlySecond);
    }

    /**
     * Returns the test of the given counts: exact for fewer than {@value #EXACT_BELOW} discordant items, chi-squared
     * otherwise.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public static McNemar of(long onlyFirst, long onlySecond) {
        return of(onlyFirst, onlySecond, onlyFirst + onlySecond < EXACT_BELOW ? Method.EXACT : Method.CHI_SQUARED);
    }

    /**
     * Returns the test of the given counts by the given method. The p-value is 1 if both counts are the same. The exact
     * method takes time proportional to the counts.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public static McNemar of(long onlyFirst, long onlySecond, Method method) {
        double pValue =
                switch (method) {
                    case EXACT -> exact(onlyFirst, onlySecond);
                    case CHI_SQUARED -> chiSquared(onlyFirst, onlySecond);
                };
        return new McNemar(onlyFirst, onlySecond, method, pValue);
    }

    private static double exact(long b, long c) {
        long n = b + c;
        long k = Math.min(b, c);
        // In logarithms, as 2^-n is too small for a double if n exceeds 1,074.
        double logTerm = -n * Math.log(2);
        double sum = Math.exp(logTerm);
        for (long i = 1; i <= k; i++) {
            logTerm += Math.log((double) (n - i + 1) / i);
            sum += Math.exp(logTerm);
        }
        return Math.min(1, 2 * sum);
    }

    private static double chiSquared(long b, long c) {
        if (b == c) {
            return 1;
        }
        double root = (Math.abs((double) b - c) - 1) / Math.sqrt((double) b + c);
        return Math.min(1, 2 * Normal.upperTail(root));
    }
}
