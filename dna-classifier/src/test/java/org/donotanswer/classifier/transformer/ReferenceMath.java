package org.donotanswer.classifier.transformer;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The operations that the transcriptions of the reference use, in plain loops over doubles: [tokens][size]. They share
 * nothing with the code under test.
 */
final class ReferenceMath {
    /** What the reference adds to the score of a token that is hidden. */
    static final double HIDDEN = -Float.MAX_VALUE;

    private ReferenceMath() {}

    /** What is added to the score of a query and a key. */
    interface Bias {
        double of(int head, int query, int key);
    }

    /** Returns {@code x W^T + b}. */
    static double[][] linear(double[][] x, double[][] matrix, double @Nullable [] bias) {
        double[][] y = new double[x.length][matrix.length];
        for (int row = 0; row < x.length; row++) {
            for (int out = 0; out < matrix.length; out++) {
                double sum = bias == null ? 0 : bias[out];
                for (int in = 0; in < x[row].length; in++) {
                    sum += x[row][in] * matrix[out][in];
                }
                y[row][out] = sum;
            }
        }
        return y;
    }

    static double[][] layerNorm(double[][] x, double[] weight, double @Nullable [] bias, double epsilon) {
        double[][] y = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            int size = x[row].length;
            double mean = 0;
            for (double value : x[row]) {
                mean += value / size;
            }
            double variance = 0;
            for (double value : x[row]) {
                variance += (value - mean) * (value - mean) / size;
            }
            y[row] = new double[size];
            for (int i = 0; i < size; i++) {
                y[row][i] =
                        (x[row][i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + (bias == null ? 0 : bias[i]);
            }
        }
        return y;
    }

    static double[][] plus(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < sum[row].length; i++) {
                sum[row][i] = x[row][i] + y[row][i];
            }
        }
        return sum;
    }

    static double[][] map(double[][] x, DoubleUnaryOperator function) {
        double[][] y = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            y[row] = Arrays.stream(x[row]).map(function).toArray();
        }
        return y;
    }

    /** Returns attention by heads that are side by side in the columns, with scores divided by the root of their size. */
    static double[][] attention(double[][] query, double[][] key, double[][] value, int heads, Bias bias) {
        int size = query[0].length / heads;
        double[][] context = new double[query.length][query[0].length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < query.length; i++) {
                double[] scores = new double[key.length];
                for (int j = 0; j < key.length; j++) {
                    double product = 0;
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        product += query[i][d] * key[j][d];
                    }
                    scores[j] = product / Math.sqrt(size) + bias.of(head, i, j);
                }
                double[] weights = softmax(scores);
                for (int d = head * size; d < (head + 1) * size; d++) {
                    for (int j = 0; j < key.length; j++) {
                        context[i][d] += weights[j] * value[j][d];
                    }
                }
            }
        }
        return context;
    }

    private static double[] softmax(double[] scores) {
        double top = Arrays.stream(scores).max().orElseThrow();
        double[] weights =
                Arrays.stream(scores).map(score -> Math.exp(score - top)).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** Returns the function that ACT2FN has under a name. */
    static DoubleUnaryOperator activation(String name) {
        return switch (name) {
            case "gelu" -> x -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
            case "gelu_new" -> x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case "relu" -> x -> Math.max(0, x);
            case "silu" -> x -> x / (1 + Math.exp(-x));
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The error function by its series of positive terms (Abramowitz and Stegun, 7.1.6). */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
