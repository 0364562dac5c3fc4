package org.donotanswer.guard;

/** On which threads a guard has its evaluator evaluate. Immutable, hence thread-safe. */
public enum GuardThreads {
    /**
     * The thread that asks for the judgement. Nothing is handed over, so that judging takes hardly longer than evaluating; but
     * an evaluation once begun is not interrupted, and the deadline is looked at only between the evaluations of one judgement.
     * The default for evaluators that {@linkplain org.donotanswer.evaluate.SafetyEvaluator#isNonBlocking() never wait}.
     */
    CALLER,
    /** Threads of the guard, which end when idle. The default for all other evaluators. */
    PLATFORM,
    /** Virtual threads of the guard; Java 21 or later has them. */
    VIRTUAL
}
