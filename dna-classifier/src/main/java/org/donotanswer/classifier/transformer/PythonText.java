package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;

/** The text that Python's {@code str} makes of a value in a JSON file. Stateless, hence thread-safe. */
final class PythonText {
    /** Python writes numbers from {@link #LARGE} on, and those below {@link #SMALL}, with an exponent. */
    private static final double LARGE = 1e16;

    private static final double SMALL = 1e-4;

    private PythonText() {}

    /** Returns the text of a string, number, boolean or null. */
    static String of(JsonNode value) {
        if (value.isNull()) {
            return "None";
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        return value.isFloatingPointNumber() ? of(value.doubleValue()) : value.asText();
    }

    private static String of(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value).toLowerCase(Locale.ROOT).replace("infinity", "inf");
        }
        double size = Math.abs(value);
        if (value == 0) {
            return Double.toString(value);
        }
        if (size >= SMALL && size < LARGE) {
            String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(value).toLowerCase(Locale.ROOT).split("e", -1);
        String mantissa = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
        int exponent = Integer.parseInt(parts[1]);
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
