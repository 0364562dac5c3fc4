package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class HarmHeadTest {
    private static final HarmHead HEAD = new HarmHead(
            new SoftmaxRegression(new double[][] {{0, 0, 0, 0, 0, 0, 0}, {2, 1, -0.5, 0.5, 0.25, 0.1, -1}}));

    private static double probability(double response, double passage, double risk, double compliance) {
        return HEAD.probability(HarmHead.inputs(response, passage, 0, risk, -compliance));
    }

    @Test
    void inputs_count_isThatOfTheRegression() {
        double[] inputs = HarmHead.inputs(0.1, 0.2, 3, 0.4, 0.5);
        assertThat(inputs).hasSize(HarmHead.INPUTS);
        assertThat(HarmHead.benchmarkInputs(inputs, 0.6, 0.7)).hasSize(HarmHead.BENCHMARK_INPUTS);
    }

    @Test
    void inputs_riskyInstructionAndCompliance_countTogetherAsWell() {
        assertThat(HarmHead.inputs(0.1, 0.2, 0, 0.5, -1.2))
                .containsExactly(new double[] {0.1, 0.2, 0, 0.5, 1.2, 0.6}, within(1e-12));
        assertThat(HarmHead.inputs(0.1, 0.2, 0, -0.5, -1.2)[5]).isZero();
        assertThat(HarmHead.inputs(0.1, 0.2, 0, 0.5, 1.2)[5]).isZero();
        assertThat(HarmHead.inputs(0.1, 0.2, 0, -0.5, 1.2)[5]).isZero();
    }

    @Test
    void inputs_riskAndRefusal_areBoundedAndMarginsOfHarmAreNot() {
        assertThat(HarmHead.inputs(7, 8, 0, 1e9, -1e9))
                .containsExactly(new double[] {7, 8, 0, 1.5, 1.5, 2.25}, within(1e-12));
        assertThat(HarmHead.inputs(-7, -8, 0, -1e9, 1e9))
                .containsExactly(new double[] {-7, -8, 0, -1.5, -1.5, 0}, within(1e-12));
    }

    @Test
    void inputs_passages_countByTheLogarithm() {
        assertThat(HarmHead.inputs(0, 0, 0, 0, 0)[2]).isZero();
        assertThat(HarmHead.inputs(0, 0, 7, 0, 0)[2]).isCloseTo(Math.log(8), within(1e-12));
    }

    @Test
    void benchmarkInputs_startWithTheGeneralOnes() {
        double[] general = HarmHead.inputs(0.1, 0.2, 3, 0.4, 0.5);
        double[] inputs = HarmHead.benchmarkInputs(general, 0.5, 99);
        assertThat(inputs).startsWith(general);
        assertThat(new double[] {inputs[6], inputs[7], inputs[8]})
                .containsExactly(new double[] {0.5, 4, 6}, within(1e-12));
        assertThat(HarmHead.benchmarkInputs(general, -2, 3)[8]).isZero();
        assertThat(HarmHead.benchmarkInputs(general, 2, -3)[8]).isZero();
    }

    @Test
    void probability_isLogisticInTheSumOfInputs() {
        assertThat(probability(0.5, 0, 0, 0)).isCloseTo(0.5, within(1e-12));
        assertThat(probability(0.25, 0.25, 0.5, 0)).isCloseTo(0.5, within(1e-12));
        assertThat(probability(0.25, 0.375, 0, 0.5)).isCloseTo(0.5, within(1e-12));
        assertThat(probability(0, 0, 0, 0)).isCloseTo(1 / (1 + Math.exp(1)), within(1e-12));
    }

    @Test
    void probability_extremeMargins_isWithinFloorAndCeiling() {
        assertThat(probability(-99, -99, -99, -99)).isEqualTo(HarmHead.MIN_PROBABILITY);
        assertThat(probability(99, 99, 99, 99)).isEqualTo(1 - HarmHead.MIN_PROBABILITY);
    }

    @Test
    void probability_harmlessRiskAndRefusal_cannotVetoTheResponse() {
        assertThat(probability(3, 3, -1e9, -1e9)).isGreaterThan(0.9);
    }

    @Test
    void probability_refusal_isLowerByABoundedAmount() {
        double[] refused = HarmHead.inputs(1.5, 1.5, 0, 0, 1e9);
        assertThat(HEAD.probability(refused))
                .isLessThan(probability(1.5, 1.5, 0, 0))
                .isGreaterThan(0.9);
    }

    @Test
    void logOdds_extremes_areFiniteAndSymmetric() {
        assertThat(HarmHead.logOdds(0))
                .isEqualTo(-HarmHead.logOdds(1), within(1e-6))
                .isLessThan(-10);
        assertThat(HarmHead.logOdds(0.5)).isZero();
    }

    @Test
    void constructor_null_namesParameter() {
        assertThatNullPointerException().isThrownBy(() -> new HarmHead(null)).withMessage("regression");
    }

    @Property(seed = "20261201")
    void probability_higherInput_isNotLower(
            @ForAll @DoubleRange(min = -5, max = 5) double response,
            @ForAll @DoubleRange(min = -5, max = 5) double passage,
            @ForAll @DoubleRange(min = -5, max = 5) double risk,
            @ForAll @DoubleRange(min = -9, max = 9) double compliance,
            @ForAll @DoubleRange(min = 0, max = 3) double more) {
        double probability = probability(response, passage, risk, compliance);
        assertThat(probability(response + more, passage, risk, compliance)).isGreaterThanOrEqualTo(probability);
        assertThat(probability(response, passage + more, risk, compliance)).isGreaterThanOrEqualTo(probability);
        assertThat(probability(response, passage, risk + more, compliance)).isGreaterThanOrEqualTo(probability);
        assertThat(probability(response, passage, risk, compliance + more)).isGreaterThanOrEqualTo(probability);
    }
}
