package org.donotanswer.bench.encoder;

import java.util.Arrays;

/**
 * Multinomial logistic regression by Newton's method: class k of an item has the logit {@code sum_j weight_j * x[k][j]}, so
 * that an event against its absence is the case of two classes, one of which has zeros for features. Minimises the sum of
 * weighted log losses plus {@code sum_j l2_j * weight_j^2 / 2}, which is convex, so that there is one result: Hastie,
 * Tibshirani and Friedman, "The Elements of Statistical Learning", 2nd edition, section 4.4.1. Pure functions, hence
 * thread-safe.
 *
 * <p>Dimensions: n items, K classes, P weights.
 */
final class SecondStageFit {
    private static final int MAX_STEPS = 100;
    private static final int MAX_HALVINGS = 30;
    private static final double TOLERANCE = 1e-9;

    private final double[][][] x;
    private final int[] y;
    private final double[] itemWeights;
    private final double[] l2;

    private SecondStageFit(double[][][] x, int[] y, double[] itemWeights, double[] l2) {
        this.x = x;
        this.y = y;
        this.itemWeights = itemWeights;
        this.l2 = l2;
    }

    /**
     * Returns the weights with the least loss.
     *
     * @param x the features: [n][K][P]
     * @param y the class of each item: [n]
     * @param itemWeights the weight of each item, at least 0: [n]
     * @param l2 the penalty of each weight; above 0 unless the items determine the weight: [P]
     * @throws IllegalArgumentException if there are no two classes among the items, or the penalties do not suffice
     */
    static double[] fit(double[][][] x, int[] y, double[] itemWeights, double[] l2) {
        if (Arrays.stream(y).distinct().count() < 2) {
            throw new IllegalArgumentException("labels must be of two classes or more, but were of "
                    + Arrays.stream(y).distinct().count());
        }
        return new SecondStageFit(x, y, itemWeights, l2).minimum();
    }

    private double[] minimum() {
        double[] weights = new double[l2.length];
        double loss = loss(weights);
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] direction = direction(weights);
            double[] next = weights;
            double nextLoss = Double.POSITIVE_INFINITY;
            double length = 1;
            for (int halving = 0; halving < MAX_HALVINGS && !(nextLoss <= loss); halving++) {
                next = moved(weights, direction, length);
                nextLoss = loss(next);
                length /= 2;
            }
            if (!(nextLoss <= loss)) {
                return weights;
            }
            double change =
                    Arrays.stream(moved(next, weights, 1)).map(Math::abs).max().orElse(0);
            weights = next;
            loss = nextLoss;
            if (change < TOLERANCE) {
                return weights;
            }
        }
        return weights;
    }

    /** Returns {@code from - length * direction}. */
    private static double[] moved(double[] from, double[] direction, double length) {
        double[] moved = from.clone();
        for (int j = 0; j < moved.length; j++) {
            moved[j] -= length * direction[j];
        }
        return moved;
    }

    private double loss(double[] weights) {
        double loss = 0;
        for (int j = 0; j < l2.length; j++) {
            loss += l2[j] * weights[j] * weights[j] / 2;
        }
        for (int i = 0; i < y.length; i++) {
            loss -= itemWeights[i] * Math.log(Math.max(Double.MIN_NORMAL, probabilities(x[i], weights)[y[i]]));
        }
        return loss;
    }

    /** Returns the inverse of the Hessian times the gradient. */
    private double[] direction(double[] weights) {
        int size = l2.length;
        double[] gradient = new double[size];
        double[][] hessian = new double[size][size];
        for (int j = 0; j < size; j++) {
            gradient[j] = l2[j] * weights[j];
            hessian[j][j] = l2[j];
        }
        for (int i = 0; i < y.length; i++) {
            add(i, probabilities(x[i], weights), gradient, hessian);
        }
        return solve(hessian, gradient);
    }

    private void add(int item, double[] probabilities, double[] gradient, double[][] hessian) {
        double[] mean = new double[gradient.length];
        for (int k = 0; k < probabilities.length; k++) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += probabilities[k] * x[item][k][j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            gradient[j] += itemWeights[item] * (mean[j] - x[item][y[item]][j]);
        }
        for (int k = 0; k < probabilities.length; k++) {
            double factor = itemWeights[item] * probabilities[k];
            for (int j = 0; j < mean.length; j++) {
                double left = factor * (x[item][k][j] - mean[j]);
                for (int m = 0; m <= j && left != 0; m++) {
                    hessian[j][m] += left * (x[item][k][m] - mean[m]);
                }
            }
        }
    }

    /** Returns the probabilities of the classes of an item with features [K][P]. */
    static double[] probabilities(double[][] features, double[] weights) {
        double[] values = new double[features.length];
        for (int k = 0; k < values.length; k++) {
            for (int j = 0; j < weights.length; j++) {
                values[k] += weights[j] * features[k][j];
            }
        }
        double greatest = Arrays.stream(values).max().orElseThrow();
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
            values[k] = Math.exp(values[k] - greatest);
            sum += values[k];
        }
        for (int k = 0; k < values.length; k++) {
            values[k] /= sum;
        }
        return values;
    }

    /** Solves a system with a symmetric positive definite matrix, whose lower half is given and changed: Cholesky. */
    private static double[] solve(double[][] matrix, double[] right) {
        int size = right.length;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= matrix[i][k] * matrix[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException(
                            "penalties must determine all weights, but did not determine weight " + i);
                }
                matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
            }
        }
        double[] solution = right.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                solution[i] -= matrix[i][k] * solution[k];
            }
            solution[i] /= matrix[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                solution[i] -= matrix[k][i] * solution[k];
            }
            solution[i] /= matrix[i][i];
        }
        return solution;
    }
}
