package org.donotanswer.classifier.transformer;

/**
 * Limits of a batch. All rows are padded to the longest, so a batch costs rows x longest, whatever the rows hold.
 *
 * @param maxTokens the maximum number of tokens, including padding; a single longer sequence forms a batch of its own
 * @param maxRows the maximum number of sequences
 * @param maxPaddingRatio the maximum proportion of padding among the tokens, in [0, 1)
 * @param freePadding the padding, in tokens, that is allowed regardless of the ratio: another run of the model costs
 *     more than a few tokens of padding
 */
record BatchLimits(int maxTokens, int maxRows, double maxPaddingRatio, int freePadding) {
    private static final double DEFAULT_PADDING_RATIO = 0.12;
    private static final int DEFAULT_FREE_PADDING = 64;

    BatchLimits {
        requireAtLeast("maxTokens", 1, maxTokens);
        requireAtLeast("maxRows", 1, maxRows);
        requireAtLeast("freePadding", 0, freePadding);
        if (!(maxPaddingRatio >= 0 && maxPaddingRatio < 1)) {
            throw new IllegalArgumentException("maxPaddingRatio must be in [0, 1), but was " + maxPaddingRatio);
        }
    }

    /** Returns limits with the default padding: a ratio of 0.12, or 64 tokens. */
    static BatchLimits of(int maxTokens, int maxRows) {
        return new BatchLimits(maxTokens, maxRows, DEFAULT_PADDING_RATIO, DEFAULT_FREE_PADDING);
    }

    /**
     * Returns whether sequences may form one batch.
     *
     * @param rows the number of sequences
     * @param longest the number of tokens of the longest
     * @param tokens the number of tokens of all, without padding
     */
    boolean allow(int rows, int longest, long tokens) {
        long padded = (long) rows * longest;
        long padding = padded - tokens;
        return rows == 1
                || (rows <= maxRows
                        && padded <= maxTokens
                        && (padding <= freePadding || padding <= maxPaddingRatio * padded));
    }

    static void requireAtLeast(String name, long min, long value) {
        if (value < min) {
            throw new IllegalArgumentException(name + " must be at least " + min + ", but was " + value);
        }
    }
}
