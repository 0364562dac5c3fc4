package org.donotanswer.guard;

import java.util.function.Consumer;

/**
 * Receives every verdict of a guard, for logs, metrics and audits. Implementations are thread-safe, quick, and do not
 * throw; if one does, no verdict changes.
 */
@FunctionalInterface
public interface GuardListener {
    /**
     * Called with the verdict on a response, an instruction, or a window of a stream.
     *
     * @param verdict the verdict
     * @param instruction the instruction; empty if it is not known. Private: do not keep it without need
     * @param text the text that was checked: the response, its window, or the instruction again. Private, too
     */
    void checked(Verdict verdict, String instruction, String text);

    /**
     * Called when a check begins, on the thread that asks for it, for listeners that measure or trace. Does nothing by
     * default.
     *
     * @param subject what is to be checked
     * @param window whether it is a window of a response
     * @return receives the verdict when the check ends, once, on any thread
     */
    default Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
        return verdict -> {};
    }
}
