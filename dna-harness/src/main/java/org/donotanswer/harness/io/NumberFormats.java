package org.donotanswer.harness.io;

import java.util.Locale;
import org.donotanswer.metrics.Interval;

/** Formats figures for people to read. Stateless, hence thread-safe. */
public final class NumberFormats {
    private NumberFormats() {}

    /** Returns a figure in [0, 1] in four characters, for example {@code .831} or {@code 1.00}; {@code -} for NaN. */
    public static String figure(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = format("%.3f", value);
        return text.startsWith("0.") ? text.substring(1) : text.substring(0, 4);
    }

    /** Returns a difference with its sign, for example {@code -.041}; {@code -} for NaN. */
    public static String difference(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String text = format("%+.3f", value);
        return text.startsWith("0.", 1) ? text.charAt(0) + text.substring(2) : text.substring(0, 5);
    }

    /** Returns an interval, for example {@code .815-.846}. */
    public static String interval(Interval interval) {
        return figure(interval.lower()) + "-" + figure(interval.upper());
    }

    /** Returns an interval of differences, for example {@code -.055..-.027}. */
    public static String differences(Interval interval) {
        return difference(interval.lower()) + ".." + difference(interval.upper());
    }

    /** Returns a p-value, for example {@code .012} or {@code <.001}. */
    public static String pValue(double value) {
        return value < 0.001 ? "<.001" : figure(value);
    }

    /** Returns a proportion as a percentage, for example {@code 0.35 %}; {@code -} for NaN. */
    public static String percent(double value) {
        return Double.isNaN(value) ? "-" : format("%.2f %%", 100 * value);
    }

    /** Returns a number with thousands separators. */
    public static String count(long value) {
        return format("%,d", value);
    }

    /** Formats like {@link String#format}, independently of the locale. */
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
