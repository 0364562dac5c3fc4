package org.donotanswer.encoder;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * What the encoder's heads say about the windows of one text, calibrated and pooled. The logits of each head are divided by
 * its temperature (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, arXiv 1706.04599,
 * section 4.2). Immutable, hence thread-safe.
 */
final class WindowFeatures {
    /** The greatest log odds: beyond them, differences are noise. As log probabilities, a class has at least e^-12. */
    static final double MAX_LOG_ODDS = 12;

    /** The log odds of each head of an event: [windows]. */
    private final Map<HeadKind, double[]> logOdds;

    /** The log probabilities that each head of classes has in the first window: [classes]. */
    private final Map<HeadKind, double[]> classes;

    private final int windows;

    private WindowFeatures(Map<HeadKind, double[]> logOdds, Map<HeadKind, double[]> classes, int windows) {
        this.logOdds = logOdds;
        this.classes = classes;
        this.windows = windows;
    }

    /**
     * Returns the features of a text.
     *
     * @param windows the logits of all outputs for each window, finite: [windows][outputs]; at least one window
     * @param heads in the order of their outputs
     * @param temperatures that of each head, above 0
     */
    static WindowFeatures of(List<float[]> windows, List<HeadKind> heads, Map<HeadKind, Double> temperatures) {
        Map<HeadKind, double[]> logOdds = new EnumMap<>(HeadKind.class);
        Map<HeadKind, double[]> classes = new EnumMap<>(HeadKind.class);
        int output = 0;
        for (HeadKind head : heads) {
            int from = output;
            double temperature = temperatures.get(head);
            if (SecondStage.isEvent(head)) {
                logOdds.put(
                        head,
                        windows.stream()
                                .mapToDouble(logits -> clamp(((double) logits[from + 1] - logits[from]) / temperature))
                                .toArray());
            } else {
                classes.put(head, logProbabilities(windows.get(0), from, head.outputs(), temperature));
            }
            output += head.outputs();
        }
        return new WindowFeatures(logOdds, classes, windows.size());
    }

    private static double[] logProbabilities(float[] logits, int from, int count, double temperature) {
        double[] scaled = new double[count];
        for (int i = 0; i < count; i++) {
            scaled[i] = logits[from + i] / temperature;
        }
        double greatest = Arrays.stream(scaled).max().orElseThrow();
        double sum = 0;
        for (double value : scaled) {
            sum += Math.exp(value - greatest);
        }
        for (int i = 0; i < count; i++) {
            scaled[i] = clamp(scaled[i] - greatest - Math.log(sum));
        }
        return scaled;
    }

    /** Returns the value in the range of log odds. */
    static double clamp(double logOdds) {
        return Math.max(-MAX_LOG_ODDS, Math.min(MAX_LOG_ODDS, logOdds));
    }

    /** Returns whether a head of an event is among the heads. */
    boolean hasEvent(HeadKind head) {
        return logOdds.containsKey(head);
    }

    /** Returns whether a head is among the heads. */
    boolean hasHead(HeadKind head) {
        return logOdds.containsKey(head) || classes.containsKey(head);
    }

    double max(HeadKind head) {
        return Arrays.stream(of(logOdds, head)).max().orElseThrow();
    }

    double mean(HeadKind head) {
        return Arrays.stream(of(logOdds, head)).sum() / windows;
    }

    double first(HeadKind head) {
        return of(logOdds, head)[0];
    }

    /** Returns the natural logarithm of the number of windows. */
    double logWindows() {
        return Math.log(windows);
    }

    /** Returns the log probability that a head gives to a class, at least -12. */
    double logProbability(HeadKind head, int index) {
        return of(classes, head)[index];
    }

    private static double[] of(Map<HeadKind, double[]> values, HeadKind head) {
        double[] found = values.get(head);
        if (found == null) {
            throw new IllegalArgumentException("head must be one of " + values.keySet() + ", but was " + head);
        }
        return found;
    }
}
