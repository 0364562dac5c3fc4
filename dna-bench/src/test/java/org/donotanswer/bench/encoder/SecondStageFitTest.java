package org.donotanswer.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SecondStageFitTest {
    private static final Offset<Double> EXACT = within(1e-7);

    /** Returns items of an event with one feature and a bias. */
    private static double[][][] events(double... features) {
        double[][][] x = new double[features.length][2][2];
        for (int i = 0; i < features.length; i++) {
            x[i][1][0] = 1;
            x[i][1][1] = features[i];
        }
        return x;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void fit_twoGroups_hasTheLogOddsOfEach() {
        // Of those with feature 0, one in four is an event; of those with 1, two in three.
        double[][][] x = events(0, 0, 0, 0, 1, 1, 1);
        int[] y = {1, 0, 0, 0, 1, 1, 0};

        double[] weights = SecondStageFit.fit(x, y, ones(7), new double[2]);

        assertThat(weights[0]).isCloseTo(Math.log(1.0 / 3), EXACT);
        assertThat(weights[1]).isCloseTo(Math.log(2) - Math.log(1.0 / 3), EXACT);
    }

    @Test
    void fit_itemOfWeightTwo_countsAsTwo() {
        double[] twice = SecondStageFit.fit(events(0, 0, 0), new int[] {1, 1, 0}, ones(3), new double[] {0, 1});
        double[] weighted =
                SecondStageFit.fit(events(0, 0), new int[] {1, 0}, new double[] {2, 1}, new double[] {0, 1});

        assertThat(weighted[0]).isCloseTo(twice[0], EXACT).isCloseTo(Math.log(2), EXACT);
        assertThat(weighted[1]).isZero();
    }

    @Test
    void fit_penalty_satisfiesTheConditionOfTheMinimum() {
        double[][][] x = events(-2, -1, 1, 3);
        int[] y = {0, 0, 1, 1};
        double l2 = 0.5;

        double[] weights = SecondStageFit.fit(x, y, ones(4), new double[] {0, l2});

        double ofBias = 0;
        double ofFeature = l2 * weights[1];
        for (int i = 0; i < 4; i++) {
            double rest = SecondStageFit.probabilities(x[i], weights)[1] - y[i];
            ofBias += rest;
            ofFeature += rest * x[i][1][1];
        }
        assertThat(ofBias).isCloseTo(0, EXACT);
        assertThat(ofFeature).isCloseTo(0, EXACT);
        assertThat(weights[1]).isPositive();
    }

    @Test
    void fit_classes_hasTheLogarithmsOfTheirShares() {
        double[][][] x = new double[6][3][3];
        for (double[][] item : x) {
            for (int k = 0; k < 3; k++) {
                item[k][k] = 1;
            }
        }

        double[] weights =
                SecondStageFit.fit(x, new int[] {0, 0, 0, 1, 1, 2}, ones(6), new double[] {1e-9, 1e-9, 1e-9});

        assertThat(weights[0] - weights[2]).isCloseTo(Math.log(3), within(1e-6));
        assertThat(weights[1] - weights[2]).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void fit_drawnFromAModel_findsItsWeights() {
        Random random = new Random(7);
        int items = 20_000;
        double[][][] x = new double[items][2][3];
        int[] y = new int[items];
        double[] truth = {-1, 0.75, -0.5};
        for (int i = 0; i < items; i++) {
            x[i][1] = new double[] {1, random.nextGaussian() * 3, random.nextGaussian()};
            y[i] = random.nextDouble() < SecondStageFit.probabilities(x[i], truth)[1] ? 1 : 0;
        }

        double[] weights = SecondStageFit.fit(x, y, ones(items), new double[] {0, 1, 1});

        for (int j = 0; j < truth.length; j++) {
            assertThat(weights[j]).isCloseTo(truth[j], within(0.06));
        }
    }

    @Test
    void fit_separableItemsFarFromZero_staysFinite() {
        double[] weights =
                SecondStageFit.fit(events(-12, -11, 11, 12), new int[] {0, 0, 1, 1}, ones(4), new double[] {0, 1e-3});

        assertThat(weights[1]).isFinite().isGreaterThan(0.3);
    }

    @Test
    void fit_whatCannotBeDetermined_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStageFit.fit(events(1, 2), new int[] {1, 1}, ones(2), new double[] {0, 1}))
                .withMessage("labels must be of two classes or more, but were of 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStageFit.fit(events(0, 0), new int[] {0, 1}, ones(2), new double[2]))
                .withMessage("penalties must determine all weights, but did not determine weight 1");
    }
}
