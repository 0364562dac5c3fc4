package org.donotanswer.harness.io;

/** Receives the progress of a long task. Implementations are thread-safe. */
public interface Progress extends AutoCloseable {
    /** Creates the progress of a task when it starts. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts to receive the progress of a task.
         *
         * @param done the number of steps that an earlier run completed
         * @param steps the number of all steps, including those already done; negative if unknown
         */
        Progress start(long done, long steps);
    }

    /** Returns a progress that ignores all steps. */
    static Progress none() {
        return new Progress() {
            @Override
            public void stepBy(long steps) {}

            @Override
            public void stepTo(long step) {}

            @Override
            public void close() {}
        };
    }

    /** Reports one more step as done. */
    default void step() {
        stepBy(1);
    }

    /** Reports further steps as done. */
    void stepBy(long steps);

    /** Reports that this many steps are done. */
    void stepTo(long step);

    /** Ends the task, finished or not. */
    @Override
    void close();
}
