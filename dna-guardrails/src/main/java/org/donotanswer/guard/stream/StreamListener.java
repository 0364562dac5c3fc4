package org.donotanswer.guard.stream;

import org.donotanswer.guard.Verdict;

/**
 * Receives a guarded response as it is written: any number of texts, then exactly one of {@link #onFinished}, {@link
 * #onBlocked} and {@link #onError}, and nothing after it. Calls do not overlap.
 */
public interface StreamListener {
    /** Called with the next part of the response that may be shown. Joined, the parts are a prefix of the response. */
    void onText(String text);

    /** Called when the whole response was shown and passed. */
    void onFinished(Verdict verdict);

    /** Called when the rest of the response must not be shown. */
    void onBlocked(Verdict verdict);

    /** Called when the source failed. Text that was withheld is not shown. */
    void onError(Throwable error);
}
