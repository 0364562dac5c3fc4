package org.donotanswer.metrics;

/**
 * Precision, recall and F1, of one class or on average. Immutable, hence thread-safe.
 *
 * @param precision the share of those predicted to be of the class that are, in [0, 1] or NaN
 * @param recall the share of those of the class that are predicted to be, in [0, 1] or NaN
 * @param f1 the harmonic mean of both, in [0, 1] or NaN
 * @param support the number of items whose gold label the class is
 */
public record ClassScores(double precision, double recall, double f1, long support) {
    /**
     * Checks the scores.
     *
     * @throws IllegalArgumentException if one is neither in [0, 1] nor NaN, or the support is negative
     */
    public ClassScores {
        requireShare("precision", precision);
        requireShare("recall", recall);
        requireShare("f1", f1);
        if (support < 0) {
            throw new IllegalArgumentException("support must be at least 0, but was " + support);
        }
    }

    private static void requireShare(String name, double share) {
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException(name + " must be in [0, 1] or NaN, but was " + share);
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
