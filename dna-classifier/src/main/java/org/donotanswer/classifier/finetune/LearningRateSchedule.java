package org.donotanswer.classifier.finetune;

/**
 * The learning rate of each step: it rises linearly from 0, and then falls linearly to 0 (Devlin et al., "BERT", arXiv
 * 1810.04805, appendix A.2). Immutable, hence thread-safe.
 *
 * @param highest the highest rate
 * @param warmUpSteps the number of steps in which it rises
 * @param steps the number of all steps
 */
record LearningRateSchedule(double highest, int warmUpSteps, int steps) {
    /** Returns the rate of a step, from 0; that of the first is 0 if there is a warm-up. */
    double rate(int step) {
        return step < warmUpSteps
                ? highest * step / warmUpSteps
                : highest * (steps - step) / Math.max(1, steps - warmUpSteps);
    }
}
