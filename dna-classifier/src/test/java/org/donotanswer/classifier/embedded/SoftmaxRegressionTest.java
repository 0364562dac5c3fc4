package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {
    @Test
    void softmax_largeLogits_doesNotOverflow() {
        assertThat(SoftmaxRegression.softmax(new double[] {1e4, 1e4, -1e4}))
                .containsExactly(new double[] {0.5, 0.5, 0}, within(1e-12));
    }

    @Test
    void coefficients_changed_doNotChangeRegression() {
        double[][] given = {{0, 0}, {1, 0}};
        SoftmaxRegression regression = new SoftmaxRegression(given);
        given[1][0] = 9;
        regression.coefficients()[1][0] = 9;
        assertThat(regression.coefficients()[1][0]).isEqualTo(1);
    }
}
