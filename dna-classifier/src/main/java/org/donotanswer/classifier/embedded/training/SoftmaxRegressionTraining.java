package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import org.donotanswer.classifier.embedded.SoftmaxRegression;

/**
 * Trains a {@link SoftmaxRegression} to the optimum by Newton's method, with an L2 penalty on the coefficients of
 * standardized inputs, not on the intercepts. With two classes this is Platt scaling ("Probabilistic Outputs for Support
 * Vector Machines", 1999).
 */
final class SoftmaxRegressionTraining {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-9;

    private SoftmaxRegressionTraining() {}

    /**
     * Trains a regression.
     *
     * @param inputs by example, then input
     * @param targets by example, then class: the weight of the class; the sum over classes is the weight of the example
     * @param penalty the factor of half the squared coefficients, added to the sum of the log losses of the examples
     */
    static SoftmaxRegression train(double[][] inputs, double[][] targets, double penalty) {
        Standardization standardization = Standardization.of(inputs, targets);
        double[][] standardized = standardization.apply(inputs);
        int width = standardized[0].length;
        int classes = targets[0].length;
        double[] parameters = new double[classes * width];
        double loss = loss(standardized, targets, penalty, parameters);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double[] direction = newtonDirection(standardized, targets, penalty, parameters);
            double step = 1;
            double[] next = stepped(parameters, direction, step);
            double nextLoss = loss(standardized, targets, penalty, next);
            while (nextLoss > loss && step > 1e-6) {
                step /= 2;
                next = stepped(parameters, direction, step);
                nextLoss = loss(standardized, targets, penalty, next);
            }
            boolean done = loss - nextLoss <= TOLERANCE * Math.max(1, Math.abs(loss));
            if (nextLoss <= loss) {
                parameters = next;
                loss = nextLoss;
            }
            if (done) {
                break;
            }
        }
        return new SoftmaxRegression(standardization.unfold(parameters, classes));
    }

    private static double[] stepped(double[] parameters, double[] direction, double step) {
        double[] next = parameters.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] -= step * direction[i];
        }
        return next;
    }

    private static double loss(double[][] inputs, double[][] targets, double penalty, double[] parameters) {
        int width = inputs[0].length;
        double loss = 0;
        for (int i = 0; i < inputs.length; i++) {
            double[] logits = logits(inputs[i], parameters, targets[i].length);
            double max = Arrays.stream(logits).max().orElseThrow();
            double sum = 0;
            for (double logit : logits) {
                sum += StrictMath.exp(logit - max);
            }
            for (int c = 0; c < logits.length; c++) {
                loss += targets[i][c] * (max + StrictMath.log(sum) - logits[c]);
            }
        }
        for (int p = 0; p < parameters.length; p++) {
            loss += 0.5 * penaltyOf(p, width, penalty) * parameters[p] * parameters[p];
        }
        return loss;
    }

    /** Returns the penalty of a parameter; almost none for an intercept, just enough to make the common shift unique. */
    private static double penaltyOf(int parameter, int width, double penalty) {
        return (parameter + 1) % width == 0 ? 1e-6 : penalty;
    }

    private static double[] logits(double[] input, double[] parameters, int classes) {
        int width = input.length;
        double[] logits = new double[classes];
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < width; j++) {
                logits[c] += parameters[c * width + j] * input[j];
            }
        }
        return logits;
    }

    private static double[] newtonDirection(
            double[][] inputs, double[][] targets, double penalty, double[] parameters) {
        int width = inputs[0].length;
        int classes = targets[0].length;
        int size = parameters.length;
        double[] gradient = new double[size];
        double[][] hessian = new double[size][size];
        for (int i = 0; i < inputs.length; i++) {
            double weight = Arrays.stream(targets[i]).sum();
            double[] p = SoftmaxRegression.softmax(logits(inputs[i], parameters, classes));
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j < width; j++) {
                    gradient[c * width + j] += (weight * p[c] - targets[i][c]) * inputs[i][j];
                }
                for (int d = 0; d <= c; d++) {
                    double curvature = weight * (c == d ? p[c] * (1 - p[c]) : -p[c] * p[d]);
                    for (int j = 0; j < width; j++) {
                        double scaled = curvature * inputs[i][j];
                        for (int k = 0; k < width; k++) {
                            hessian[c * width + j][d * width + k] += scaled * inputs[i][k];
                        }
                    }
                }
            }
        }
        for (int p = 0; p < size; p++) {
            gradient[p] += penaltyOf(p, width, penalty) * parameters[p];
            hessian[p][p] += penaltyOf(p, width, penalty) + 1e-9;
        }
        return solve(hessian, gradient);
    }

    /** Solves a positive definite system, given by its lower triangle, by Cholesky decomposition in place. */
    private static double[] solve(double[][] a, double[] b) {
        int n = b.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j][j];
            }
        }
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= a[k][i] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }

    /** The means and standard deviations of the inputs. */
    private record Standardization(double[] means, double[] deviations) {
        static Standardization of(double[][] inputs, double[][] targets) {
            int width = inputs[0].length;
            double[] means = new double[width];
            double[] deviations = new double[width];
            double total = 0;
            for (int i = 0; i < inputs.length; i++) {
                double weight = Arrays.stream(targets[i]).sum();
                total += weight;
                for (int j = 0; j < width; j++) {
                    means[j] += weight * inputs[i][j];
                    deviations[j] += weight * inputs[i][j] * inputs[i][j];
                }
            }
            for (int j = 0; j < width; j++) {
                means[j] /= total;
                deviations[j] = Math.sqrt(Math.max(0, deviations[j] / total - means[j] * means[j]));
                if (deviations[j] < 1e-9) {
                    deviations[j] = 1;
                }
            }
            return new Standardization(means, deviations);
        }

        /** Returns the standardized inputs, with a 1 appended for the intercept. */
        double[][] apply(double[][] inputs) {
            double[][] standardized = new double[inputs.length][means.length + 1];
            for (int i = 0; i < inputs.length; i++) {
                for (int j = 0; j < means.length; j++) {
                    standardized[i][j] = (inputs[i][j] - means[j]) / deviations[j];
                }
                standardized[i][means.length] = 1;
            }
            return standardized;
        }

        /** Returns the coefficients for inputs that are not standardized. */
        double[][] unfold(double[] parameters, int classes) {
            int width = means.length;
            double[][] coefficients = new double[classes][width + 1];
            for (int c = 0; c < classes; c++) {
                double intercept = parameters[c * (width + 1) + width];
                for (int j = 0; j < width; j++) {
                    coefficients[c][j] = parameters[c * (width + 1) + j] / deviations[j];
                    intercept -= coefficients[c][j] * means[j];
                }
                coefficients[c][width] = intercept;
            }
            return coefficients;
        }
    }
}
