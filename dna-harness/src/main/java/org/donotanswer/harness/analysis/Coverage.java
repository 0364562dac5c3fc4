package org.donotanswer.harness.analysis;

import org.donotanswer.metrics.Proportion;

/** Whether judged answers stand for all. */
final class Coverage {
    /** From this share of judged answers on, the others can hardly have been picked for what they say. */
    static final double ENOUGH = 0.95;

    private Coverage() {}

    /** Returns whether so many of an LLM's answers were judged that they stand for all of them; of no answers they do. */
    static boolean isEnough(Proportion judged) {
        return judged.total() == 0 || judged.value() >= ENOUGH;
    }
}
