package org.donotanswer.guard.stream;

/**
 * The sizes of the windows of a stream, in chars. Immutable, hence thread-safe.
 *
 * @param minimumStep minimum of new chars in a window
 * @param maximumStep maximum of new chars in a window, however long the response is
 * @param overlap minimum overlap of neighbouring windows
 * @param head how much of the beginning of the response is read with each window
 */
record WindowSizes(int minimumStep, int maximumStep, int overlap, int head) {
    /** Steps grow to this fraction of the response so far: the longer it is, the further its reader is behind. */
    private static final int STEP_DIVISOR = 3;

    WindowSizes {
        requireAtLeast("minimumStep", 1, minimumStep);
        // A cut between the halves of a surrogate pair is moved back by one.
        requireAtLeast("maximumStep", Math.max(2, minimumStep), maximumStep);
        requireAtLeast("overlap", 0, overlap);
        requireAtLeast("head", 0, head);
    }

    /**
     * Returns the minimum of new chars in the window after one that ends at a place: the longer the response, the
     * more.
     */
    int stepAt(int end) {
        return Math.max(minimumStep, Math.min(end / STEP_DIVISOR, maximumStep / 2));
    }

    private static void requireAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
    }
}
