package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.ZeroDivision;

/**
 * How well labels agree with those of the reference, in [0, 1], or how much that varies. Immutable, hence thread-safe.
 *
 * @param accuracy the share of the same labels
 * @param precision the mean over classes, as for the other two
 * @param recall the mean over classes
 * @param f1 the mean of the classes' F1, not that of the two means
 */
public record AgreementFigures(double accuracy, double precision, double recall, double f1) {
    /** Returns the figures of a matrix; classes that do not occur in it do not count. */
    static <L> AgreementFigures of(ConfusionMatrix<L> matrix, ZeroDivision zeroDivision) {
        ClassificationReport<L> report = ClassificationReport.of(matrix.withoutAbsentLabels(), zeroDivision);
        return new AgreementFigures(
                report.accuracy(),
                report.macro().precision(),
                report.macro().recall(),
                report.macro().f1());
    }

    /** Returns the means of some figures; NaN where one of them is, and of none. */
    public static AgreementFigures mean(Collection<AgreementFigures> all) {
        return each(all, AgreementFigures::mean);
    }

    /** Returns the standard deviations, these being a sample (n - 1); NaN of fewer than two. */
    public static AgreementFigures standardDeviation(Collection<AgreementFigures> all) {
        return each(all, AgreementFigures::standardDeviation);
    }

    private static AgreementFigures each(Collection<AgreementFigures> all, ToDoubleFunction<double[]> statistic) {
        return new AgreementFigures(
                of(all, AgreementFigures::accuracy, statistic),
                of(all, AgreementFigures::precision, statistic),
                of(all, AgreementFigures::recall, statistic),
                of(all, AgreementFigures::f1, statistic));
    }

    private static double of(
            Collection<AgreementFigures> all,
            ToDoubleFunction<AgreementFigures> figure,
            ToDoubleFunction<double[]> statistic) {
        return statistic.applyAsDouble(all.stream().mapToDouble(figure).toArray());
    }

    /** Adds from left to right, as the paper's code does: the last digit of a table may hang on it. */
    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double standardDeviation(double[] values) {
        return values.length < 2 ? Double.NaN : Math.sqrt(squares(values) / (values.length - 1));
    }

    /** Returns the standard deviation of values that are all there are (n); NaN of none. */
    static double populationDeviation(double[] values) {
        return Math.sqrt(squares(values) / values.length);
    }

    private static double squares(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return squares;
    }

    /** Returns the figures rounded to some decimals, halves to even. */
    public AgreementFigures rounded(int decimals) {
        double scale = Math.pow(10, decimals);
        return map(value -> Math.rint(value * scale) / scale);
    }

    /** Returns these figures less others. */
    public AgreementFigures minus(AgreementFigures other) {
        return new AgreementFigures(
                accuracy - other.accuracy, precision - other.precision, recall - other.recall, f1 - other.f1);
    }

    private AgreementFigures map(DoubleUnaryOperator function) {
        return new AgreementFigures(
                function.applyAsDouble(accuracy),
                function.applyAsDouble(precision),
                function.applyAsDouble(recall),
                function.applyAsDouble(f1));
    }
}
