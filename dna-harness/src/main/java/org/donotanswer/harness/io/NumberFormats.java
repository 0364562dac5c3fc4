package org.donotanswer.harness.io;

import java.util.Locale;

/** Formats numbers for people. Pure functions, hence thread-safe. */
public final class NumberFormats {
    private NumberFormats() {}

    /** Returns a proportion in percent, for example {@code 0.35 %}; {@code -} if it is not defined. */
    public static String percent(double proportion) {
        return Double.isNaN(proportion) ? "-" : format("%.2f %%", 100 * proportion);
    }

    /** Returns a number with thousands separators. */
    public static String count(long value) {
        return format("%,d", value);
    }

    /** Returns the formatted values, independent of the locale. */
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
