package org.donotanswer.guard.stream;

/**
 * How large the windows of a stream are, in chars. Immutable, hence thread-safe.
 *
 * @param minimumStep how much is new in a window at least
 * @param maximumStep how much is new in a window at most, however long the answer
 * @param overlap how much neighbouring windows share at least
 * @param head how much of the answer's beginning is read with each
 */
record WindowSizes(int minimumStep, int maximumStep, int overlap, int head) {
    /** Steps grow to this share of the answer so far: its reader is the farther behind, the longer it is. */
    private static final int GROWTH = 3;

    WindowSizes {
        requireAtLeast("minimumStep", 1, minimumStep);
        // A cut between the halves of a surrogate pair is moved back by one.
        requireAtLeast("maximumStep", Math.max(2, minimumStep), maximumStep);
        requireAtLeast("overlap", 0, overlap);
        requireAtLeast("head", 0, head);
    }

    /** Returns how much is new at least in a window that follows one which ends at a place: more, the longer the answer is. */
    int stepAt(int end) {
        return Math.max(minimumStep, Math.min(end / GROWTH, maximumStep / 2));
    }

    private static void requireAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
    }
}
