package org.donotanswer.guard.stream;

import org.donotanswer.guard.Verdict;

/**
 * Gets a guarded answer as it is written: any number of texts, then exactly one of {@link #onFinished}, {@link #onBlocked} and
 * {@link #onError}, and nothing after it. Calls do not overlap.
 */
public interface StreamListener {
    /** Takes the next part of the answer that may be shown. Joined, these are a prefix of the answer, char for char. */
    void onText(String text);

    /** Takes note that all of the answer was shown, and was found to be fit as a whole. */
    void onFinished(Verdict verdict);

    /** Takes note that the rest of the answer is not shown, and why. */
    void onBlocked(Verdict verdict);

    /** Takes note that the answer broke off at its source. What was held back is not shown. */
    void onError(Throwable error);
}
