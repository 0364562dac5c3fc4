package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTrainingTest {
    /** 3 of 10 examples with input 0 are in class 1, and 15 of 20 with input 2. */
    private static final double[][] INPUTS = {{0}, {0}, {2}, {2}};

    private static final double[][] TARGETS = {{7, 0}, {0, 3}, {5, 0}, {0, 15}};

    @Test
    void train_twoInputs_givesFrequencies() {
        SoftmaxRegression regression = SoftmaxRegressionTraining.train(INPUTS, TARGETS, 1e-9);
        assertThat(regression.probabilities(new double[] {0})[1]).isCloseTo(0.3, within(1e-6));
        assertThat(regression.probabilities(new double[] {2})[1]).isCloseTo(0.75, within(1e-6));
        double[][] c = regression.coefficients();
        assertThat(c[1][1] - c[0][1]).as("intercept").isCloseTo(Math.log(3.0 / 7), within(1e-5));
        assertThat(c[1][0] - c[0][0]).as("slope").isCloseTo((Math.log(3) - Math.log(3.0 / 7)) / 2, within(1e-5));
        assertThat(c).as("classes").hasDimensions(2, 2);
    }

    @Test
    void train_softAndSplitTargets_giveTheSame() {
        double[][] whole = SoftmaxRegressionTraining.train(
                        new double[][] {{0}, {2}}, new double[][] {{7, 3}, {5, 15}}, 2)
                .coefficients();
        double[][] split = SoftmaxRegressionTraining.train(INPUTS, TARGETS, 2).coefficients();
        for (int c = 0; c < 2; c++) {
            assertThat(whole[c]).containsExactly(split[c], within(1e-6));
        }
    }

    /** The inputs have mean 0 and deviation 1, so that the penalty applies to the coefficients directly. */
    @Test
    void train_penalized_hasNoGradientAtOptimum() {
        double penalty = 3;
        SplittableRandom random = new SplittableRandom(5);
        int count = 40;
        double[][] inputs = new double[count][];
        double[][] targets = new double[count][3];
        for (int i = 0; i < count; i++) {
            inputs[i] = new double[] {i % 2 == 0 ? 1 : -1, i / 2 % 2 == 0 ? 1 : -1};
            targets[i][random.nextInt(3)] = 1;
            targets[i][inputs[i][0] > 0 ? 2 : 0] += 0.5;
        }
        // All examples have the same weight, which keeps mean and deviation.
        SoftmaxRegression regression = SoftmaxRegressionTraining.train(inputs, targets, penalty);
        double[][] gradient = new double[3][3];
        for (int i = 0; i < count; i++) {
            double[] p = regression.probabilities(inputs[i]);
            for (int c = 0; c < 3; c++) {
                double error = 1.5 * p[c] - targets[i][c];
                gradient[c][0] += error * inputs[i][0];
                gradient[c][1] += error * inputs[i][1];
                gradient[c][2] += error;
            }
        }
        for (int c = 0; c < 3; c++) {
            gradient[c][0] += penalty * regression.coefficients()[c][0];
            gradient[c][1] += penalty * regression.coefficients()[c][1];
            assertThat(gradient[c]).containsExactly(new double[3], within(1e-3));
        }
    }

    @Test
    void train_shiftedAndScaledInputs_givesSameProbabilities() {
        double[][] moved = {{1_000}, {1_000}, {1_400}, {1_400}};
        SoftmaxRegression regression = SoftmaxRegressionTraining.train(INPUTS, TARGETS, 2);
        SoftmaxRegression other = SoftmaxRegressionTraining.train(moved, TARGETS, 2);
        assertThat(other.probabilities(new double[] {1_200}))
                .containsExactly(regression.probabilities(new double[] {1}), within(1e-9));
    }

    @Test
    void train_separable_staysFinite() {
        SoftmaxRegression regression = SoftmaxRegressionTraining.train(
                new double[][] {{-1}, {-2}, {1}, {2}}, new double[][] {{1, 0}, {1, 0}, {0, 1}, {0, 1}}, 1e-6);
        assertThat(regression.probabilities(new double[] {-1})[0]).isGreaterThan(0.99);
        for (double[] ofClass : regression.coefficients()) {
            assertThat(ofClass).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }
    }

    @Test
    void train_constantInput_givesFrequencies() {
        SoftmaxRegression regression =
                SoftmaxRegressionTraining.train(new double[][] {{4}, {4}}, new double[][] {{3, 0}, {0, 1}}, 1);
        assertThat(regression.probabilities(new double[] {4})).containsExactly(new double[] {0.75, 0.25}, within(1e-5));
    }
}
