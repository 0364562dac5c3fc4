package org.donotanswer.bench.cli;

/** The moments of an evaluation of files between which it may be killed. Immutable, hence thread-safe. */
enum EvaluationStep {
    CHUNK_WRITTEN,
    BYTES_FORCED,
    STATE_WRITTEN,
    PUBLISHED,
    STATE_DELETED;

    /** Is told each step. Implementations need not be thread-safe. */
    @FunctionalInterface
    interface Listener {
        Listener NONE = step -> {};

        void reached(EvaluationStep step);
    }
}
