package org.donotanswer.internal;

import java.util.Locale;

/**
 * Probabilities as text for people, without false certainty: what would be rounded to 0 or 1 is shown as less or more than
 * the last digit. Exactly 0 and 1 are shown as such: they are not estimated, as where a judge names one label. Stateless,
 * hence thread-safe.
 */
public final class ProbabilityText {
    private ProbabilityText() {}

    /** Returns a probability in percent: {@code 12.3 %}, {@code < 0.1 %} or {@code > 99.9 %}. */
    public static String percent(double probability) {
        if (probability > 0 && probability < 0.001) {
            return "< 0.1 %";
        }
        if (probability > 0.999 && probability < 1) {
            return "> 99.9 %";
        }
        return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }

    /** Returns a probability in percent without decimals: {@code 12 %}, {@code < 1 %} or {@code > 99 %}. */
    public static String wholePercent(double probability) {
        if (probability > 0 && probability < 0.01) {
            return "< 1 %";
        }
        if (probability > 0.99 && probability < 1) {
            return "> 99 %";
        }
        return String.format(Locale.ROOT, "%.0f %%", 100 * probability);
    }

    /** Returns a probability as a number: {@code 0.1230}, {@code < 0.0001} or {@code > 0.9999}. */
    public static String number(double probability) {
        if (probability > 0 && probability < 0.0001) {
            return "< 0.0001";
        }
        if (probability > 0.9999 && probability < 1) {
            return "> 0.9999";
        }
        return String.format(Locale.ROOT, "%.4f", probability);
    }
}
