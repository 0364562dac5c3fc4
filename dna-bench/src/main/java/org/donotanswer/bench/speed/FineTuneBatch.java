package org.donotanswer.bench.speed;

/**
 * The size of the batches of a training. Immutable, hence thread-safe.
 *
 * @param rows the number of sequences
 * @param tokens the tokens of each
 */
public record FineTuneBatch(int rows, int tokens) {
    private static final int MAX_TOKENS = 512;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public FineTuneBatch {
        if (rows < 1) {
            throw new IllegalArgumentException("batch must have at least 1 sequence, but was " + rows);
        }
        if (tokens < 1 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException("tokens must be from 1 to " + MAX_TOKENS + ", but were " + tokens);
        }
    }
}
