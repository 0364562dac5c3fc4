package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** Multinomial logistic regression of few inputs. Immutable, hence thread-safe. */
public final class SoftmaxRegression {
    /** By class, then input; the intercept is last. They apply to inputs as they come: standardization is folded in. */
    private final double[][] coefficients;

    /** Makes a regression with coefficients by class, then input, the intercept last. */
    public SoftmaxRegression(double[][] coefficients) {
        this.coefficients = new double[coefficients.length][];
        for (int i = 0; i < coefficients.length; i++) {
            this.coefficients[i] = coefficients[i].clone();
        }
    }

    /** Returns a copy of the coefficients, by class, then input; the intercept is last. */
    public double[][] coefficients() {
        return new SoftmaxRegression(coefficients).coefficients;
    }

    /** Returns the probability of each class. */
    public double[] probabilities(double[] inputs) {
        double[] result = new double[coefficients.length];
        for (int c = 0; c < result.length; c++) {
            result[c] = linear(coefficients[c], inputs);
        }
        return softmax(result);
    }

    private static double linear(double[] coefficients, double[] inputs) {
        double sum = coefficients[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            sum += coefficients[i] * inputs[i];
        }
        return sum;
    }

    /** Replaces logits by their softmax, in place, and returns them. */
    public static double[] softmax(double[] logits) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            logits[c] = StrictMath.exp(logits[c] - max);
            sum += logits[c];
        }
        for (int c = 0; c < logits.length; c++) {
            logits[c] /= sum;
        }
        return logits;
    }
}
