package org.donotanswer.harness.report;

import java.util.Locale;
import java.util.Optional;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;

/** Creates the cells of tables, one way for each kind of figure. Pure functions, hence thread-safe. */
public final class TableCells {
    private static final double MIN_P_VALUE = 0.0001;

    private TableCells() {}

    /** Returns a cell of text. */
    public static Cell text(String text) {
        return new Text(text);
    }

    /** Returns a count. */
    public static Cell count(long count) {
        return Figure.count(count);
    }

    /** Returns a score in [0, 1], with three decimals. */
    public static Cell score(double value) {
        return Figure.of(value, 3);
    }

    /** Returns a score in [0, 1] with its interval, if that is defined. */
    public static Cell score(double value, Interval interval) {
        return new Figure(value, 3, defined(interval));
    }

    /** Returns an estimated score with its interval, if that is defined. */
    public static Cell score(Estimate estimate) {
        return score(estimate.value(), estimate.interval());
    }

    /** Returns the difference between two scores with its interval, if that is defined. */
    public static Cell difference(Comparison comparison) {
        return score(comparison.difference(), comparison.interval());
    }

    /** Returns a proportion as a percentage, without the sign. */
    public static Cell percent(double proportion) {
        return Figure.of(100 * proportion, 1);
    }

    /** Returns a proportion and its interval as percentages, without the sign. */
    public static Cell percent(double proportion, Interval interval) {
        return new Figure(
                100 * proportion,
                1,
                defined(interval).map(ends -> new Interval(100 * ends.lower(), 100 * ends.upper())));
    }

    /** Returns a proportion and Wilson's interval as percentages, without the sign. */
    public static Cell percent(Proportion proportion, double confidence) {
        return percent(proportion.value(), proportion.interval(confidence));
    }

    /** Returns a p-value with four decimals; {@code <0.0001} if it is smaller. */
    public static Cell pValue(double value) {
        return value < MIN_P_VALUE ? text("<0.0001") : Figure.of(value, 4);
    }

    /**
     * Returns the p-value of a bootstrap. The smallest one that so many resamples can show stands for every greater
     * difference, too, and is given as a bound: "≤ 0.002".
     */
    public static Cell pValue(Comparison comparison, int resamples) {
        if (Double.isNaN(comparison.difference())) {
            return pValue(Double.NaN);
        }
        double floor = 2.0 / (resamples - comparison.undefined() + 1);
        return floor >= MIN_P_VALUE && floor < 1 && comparison.pValue() <= floor
                ? text("≤ " + String.format(Locale.ROOT, "%.4f", floor).replaceAll("0+$", ""))
                : pValue(comparison.pValue());
    }

    private static Optional<Interval> defined(Interval interval) {
        return Double.isNaN(interval.lower()) ? Optional.empty() : Optional.of(interval);
    }
}
