package org.donotanswer.harness.analysis;

import com.google.common.collect.Multiset;
import com.google.common.collect.TreeMultiset;

/** Counts how often each length occurs, which is enough for the mean and percentiles of any number of texts. Not thread-safe. */
final class WordHistogram {
    /** Longer texts are counted together: their percentiles are the greatest length. */
    static final int MAX_WORDS = 1 << 14;

    private final TreeMultiset<Integer> counts = TreeMultiset.create();
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
        counts.add(Math.min(words, MAX_WORDS));
        sum += words;
        greatest = Math.max(greatest, words);
    }

    void add(WordHistogram other) {
        counts.addAll(other.counts);
        sum += other.sum;
        greatest = Math.max(greatest, other.greatest);
    }

    ResponseLengths toLengths() {
        int count = counts.size();
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
        if (counts.isEmpty()) {
            return Double.NaN;
        }
        double position = (counts.size() - 1) * proportion;
        int low = (int) position;
        double below = length(low);
        double above = length(Math.min(low + 1, counts.size() - 1));
        return below + (above - below) * (position - low);
    }

    /** Returns the length of the given rank, from 0. */
    private int length(int rank) {
        int seen = 0;
        for (Multiset.Entry<Integer> length : counts.entrySet()) {
            seen += length.getCount();
            if (seen > rank) {
                return length.getElement() == MAX_WORDS ? greatest : length.getElement();
            }
        }
        throw new IllegalStateException("rank must be below " + counts.size() + ", but was " + rank);
    }
}
