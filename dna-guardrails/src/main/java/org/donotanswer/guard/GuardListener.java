package org.donotanswer.guard;

import java.util.function.Consumer;

/**
 * Is told of every verdict of a guard: for logs, metrics, audits. Implementations are thread-safe, quick, and do not throw; an
 * exception of theirs changes no verdict.
 */
@FunctionalInterface
public interface GuardListener {
    /**
     * Takes note of a verdict on an answer, an instruction, or a window of a stream.
     *
     * @param verdict the verdict
     * @param instruction what the user said; empty if it is not known. Private: do not keep it without need
     * @param text what was judged: the response, the window of it, or the instruction again. Private, too
     */
    void checked(Verdict verdict, String instruction, String text);

    /**
     * Takes note that a judgement begins, on the thread that asks for it: for whoever measures or traces it. Does nothing, unless
     * an implementation does.
     *
     * @param subject what is to be judged
     * @param window whether that is a part of an answer only
     * @return what is given the verdict when the judgement ends, once, on any thread
     */
    default Consumer<Verdict> started(Verdict.Subject subject, boolean window) {
        return verdict -> {};
    }
}
