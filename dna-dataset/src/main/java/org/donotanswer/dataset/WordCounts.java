package org.donotanswer.dataset;

import com.google.common.base.CharMatcher;
import java.util.Arrays;
import java.util.Collection;

/**
 * The lengths of texts in words, which are runs of characters between white space. Mean and percentiles of no texts are
 * {@code NaN}. Immutable, hence thread-safe.
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
        return normalized.isEmpty() ? 0 : 1 + CharMatcher.is(' ').countIn(normalized);
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
     * Returns a percentile, interpolated linearly between the two nearest lengths as NumPy does by default.
     *
     * @param percent from 0, the shortest, to 100, the longest
     * @throws IllegalArgumentException if {@code percent} is not in [0, 100]
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
