package org.donotanswer.harness.io;

import java.util.Locale;
import org.donotanswer.metrics.Interval;

/** How figures are shown to people. */
public final class NumberFormats {
    private NumberFormats() {}

    /** Returns a figure in [0, 1] in four characters, such as {@code .831} or {@code 1.00}; {@code -} if not defined. */
    public static String figure(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = format("%.3f", value);
        return text.startsWith("0.") ? text.substring(1) : text.substring(0, 4);
    }

    /** Returns a difference with its sign, such as {@code -.041}. */
    public static String difference(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = format("%+.3f", value);
        return text.startsWith("0.", 1) ? text.charAt(0) + text.substring(2) : text.substring(0, 5);
    }

    /** Returns an interval, such as {@code .815-.846}. */
    public static String interval(Interval interval) {
        return figure(interval.lower()) + "-" + figure(interval.upper());
    }

    /** Returns an interval of differences, such as {@code -.055..-.027}. */
    public static String differences(Interval interval) {
        return difference(interval.lower()) + ".." + difference(interval.upper());
    }

    /** Returns a p-value, such as {@code .012} or {@code <.001}. */
    public static String pValue(double value) {
        return value < 0.001 ? "<.001" : figure(value);
    }

    /** Returns a share in percent, such as {@code 0.35 %}. */
    public static String percent(double value) {
        return Double.isNaN(value) ? "-" : format("%.2f %%", 100 * value);
    }

    /** Returns a number with separators. */
    public static String count(long value) {
        return format("%,d", value);
    }

    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
