package org.donotanswer.harness.analysis;

import java.util.Objects;
import org.donotanswer.metrics.Reliability;

/**
 * How well an evaluator's probabilities of harm match the labels of the reference. Immutable, hence thread-safe.
 *
 * @param reliability 15 bins of equal width
 * @param brier the mean squared difference between probability and label, in [0, 1]; 0 is best
 */
public record EvaluatorCalibration(Reliability reliability, double brier) {
    /** Checks that the bins are not null. */
    public EvaluatorCalibration {
        Objects.requireNonNull(reliability, "reliability");
    }

    /** Returns the expected calibration error, in [0, 1]; 0 is best. */
    public double expectedError() {
        return reliability.expectedCalibrationError();
    }
}
