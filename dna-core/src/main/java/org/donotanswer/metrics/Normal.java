package org.donotanswer.metrics;

/** The standard normal distribution. */
final class Normal {
    private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
    /** From here on, the continued fraction converges faster than the series. */
    private static final double FAR = 3;

    private Normal() {}

    /**
     * Returns the probability of a value above x, accurate to about 14 digits even in the far tail.
     *
     * <p>Near 0 by the series of G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11
     * (2004); in the tail by Laplace's continued fraction 1/(x+1/(x+2/(x+3/(x+...)))) times the density.
     */
    static double upperTail(double x) {
        if (x < 0) {
            return 1 - upperTail(-x);
        }
        double density = Math.exp(-x * x / 2) / SQRT_TWO_PI;
        if (x < FAR) {
            double term = x;
            double sum = x;
            for (int i = 3; term > sum * 1e-17; i += 2) {
                term *= x * x / i;
                sum += term;
            }
            return 0.5 - sum * density;
        }
        double fraction = x;
        for (int i = 100; i >= 1; i--) {
            fraction = x + i / fraction;
        }
        return density / fraction;
    }

    /** Returns the x above which a value has the given probability, in (0, 1), by bisection. */
    static double upperQuantile(double probability) {
        double low = -40;
        double high = 40;
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return middle;
            }
            if (upperTail(middle) > probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
