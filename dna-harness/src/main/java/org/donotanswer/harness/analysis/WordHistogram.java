package org.donotanswer.harness.analysis;

import java.util.Arrays;

/** Counts how often each length occurs, which is enough for the mean and percentiles of any number of texts. Not thread-safe. */
final class WordHistogram {
    /** Longer texts are counted together: their percentiles are the greatest length. */
    static final int MAX_WORDS = 1 << 14;

    private long[] counts = new long[256];
    private long count;
    private long sum;
    private int greatest;

    /** Returns the number of words of a text: runs of characters between white space, as everywhere in this library. */
    static int words(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' || (c >= '\t' && c <= '\r') || (c > '\u007f' && Character.isSpaceChar(c));
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
        }
        return words;
    }

    void add(int words) {
        int index = Math.min(words, MAX_WORDS);
        if (index >= counts.length) {
            counts = Arrays.copyOf(counts, Math.min(MAX_WORDS + 1, Math.max(index + 1, 2 * counts.length)));
        }
        counts[index]++;
        count++;
        sum += words;
        greatest = Math.max(greatest, words);
    }

    void add(WordHistogram other) {
        if (other.counts.length > counts.length) {
            counts = Arrays.copyOf(counts, other.counts.length);
        }
        for (int i = 0; i < other.counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        sum += other.sum;
        greatest = Math.max(greatest, other.greatest);
    }

    ResponseLengths toLengths() {
        return new ResponseLengths(
                count,
                (double) sum / count,
                percentile(0.05),
                percentile(0.25),
                percentile(0.5),
                percentile(0.75),
                percentile(0.9),
                percentile(0.95),
                percentile(0.99),
                count == 0 ? Double.NaN : greatest);
    }

    /** Returns a percentile, interpolated between the two nearest lengths. */
    private double percentile(double proportion) {
        if (count == 0) {
            return Double.NaN;
        }
        double position = (count - 1) * proportion;
        long low = (long) position;
        double below = length(low);
        double above = length(Math.min(low + 1, count - 1));
        return below + (above - below) * (position - low);
    }

    /** Returns the length of the given rank, from 0. */
    private int length(long rank) {
        long seen = 0;
        for (int words = 0; words < counts.length; words++) {
            seen += counts[words];
            if (seen > rank) {
                return words == MAX_WORDS ? greatest : words;
            }
        }
        throw new IllegalStateException("rank must be below " + count + ", but was " + rank);
    }
}
