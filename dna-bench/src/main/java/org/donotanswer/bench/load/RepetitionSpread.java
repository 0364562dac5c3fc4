package org.donotanswer.bench.load;

import static org.donotanswer.harness.io.NumberFormats.format;

import com.google.common.math.Quantiles;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What repetitions of a measurement gave. All are NaN if it is not defined for any of them. Immutable, hence thread-safe.
 *
 * @param median the median
 * @param min the least
 * @param max the greatest
 */
public record RepetitionSpread(double median, double min, double max) {
    /** Returns the spread of a figure over repetitions, without those for which it is NaN. */
    static <T> RepetitionSpread of(List<T> repetitions, ToDoubleFunction<? super T> figure) {
        List<Double> values = repetitions.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .boxed()
                .toList();
        return values.isEmpty()
                ? new RepetitionSpread(Double.NaN, Double.NaN, Double.NaN)
                : new RepetitionSpread(
                        Quantiles.median().compute(values), Collections.min(values), Collections.max(values));
    }

    /** Returns the median, and least and greatest in brackets if they look different. */
    String toText() {
        if (Double.isNaN(median)) {
            return "-";
        }
        String low = short3(min);
        String high = short3(max);
        return low.equals(high) ? short3(median) : short3(median) + " (" + low + " to " + high + ")";
    }

    /** Returns a number with about three digits. */
    private static String short3(double value) {
        double size = Math.abs(value);
        if (size >= 100 || size == 0) {
            return format("%,.0f", value);
        }
        return format(size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
