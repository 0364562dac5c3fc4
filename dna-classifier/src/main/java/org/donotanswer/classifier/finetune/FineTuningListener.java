package org.donotanswer.classifier.finetune;

import java.time.Duration;

/** Is told how a training proceeds, by the thread that trains. */
public interface FineTuningListener {
    /** A listener that does nothing. */
    FineTuningListener NONE = new FineTuningListener() {};

    /** Called after each step. */
    default void onStep(Step step) {}

    /** Called after each epoch, with the figures of the examples held out. */
    default void onEpoch(EpochFigures figures) {}

    /** Called with what a user should know, one sentence, such as that a training is resumed. */
    default void onRemark(String remark) {}

    /**
     * Where a training is.
     *
     * @param number the number of the step, from 1
     * @param total the number of all steps
     * @param epoch the number of the epoch, from 1
     * @param loss the mean loss of the last steps, at most 50
     * @param learningRate that of the step
     * @param tokensPerSecond without padding, since the training was started or resumed
     * @param remaining the time that the remaining steps take at this rate, without evaluation
     */
    record Step(
            int number,
            int total,
            int epoch,
            double loss,
            double learningRate,
            double tokensPerSecond,
            Duration remaining) {}
}
