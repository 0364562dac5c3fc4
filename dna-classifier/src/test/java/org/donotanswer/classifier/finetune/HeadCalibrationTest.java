package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HeadCalibrationTest {
    private static final List<Double> ABSENCE = List.of(1.0, 0.0);
    private static final List<Double> EVENT = List.of(0.0, 1.0);

    private final List<float[]> logits = new ArrayList<>();
    private final List<List<Double>> targets = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();

    /** Adds rows of a head of two labels. */
    private void add(int rows, double logOdds, List<Double> target) {
        add(rows, new float[] {0, (float) logOdds}, target, 1);
    }

    private void add(int rows, float[] row, List<Double> target, double weight) {
        for (int i = 0; i < rows; i++) {
            logits.add(row);
            targets.add(target);
            weights.add(weight);
        }
    }

    private HeadCalibration fit() {
        return HeadCalibration.fit(
                logits.toArray(float[][]::new),
                targets,
                weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Test
    void fit_overconfidentHead_hasTheTemperatureOfItsAccuracy() {
        // Three of four are right at log odds of 4, so that the least log loss is where sigmoid(4 / T) is 3/4.
        add(15, 4, EVENT);
        add(5, 4, ABSENCE);
        add(15, -4, ABSENCE);
        add(5, -4, EVENT);

        assertThat(fit().temperature()).isCloseTo(4 / Math.log(3), within(1e-4));
    }

    @Test
    void fit_underconfidentHead_hasATemperatureBelowOne() {
        add(19, 0.5, EVENT);
        add(1, 0.5, ABSENCE);
        add(19, -0.5, ABSENCE);
        add(1, -0.5, EVENT);

        assertThat(fit().temperature()).isCloseTo(0.5 / Math.log(19), within(1e-4));
    }

    @Test
    void fit_severalLabels_hasTheTemperatureAndNoThreshold() {
        // A softmax of (x, 0, 0) is 1/2 at x = log 2: the first label is right for half, the others for a quarter each.
        add(20, new float[] {3, 0, 0}, List.of(1.0, 0.0, 0.0), 1);
        add(10, new float[] {3, 0, 0}, List.of(0.0, 1.0, 0.0), 1);
        add(10, new float[] {3, 0, 0}, List.of(0.0, 0.0, 1.0), 1);

        HeadCalibration calibration = fit();

        assertThat(calibration.temperature()).isCloseTo(3 / Math.log(2), within(1e-4));
        assertThat(calibration.threshold()).isEmpty();
    }

    @Test
    void fit_weights_countAsRowsDo() {
        add(10, new float[] {0, 4}, EVENT, 3);
        add(10, new float[] {0, 4}, ABSENCE, 1);
        add(10, new float[] {0, -4}, ABSENCE, 3);
        add(10, new float[] {0, -4}, EVENT, 1);

        assertThat(fit().temperature()).isCloseTo(4 / Math.log(3), within(1e-4));
    }

    @Test
    void fit_softTargets_haveTheTemperatureOfTheirProbabilities() {
        add(20, 4, List.of(0.25, 0.75));
        add(20, -4, List.of(0.75, 0.25));

        assertThat(fit().temperature()).isCloseTo(4 / Math.log(3), within(1e-4));
    }

    @Test
    void fit_headThatIsMoreOftenWrong_hasTheHighestTemperature() {
        add(5, 2, EVENT);
        add(15, 2, ABSENCE);
        add(5, -2, ABSENCE);
        add(15, -2, EVENT);

        assertThat(fit().temperature()).isEqualTo(100);
    }

    @Test
    void fit_fewRows_isUncalibrated() {
        add(10, 4, EVENT);
        add(9, 4, ABSENCE);

        assertThat(fit()).isEqualTo(new HeadCalibration(1, OptionalDouble.empty()));
    }

    @Test
    void fit_oneClass_isUncalibrated() {
        add(20, 4, EVENT);
        add(20, -4, EVENT);

        assertThat(fit()).isEqualTo(new HeadCalibration(1, OptionalDouble.empty()));
    }

    @Test
    void fit_noRows_isUncalibrated() {
        assertThat(fit()).isEqualTo(new HeadCalibration(1, OptionalDouble.empty()));
    }

    @Test
    void fit_separatedAtOneHalf_keepsTheTemperature() {
        add(20, 3, EVENT);
        add(20, -1, ABSENCE);

        HeadCalibration calibration = fit();

        assertThat(calibration.temperature()).isEqualTo(1);
        assertThat(logOdds(calibration)).isCloseTo(1, within(1e-9));
    }

    @Test
    void fit_calibratedRows_haveTheThresholdWithTheHighestExpectedF1() {
        // 9.8 events are expected. From .9: 2 * 1.8 / (2 + 9.8). From .3: 2 * 7.8 / (22 + 9.8), the highest. From .05:
        // 2 * 9.8 / (62 + 9.8).
        addCalibrated(2, 0.9);
        addCalibrated(20, 0.3);
        addCalibrated(40, 0.05);

        HeadCalibration calibration = fit();

        assertThat(calibration.temperature()).isCloseTo(1, within(1e-4));
        assertThat(logOdds(calibration)).isCloseTo((logOdds(0.3) + logOdds(0.05)) / 2, within(1e-3));
    }

    @Test
    void fit_fewLabels_doNotMoveTheThreshold() {
        // By the labels alone, the threshold would be above the row at .6, which is no event.
        add(18, logOdds(0.9), EVENT);
        add(2, logOdds(0.9), ABSENCE);
        add(5, logOdds(0.05), EVENT);
        add(95, logOdds(0.05), ABSENCE);
        add(1, logOdds(0.6), ABSENCE);

        HeadCalibration calibration = fit();

        assertThat(logOdds(calibration) * calibration.temperature())
                .isCloseTo((logOdds(0.6) + logOdds(0.05)) / 2, within(1e-5));
    }

    /** Adds rows whose labels are as probable as the head says, so that the best temperature is 1. */
    private void addCalibrated(int rows, double probability) {
        add(rows, logOdds(probability), List.of(1 - probability, probability));
    }

    private static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }

    @Test
    void fit_allRowsBestAsEvents_hasAThresholdBelowAll() {
        add(15, -1, EVENT);
        add(5, -1, ABSENCE);

        HeadCalibration calibration = fit();

        assertThat(logOdds(calibration)).isCloseTo(-1 / calibration.temperature() - 1, within(1e-9));
    }

    @Test
    void fit_extremeLogits_hasAThresholdInsideTheRange() {
        add(20, 1000, EVENT);
        add(20, 900, ABSENCE);

        assertThat(fit().threshold().orElseThrow()).isGreaterThan(0.5).isLessThan(1);
    }

    @Test
    void fit_orderOfRows_doesNotMatter() {
        add(12, 2.5, EVENT);
        add(7, 1.5, ABSENCE);
        add(9, 0.25, EVENT);
        add(11, -2, ABSENCE);
        HeadCalibration calibration = fit();
        Collections.reverse(logits);
        Collections.reverse(targets);

        assertThat(fit().temperature()).isEqualTo(calibration.temperature());
        assertThat(fit().threshold().orElseThrow())
                .isCloseTo(calibration.threshold().orElseThrow(), within(1e-12));
    }

    @Test
    void fit_logitThatIsNotFinite_isRefused() {
        add(20, 1, EVENT);
        logits.set(3, new float[] {0, Float.NaN});
        assertThatIllegalArgumentException()
                .isThrownBy(this::fit)
                .withMessage("logits must be finite, but were NaN (row 3)");

        logits.set(3, new float[] {Float.NEGATIVE_INFINITY, 0});
        assertThatIllegalArgumentException()
                .isThrownBy(this::fit)
                .withMessage("logits must be finite, but were -Infinity (row 3)");
    }

    @Test
    void fit_differentNumbers_areRefused() {
        float[][] rows = {{0, 1}, {1, 0}};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadCalibration.fit(rows, List.of(EVENT), new double[] {1, 1}))
                .withMessage("number of targets must be that of the rows, 2, but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadCalibration.fit(rows, List.of(EVENT, EVENT), new double[] {1}))
                .withMessage("number of weights must be that of the rows, 2, but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadCalibration.fit(rows, List.of(EVENT, List.of(1.0)), new double[] {1, 1}))
                .withMessage("number of labels of row 1 must be 1, but was 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadCalibration.fit(rows, List.of(EVENT, EVENT), new double[] {1, 0}))
                .withMessage("weights must be above 0, but were 0.0 (row 1)");
    }

    private static double logOdds(HeadCalibration calibration) {
        double threshold = calibration.threshold().orElseThrow();
        return Math.log(threshold / (1 - threshold));
    }
}
