package org.donotanswer.metrics;

/**
 * Precision, recall and F1, of one class or on average. Immutable, hence thread-safe.
 *
 * @param precision the proportion of the items predicted to be of the class that are of the class, in [0, 1] or NaN
 * @param recall the proportion of the items of the class that are predicted to be of the class, in [0, 1] or NaN
 * @param f1 the harmonic mean of both, in [0, 1] or NaN
 * @param support the number of items whose gold label is the class
 */
public record ClassScores(double precision, double recall, double f1, long support) {
    /**
     * Checks the scores.
     *
     * @throws IllegalArgumentException if one is neither in [0, 1] nor NaN, or the support is negative
     */
    public ClassScores {
        requireProportion("precision", precision);
        requireProportion("recall", recall);
        requireProportion("f1", f1);
        if (support < 0) {
            throw new IllegalArgumentException("support must be at least 0, but was " + support);
        }
    }

    private static void requireProportion(String name, double proportion) {
        if (proportion < 0 || proportion > 1) {
            throw new IllegalArgumentException(name + " must be in [0, 1] or NaN, but was " + proportion);
        }
    }

    /** Returns the scores of a class from its counts: tp/(tp+fp), tp/(tp+fn) and 2tp/(2tp+fp+fn). */
    static ClassScores of(long truePositives, long falsePositives, long falseNegatives, ZeroDivision zeroDivision) {
        double right = truePositives;
        double predicted = right + falsePositives;
        double occurring = right + falseNegatives;
        return new ClassScores(
                zeroDivision.ratio(right, predicted),
                zeroDivision.ratio(right, occurring),
                zeroDivision.ratio(2 * right, predicted + occurring),
                truePositives + falseNegatives);
    }
}
