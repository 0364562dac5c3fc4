package org.donotanswer.classifier.embedded;

/**
 * Divides a text into overlapping passages of whole sentences, so that what is harmful in one place does not drown in what
 * stands around it. A passage consists of two consecutive blocks; a block ends with the first sentence end after a minimum
 * number of tokens.
 */
final class Passages {
    static final int MAX_BLOCKS = 64;

    /** The minimum number of tokens in a block. */
    private static final int MIN_TOKENS = 28;

    /** The number of tokens after which a block ends without a sentence end. */
    private static final int MAX_TOKENS = 90;

    private Passages() {}

    /**
     * Sets {@code ends} to the ends of the blocks, and returns the number of passages: one less than that of blocks. A text
     * of fewer than three blocks has none, as a passage would be the whole text.
     */
    static int count(Tokens tokens, int[] ends) {
        int blocks = 0;
        int start = 0;
        int minimum = Math.max(MIN_TOKENS, tokens.count / (MAX_BLOCKS - 2) + 1);
        int maximum = minimum + MAX_TOKENS - MIN_TOKENS;
        for (int i = 0; i < tokens.count && blocks < ends.length - 1; i++) {
            int length = i + 1 - start;
            if (length >= maximum || (length >= minimum && tokens.endsSentence[i])) {
                ends[blocks++] = i + 1;
                start = i + 1;
            }
        }
        if (start < tokens.count) {
            if (blocks > 0 && tokens.count - start < MIN_TOKENS / 2) {
                ends[blocks - 1] = tokens.count;
            } else {
                ends[blocks++] = tokens.count;
            }
        }
        return blocks < 3 ? 0 : blocks - 1;
    }
}
