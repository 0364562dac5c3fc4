package org.donotanswer.bench.evaluation;

import java.util.List;

/**
 * How far an evaluation of files has got. Immutable but for its counts, hence not thread-safe.
 *
 * @param part the index of the output that is being written
 * @param position where the next exchange of that output is
 * @param bytes how many bytes of the output are durable and before the position
 * @param unnamed the sizes of the outputs just before it that are durable as a whole, but may lack their names
 * @param counts the counts of what is before the position, in all outputs
 */
record EvaluationState(
        int part, ChunkEvaluation.Position position, long bytes, List<Long> unnamed, EvaluationCounts counts) {
    /** Returns the state before anything is evaluated. */
    static EvaluationState beginning() {
        return new EvaluationState(0, ChunkEvaluation.Position.BEGINNING, 0, List.of(), new EvaluationCounts());
    }

    EvaluationState at(ChunkEvaluation.Position next, long durable, List<Long> whole) {
        return new EvaluationState(part, next, durable, List.copyOf(whole), counts);
    }

    EvaluationState nextPart() {
        return new EvaluationState(part + 1, ChunkEvaluation.Position.BEGINNING, 0, unnamed, counts);
    }

    /** Returns whether the numbers, read from a file, can be those of so many outputs. */
    boolean isPossible(int outputs) {
        return part >= 0
                && part <= outputs
                && position != null
                && position.file() >= 0
                && position.rows() >= 0
                && bytes >= 0
                && unnamed != null
                && unnamed.size() <= part
                && unnamed.stream().allMatch(size -> size != null && size >= 0)
                && counts != null;
    }
}
