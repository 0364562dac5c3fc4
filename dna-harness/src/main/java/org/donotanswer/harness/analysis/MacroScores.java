package org.donotanswer.harness.analysis;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
@JsonPropertyOrder({"accuracy", "macroF1", "macroPrecision", "macroRecall"})
public record MacroScores(
        double accuracy,
        @JsonProperty("macroPrecision") double precision,
        @JsonProperty("macroRecall") double recall,
        @JsonProperty("macroF1") double f1) {
    /** Returns the figures of a matrix; classes that do not occur in it do not count. */
    static <L> MacroScores of(ConfusionMatrix<L> matrix, ZeroDivision zeroDivision) {
        ClassificationReport<L> report = ClassificationReport.of(matrix.withoutAbsentLabels(), zeroDivision);
        return new MacroScores(
                report.accuracy(),
                report.macro().precision(),
                report.macro().recall(),
                report.macro().f1());
    }

    /** Returns the means of some figures; NaN where one of them is, and of none. */
    public static MacroScores mean(Collection<MacroScores> all) {
        return each(all, MacroScores::mean);
    }

    /** Returns the standard deviations, these being a sample (n - 1); NaN of fewer than two. */
    public static MacroScores standardDeviation(Collection<MacroScores> all) {
        return each(all, MacroScores::standardDeviation);
    }

    private static MacroScores each(Collection<MacroScores> all, ToDoubleFunction<double[]> statistic) {
        return new MacroScores(
                of(all, MacroScores::accuracy, statistic),
                of(all, MacroScores::precision, statistic),
                of(all, MacroScores::recall, statistic),
                of(all, MacroScores::f1, statistic));
    }

    private static double of(
            Collection<MacroScores> all, ToDoubleFunction<MacroScores> figure, ToDoubleFunction<double[]> statistic) {
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
    public MacroScores rounded(int decimals) {
        double scale = Math.pow(10, decimals);
        return map(value -> Math.rint(value * scale) / scale);
    }

    /** Returns these figures less others. */
    public MacroScores minus(MacroScores other) {
        return new MacroScores(
                accuracy - other.accuracy, precision - other.precision, recall - other.recall, f1 - other.f1);
    }

    private MacroScores map(DoubleUnaryOperator function) {
        return new MacroScores(
                function.applyAsDouble(accuracy),
                function.applyAsDouble(precision),
                function.applyAsDouble(recall),
                function.applyAsDouble(f1));
    }
}
