package org.donotanswer.classifier.transformer;

/** The sigmoid function. Stateless, hence thread-safe. */
final class Sigmoids {
    private Sigmoids() {}

    static double sigmoid(double logit) {
        return Math.exp(logSigmoid(logit));
    }

    /** Returns the logarithm of the sigmoid, without overflow or underflow. */
    static double logSigmoid(double logit) {
        return Math.min(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)));
    }
}
