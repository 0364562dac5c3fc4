package org.donotanswer.bench;

import java.util.Locale;
import org.donotanswer.metrics.Interval;

/** How figures are shown to people. */
final class Shown {
    private Shown() {}

    /** Returns a figure in [0, 1] with three decimals, such as {@code .831}; {@code -} if it is not defined. */
    static String figure(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.startsWith("0.") ? text.substring(1) : text;
    }

    /** Returns a difference with its sign, such as {@code -.041}. */
    static String difference(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, "%+.3f", value).replaceFirst("(?<=[+-])0", "");
    }

    /** Returns an interval, such as {@code .815-.846}. */
    static String interval(Interval interval) {
        return figure(interval.lower()) + "-" + figure(interval.upper());
    }

    /** Returns an interval of differences, such as {@code -.055..-.027}. */
    static String differences(Interval interval) {
        return difference(interval.lower()) + ".." + difference(interval.upper());
    }

    /** Returns a p-value, such as {@code .012} or {@code <.001}. */
    static String pValue(double value) {
        return value < 0.001 ? "<.001" : figure(value);
    }

    /** Returns a share in percent, such as {@code 0.35 %}. */
    static String percent(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * value);
    }

    /** Returns a number with separators. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
