package org.donotanswer.classifier.finetune;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How the logits of a head become probabilities: divided by the temperature, and for a head of two labels with the log odds
 * shifted so that the threshold becomes one half. Immutable, hence thread-safe.
 *
 * @param temperature by which logits are divided, in [.01, 100]: Guo et al., "On Calibration of Modern Neural Networks",
 *     arXiv 1706.04599, section 4.2
 * @param threshold the probability, at that temperature, from which the event counts as found; empty for one half and for
 *     heads of several labels
 */
public record HeadCalibration(double temperature, OptionalDouble threshold) {
    static final double MIN_TEMPERATURE = 0.01;
    static final double MAX_TEMPERATURE = 100;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the temperature or the threshold is out of range
     */
    public HeadCalibration {
        if (!(temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE)) {
            throw new IllegalArgumentException("temperature must be from " + MIN_TEMPERATURE + " to " + MAX_TEMPERATURE
                    + ", but was " + temperature);
        }
        if (threshold.isPresent() && !(threshold.getAsDouble() > 0 && threshold.getAsDouble() < 1)) {
            throw new IllegalArgumentException("threshold must be in (0, 1), but was " + threshold.getAsDouble());
        }
    }

    /**
     * Returns the calibration of a head on rows that were not trained on: the temperature with the least log loss, and for a
     * head of two labels the threshold, at that temperature, with the highest F1 of the second label, which is the event.
     *
     * <p>The temperature stays 1 where the rows do not tell it: if there are fewer than 20, their targets are all of one
     * class, or the logits separate them without an error, as the least log loss is at temperature 0 then. The threshold is
     * empty if there are fewer than 20 rows, or only one class.
     *
     * @param logits [rows][labels of the head]
     * @param targets the distribution over the labels of each row
     * @param weights the weight of each row, above 0
     * @throws IllegalArgumentException if the numbers of rows or labels differ, or a logit is not finite
     */
    static HeadCalibration fit(float[][] logits, List<List<Double>> targets, double[] weights) {
        return new CalibrationFit(logits, targets, weights).fit();
    }
}
