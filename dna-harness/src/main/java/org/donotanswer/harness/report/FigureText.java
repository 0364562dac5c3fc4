package org.donotanswer.harness.report;

import java.util.Locale;
import org.donotanswer.metrics.Interval;

/** Formats the numbers of a report for people. */
final class FigureText {
    static final String UNDEFINED = "undefined";
    static final String MINUS = "\u2212";
    static final String EN_DASH = "\u2013";

    private FigureText() {}

    /** Returns the number, for example {@code 5,634} or {@code 97.6}; {@code undefined} for NaN. */
    static String value(Report.Figure figure) {
        return number(figure.value(), figure.decimals());
    }

    /** Returns the interval, for example {@code 95.1–98.9}; empty if there is none. */
    static String interval(Report.Figure figure) {
        return figure.interval()
                .map(interval -> interval(interval, figure.decimals()))
                .orElse("");
    }

    /** Returns the number with its interval, if there is one, for example {@code 97.6 (95.1–98.9)}. */
    static String of(Report.Figure figure) {
        String interval = interval(figure);
        return Double.isNaN(figure.value()) || interval.isEmpty()
                ? value(figure)
                : value(figure) + " (" + interval + ")";
    }

    private static String interval(Interval interval, int decimals) {
        if (Double.isNaN(interval.lower())) {
            return UNDEFINED;
        }
        String separator = interval.lower() < 0 ? " to " : EN_DASH;
        return number(interval.lower(), decimals) + separator + number(interval.upper(), decimals);
    }

    private static String number(double value, int decimals) {
        if (Double.isNaN(value)) {
            return UNDEFINED;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\u221E" : MINUS + "\u221E";
        }
        String digits = String.format(Locale.ROOT, "%,." + decimals + "f", Math.abs(value));
        boolean negative = value < 0 && digits.chars().anyMatch(c -> c >= '1' && c <= '9');
        return negative ? MINUS + digits : digits;
    }
}
