package org.donotanswer.classifier.transformer;

/**
 * How large a batch may be. Every row of a batch is padded to its longest, so a batch costs rows x longest, whatever its
 * rows hold.
 *
 * @param maxTokens the most tokens of a batch, padding included; a single sequence that is longer is a batch of its own
 * @param maxRows the most sequences of a batch
 * @param maxPaddingRatio the largest share of a batch that may be padding, in [0, 1)
 * @param freePadding the padding, in tokens, that is allowed whatever its share: another run of the model costs more than
 *     a few tokens of padding
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

    /** Returns limits with the default padding: a share of 12 %, or 64 tokens. */
    static BatchLimits of(int maxTokens, int maxRows) {
        return new BatchLimits(maxTokens, maxRows, DEFAULT_PADDING_RATIO, DEFAULT_FREE_PADDING);
    }

    /**
     * Returns whether sequences may be one batch.
     *
     * @param rows their number
     * @param longest the tokens of the longest
     * @param tokens the tokens of all, without padding
     */
    boolean allow(int rows, int longest, long tokens) {
        long padded = (long) rows * longest;
        long padding = padded - tokens;
        return rows == 1
                || (rows <= maxRows
                        && padded <= maxTokens
                        && (padding <= freePadding || padding <= maxPaddingRatio * padded));
    }

    static void requireAtLeast(String name, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
    }
}
