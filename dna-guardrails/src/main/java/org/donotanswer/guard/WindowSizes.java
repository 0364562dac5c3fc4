package org.donotanswer.guard;

/**
 * How large the windows of a stream are, in chars. Immutable, hence thread-safe.
 *
 * @param minimumStep how much is new in a window at least
 * @param maximumStep how much is new in a window at most
 * @param overlap how much neighbouring windows share at least
 */
record WindowSizes(int minimumStep, int maximumStep, int overlap) {
    WindowSizes {
        requireAtLeast("minimumStep", 1, minimumStep);
        // A cut between the halves of a surrogate pair is moved back by one.
        requireAtLeast("maximumStep", Math.max(2, minimumStep), maximumStep);
        requireAtLeast("overlap", 0, overlap);
    }

    private static void requireAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
    }
}
