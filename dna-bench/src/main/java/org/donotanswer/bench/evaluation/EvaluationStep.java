package org.donotanswer.bench.evaluation;

/** The moments of an evaluation of files between which it may be killed. Immutable, hence thread-safe. */
public enum EvaluationStep {
    CHUNK_WRITTEN,
    BYTES_FORCED,
    STATE_WRITTEN,
    PUBLISHED,
    STATE_DELETED;

    /** Is told each step. Implementations need not be thread-safe. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = step -> {};

        void reached(EvaluationStep step);
    }
}
