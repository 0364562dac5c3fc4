package org.donotanswer.encoder;

/**
 * How an exchange is read: in windows of tokens, each with the instruction and a stretch of the response. Immutable, hence
 * thread-safe.
 *
 * @param maxTokens the number of tokens of a window, including special tokens; 8 to 512, the positions of the encoder
 * @param overlap how many tokens of the response a window shares with the one before; 0 to a quarter of the window
 * @param maxWindows how many windows of a response are read, at least 1
 */
public record ReadingWindows(int maxTokens, int overlap, int maxWindows) {
    private static final int MIN_TOKENS = 8;
    private static final int MAX_TOKENS = 512;
    private static final int MAX_WINDOWS = 1 << 16;

    /** Half of a window may be the instruction; of the rest, half must be new. */
    private static final int OVERLAP_PART = 4;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public ReadingWindows {
        requireIn("maxTokens", maxTokens, MIN_TOKENS, MAX_TOKENS);
        requireIn("overlap", overlap, 0, maxTokens / OVERLAP_PART);
        requireIn("maxWindows", maxWindows, 1, MAX_WINDOWS);
    }

    private static void requireIn(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", but was " + value);
        }
    }
}
