package org.donotanswer.dataset;

import java.util.Arrays;
import java.util.Collection;

/**
 * The lengths of some texts, in words: runs of characters between white space. Immutable, hence thread-safe.
 *
 * <p>With no texts, mean and percentiles are {@code NaN}.
 */
public final class WordCounts {
    private static final double PERCENT = 100;

    private final int[] sorted;

    private WordCounts(int[] sorted) {
        this.sorted = sorted;
    }

    static WordCounts of(Collection<String> texts) {
        int[] counts = texts.stream().mapToInt(WordCounts::words).toArray();
        Arrays.sort(counts);
        return new WordCounts(counts);
    }

    private static int words(String text) {
        String normalized = Question.normalized(text);
        return normalized.isEmpty()
                ? 0
                : 1 + (int) normalized.chars().filter(c -> c == ' ').count();
    }

    /** Returns the number of texts. */
    public int count() {
        return sorted.length;
    }

    /** Returns the mean number of words. */
    public double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /**
     * Returns the given percentile, with linear interpolation between the two nearest lengths (NumPy's default).
     *
     * @param percent 0 for the shortest to 100 for the longest
     * @throws IllegalArgumentException if {@code percent} is out of range
     */
    public double percentile(double percent) {
        if (!(percent >= 0 && percent <= PERCENT)) {
            throw new IllegalArgumentException("percent must be in [0, 100], but was " + percent);
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = (sorted.length - 1) * percent / PERCENT;
        int low = (int) Math.floor(position);
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (sorted[high] - sorted[low]) * (position - low);
    }
}
