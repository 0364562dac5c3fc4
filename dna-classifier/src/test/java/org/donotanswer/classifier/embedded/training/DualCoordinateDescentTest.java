package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.TestFeatures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DualCoordinateDescentTest {
    private static final int OUTPUTS = 2;
    private static final int VIEWS = 2;

    private record Problem(SparseMatrix rows, List<DualCoordinateDescent.Example> examples) {
        /** Returns random rows with hard labels, or with soft ones that have both costs. */
        static Problem make(boolean soft) {
            List<FeatureKeys> texts = TestFeatures.texts(24, VIEWS, 6, 4, true, 3);
            FeatureIndex index = SparseData.index(texts, VIEWS, 6);
            SparseMatrix rows = new SparseMatrix(index.size());
            SparseMatrix.Builder builder = rows.new Builder();
            SplittableRandom random = new SplittableRandom(4);
            List<DualCoordinateDescent.Example> examples = new ArrayList<>();
            for (FeatureKeys text : texts) {
                builder.addView(text, 0, index, 0, 1);
                builder.addView(text, 1, index, 0, 0.6);
                float[] positive = new float[OUTPUTS];
                float[] negative = new float[OUTPUTS];
                for (int output = 0; output < OUTPUTS; output++) {
                    float positivePart = soft ? (float) random.nextDouble() : random.nextInt(2);
                    positive[output] = 2 * positivePart;
                    negative[output] = 1.5f * (1 - positivePart);
                }
                examples.add(new DualCoordinateDescent.Example(builder.endRow(), positive, negative));
            }
            rows.sortColumnsByFrequency();
            return new Problem(rows, examples);
        }

        double objective(double[] weights, int output) {
            double objective = 0;
            for (double weight : weights) {
                objective += weight * weight / 2;
            }
            for (DualCoordinateDescent.Example example : examples) {
                double margin = margin(weights, example);
                objective += example.positiveCost()[output] * square(Math.max(0, 1 - margin));
                objective += example.negativeCost()[output] * square(Math.max(0, 1 + margin));
            }
            return objective;
        }

        private double margin(double[] weights, DualCoordinateDescent.Example example) {
            double margin = weights[rows.width()];
            int[] columns = rows.columns(example.row());
            float[] values = rows.values(example.row());
            for (int i = 0; i < columns.length; i++) {
                margin += weights[columns[i]] * values[i];
            }
            return margin;
        }

        /** Returns the optimum of the primal by gradient descent. */
        double[] optimum(int output) {
            double[] weights = new double[rows.width() + 1];
            for (int step = 0; step < 20_000; step++) {
                double[] gradient = weights.clone();
                for (DualCoordinateDescent.Example example : examples) {
                    double margin = margin(weights, example);
                    double slope = -2 * example.positiveCost()[output] * Math.max(0, 1 - margin)
                            + 2 * example.negativeCost()[output] * Math.max(0, 1 + margin);
                    int[] columns = rows.columns(example.row());
                    float[] values = rows.values(example.row());
                    for (int i = 0; i < columns.length; i++) {
                        gradient[columns[i]] += slope * values[i];
                    }
                    gradient[rows.width()] += slope;
                }
                for (int i = 0; i < weights.length; i++) {
                    weights[i] -= 0.002 * gradient[i];
                }
            }
            return weights;
        }
    }

    private static double square(double value) {
        return value * value;
    }

    private static double[] weights(LinearModel model, Problem problem, int output) {
        int width = problem.rows.width();
        double[] weights = new double[width + 1];
        for (int column = 0; column < width; column++) {
            weights[problem.rows.position(column)] = model.weight(column, output);
        }
        weights[width] = model.bias(output);
        return weights;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void train_tinyProblem_reachesPrimalOptimum(boolean soft) {
        Problem problem = Problem.make(soft);
        LinearModel model = new DualCoordinateDescent(OUTPUTS, 2_000, 1e-7f).train(problem.rows, problem.examples, 1);
        for (int output = 0; output < OUTPUTS; output++) {
            double optimum = problem.objective(problem.optimum(output), output);
            double reached = problem.objective(weights(model, problem, output), output);
            assertThat(optimum).isGreaterThan(1);
            assertThat(reached).isCloseTo(optimum, within(1e-3));
            double[] margins = model.margins(problem.examples.get(0).row());
            assertThat(margins[output])
                    .isCloseTo(problem.margin(problem.optimum(output), problem.examples.get(0)), within(1e-2));
        }
    }

    @Test
    void train_oneExample_hasClosedForm() {
        // min b^2/2 + c max(0, 1 - b)^2 has its minimum at b = 2c / (1 + 2c)
        SparseMatrix rows = new SparseMatrix(1);
        SparseMatrix.Builder builder = rows.new Builder();
        int row = builder.endRow();
        rows.sortColumnsByFrequency();
        LinearModel model = new DualCoordinateDescent(2, 100, 1e-7f)
                .train(
                        rows,
                        List.of(new DualCoordinateDescent.Example(row, new float[] {3, 0}, new float[] {0, 3})),
                        1);
        assertThat(model.bias(0)).isCloseTo(6f / 7, within(1e-5f));
        assertThat(model.bias(1)).isCloseTo(-6f / 7, within(1e-5f));
    }

    @Test
    void train_otherSeed_reachesSameOptimum() {
        Problem problem = Problem.make(true);
        DualCoordinateDescent descent = new DualCoordinateDescent(OUTPUTS, 2_000, 1e-7f);
        double[] one = weights(descent.train(problem.rows, problem.examples, 1), problem, 0);
        double[] same = weights(descent.train(problem.rows, problem.examples, 1), problem, 0);
        double[] other = weights(descent.train(problem.rows, problem.examples, 2), problem, 0);
        assertThat(same).isEqualTo(one);
        assertThat(other).containsExactly(one, within(1e-3));
    }

    @Test
    void train_noCosts_leavesZero() {
        Problem problem = Problem.make(false);
        List<DualCoordinateDescent.Example> free = problem.examples.stream()
                .map(example ->
                        new DualCoordinateDescent.Example(example.row(), new float[OUTPUTS], new float[OUTPUTS]))
                .toList();
        LinearModel model = new DualCoordinateDescent(OUTPUTS, 10, 1e-3f).train(problem.rows, free, 1);
        assertThat(weights(model, problem, 1)).containsOnly(0.0);
    }
}
