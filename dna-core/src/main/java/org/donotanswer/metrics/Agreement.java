package org.donotanswer.metrics;

/** Agreement between two raters. Pure functions, hence thread-safe. */
public final class Agreement {
    private Agreement() {}

    /**
     * Returns Cohen's kappa: (o - e) / (1 - e), where o is the share of items on which the two agree and e the share on which
     * they would by chance, were each to give its labels independently of the other. In [-1, 1]; 1 is perfect agreement, 0
     * that of chance. NaN if there are no items, or if both gave one and the same label to all.
     *
     * <p>J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20 (1960).
     *
     * @param matrix one rater's labels as gold, the other's as predicted
     */
    public static <L> double cohensKappa(ConfusionMatrix<L> matrix) {
        double total = matrix.total();
        double expected = 0;
        for (L label : matrix.labels()) {
            expected += matrix.support(label) / total * (matrix.predicted(label) / total);
        }
        double observed = matrix.correct() / total;
        return (observed - expected) / (1 - expected);
    }
}
