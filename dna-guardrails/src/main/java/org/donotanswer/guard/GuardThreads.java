package org.donotanswer.guard;

/** Which threads evaluate. Immutable, hence thread-safe. */
public enum GuardThreads {
    /**
     * The calling thread. Nothing is handed over, so that a check takes hardly longer than its evaluation; but a
     * running evaluation is not interrupted, and the deadline is checked only between the evaluations of one check.
     * A guard therefore refuses to be built with this, an explicit deadline, and an evaluator that may block. The
     * default for evaluators that {@linkplain org.donotanswer.evaluate.SafetyEvaluator#isNonBlocking() never
     * block}.
     */
    CALLER,
    /** The guard's own platform threads, which end when idle. The default for all other evaluators. */
    PLATFORM,
    /** The guard's own virtual threads; requires Java 21 or later. */
    VIRTUAL
}
