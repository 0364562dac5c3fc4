package org.donotanswer.classifier.embedded.training;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The numbers of examples of each source that are labelled with true and false. Not thread-safe. */
final class SourceCounts {
    private final SortedMap<String, double[]> counts = new TreeMap<>();

    void add(String source, boolean label) {
        counts.computeIfAbsent(source, name -> new double[2])[label ? 1 : 0]++;
    }

    SortedSet<String> sources() {
        return new TreeSet<>(counts.keySet());
    }

    double count(String source, boolean label) {
        double[] ofSource = counts.get(source);
        return ofSource == null ? 0 : ofSource[label ? 1 : 0];
    }

    double total(String source) {
        return count(source, true) + count(source, false);
    }

    boolean hasBoth(String source) {
        return count(source, true) > 0 && count(source, false) > 0;
    }

    /** Returns the factor that balances the labels of a source: fully with an exponent of 1, not at all with 0. */
    double balance(String source, boolean label, double exponent) {
        return StrictMath.pow(total(source) / (2 * count(source, label)), exponent);
    }

    /** Returns the factor that caps the weight of a source at a number of examples. */
    double cap(String source, double max) {
        return Math.min(1, max / total(source));
    }
}
