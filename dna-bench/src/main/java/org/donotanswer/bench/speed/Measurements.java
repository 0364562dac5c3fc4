package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measurements of one thing, of which the median and the least are told. Not thread-safe. */
final class Measurements {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns the median, or NaN if there is nothing. */
    double median() {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Returns the least, or NaN if there is nothing. */
    double min() {
        return values.isEmpty() ? Double.NaN : Collections.min(values);
    }

    /** Returns the greatest, or NaN if there is nothing. */
    double max() {
        return values.isEmpty() ? Double.NaN : Collections.max(values);
    }
}
