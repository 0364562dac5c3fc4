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
 * @param accuracy the proportion of equal labels
 * @param precision the mean over classes, as are the next two
 * @param recall the mean over classes
 * @param f1 the mean of the classes' F1, not the F1 of the two means
 */
@JsonPropertyOrder({"accuracy", "macroF1", "macroPrecision", "macroRecall"})
public record MacroScores(
        double accuracy,
        @JsonProperty("macroPrecision") double precision,
        @JsonProperty("macroRecall") double recall,
        @JsonProperty("macroF1") double f1) {
    /** Returns the scores of a matrix; classes that do not occur in it do not count. */
    static <L> MacroScores of(ConfusionMatrix<L> matrix, ZeroDivision zeroDivision) {
        ClassificationReport<L> report = ClassificationReport.of(matrix.withoutAbsentLabels(), zeroDivision);
        return new MacroScores(
                report.accuracy(),
                report.macro().precision(),
                report.macro().recall(),
                report.macro().f1());
    }

    /** Returns the means of scores; NaN if there are none, or for a score that is NaN in one of them. */
    public static MacroScores mean(Collection<MacroScores> all) {
        return each(all, MacroScores::mean);
    }

    /** Returns the standard deviations of scores that are a sample (n - 1); NaN of fewer than two. */
    public static MacroScores standardDeviation(Collection<MacroScores> all) {
        return each(all, MacroScores::standardDeviation);
    }

    private static MacroScores each(Collection<MacroScores> all, ToDoubleFunction<double[]> statistic) {
        ToDoubleFunction<ToDoubleFunction<MacroScores>> of =
                score -> statistic.applyAsDouble(all.stream().mapToDouble(score).toArray());
        return new MacroScores(
                of.applyAsDouble(MacroScores::accuracy),
                of.applyAsDouble(MacroScores::precision),
                of.applyAsDouble(MacroScores::recall),
                of.applyAsDouble(MacroScores::f1));
    }

    /** Adds from left to right, as the paper's code does: the last digit of a table may depend on it. */
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

    /** Returns the standard deviation of a whole population (n); NaN if there are no values. */
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

    /** Returns the scores rounded to some decimals, half to even. */
    public MacroScores rounded(int decimals) {
        double scale = Math.pow(10, decimals);
        DoubleUnaryOperator round = value -> Math.rint(value * scale) / scale;
        return new MacroScores(
                round.applyAsDouble(accuracy),
                round.applyAsDouble(precision),
                round.applyAsDouble(recall),
                round.applyAsDouble(f1));
    }

    /** Returns these scores less others. */
    public MacroScores minus(MacroScores other) {
        return new MacroScores(
                accuracy - other.accuracy, precision - other.precision, recall - other.recall, f1 - other.f1);
    }
}
