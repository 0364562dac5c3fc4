package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of a checkpoint's outputs belong to a head, and how their logits are calibrated. Immutable, hence thread-safe.
 *
 * <p>The logits are divided by the temperature (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural
 * Networks", ICML 2017, arXiv 1706.04599, section 4.2). Of a head for an event, whose outputs are its absence and the
 * event, the log odds are then shifted by minus the log odds of the threshold, so that an event at the threshold has the
 * probability 0.5: that is where a decision lies by default everywhere in this library. The embedded model has the same
 * shift in its intercepts. A threshold other than 0.5 therefore makes the probability a score for decisions, and no
 * longer the frequency of the event.
 *
 * @param indices the outputs of the head, in its own order
 * @param total the number of outputs of the checkpoint
 * @param temperature in [{@value #MIN_TEMPERATURE}, {@value #MAX_TEMPERATURE}]
 * @param threshold in (0, 1); other than 0.5 only for a head for an event
 */
record HeadOutputs(List<Integer> indices, int total, double temperature, double threshold) {
    static final double MIN_TEMPERATURE = 0.01;
    static final double MAX_TEMPERATURE = 100;
    static final double DEFAULT_TEMPERATURE = 1;
    static final double DEFAULT_THRESHOLD = 0.5;

    HeadOutputs {
        indices = List.copyOf(indices);
    }

    /** Returns all outputs of a checkpoint, as they are. */
    static HeadOutputs all(int total) {
        return new HeadOutputs(
                IntStream.range(0, total).boxed().toList(), total, DEFAULT_TEMPERATURE, DEFAULT_THRESHOLD);
    }

    /**
     * Returns the calibrated logits of these outputs.
     *
     * @param windows the logits of all outputs of the checkpoint for each window of a text, at least one window
     * @throws NonFiniteLogitsException if any logit is not finite, as that of an unused output also reveals that the model
     *     failed
     */
    List<WindowLogits> of(List<WindowLogits> windows) throws NonFiniteLogitsException {
        requireWindows(windows);
        List<WindowLogits> own = new ArrayList<>(windows.size());
        for (WindowLogits window : windows) {
            float[] logits = new float[indices.size()];
            for (int i = 0; i < logits.length; i++) {
                boolean event = i == logits.length - 1;
                double logit = window.logits()[indices.get(i)] / temperature - (event ? logit(threshold) : 0);
                // A low temperature must not make a finite logit infinite.
                logits[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, logit));
            }
            own.add(new WindowLogits(logits, window.tokens()));
        }
        return own;
    }

    /** Returns the log odds of a probability. */
    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    private void requireWindows(List<WindowLogits> windows) throws NonFiniteLogitsException {
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("windows must not be empty, but were");
        }
        for (WindowLogits window : windows) {
            float[] logits = window.logits();
            if (logits.length != total) {
                throw new IllegalArgumentException("number of logits must be " + total + ", but was " + logits.length);
            }
            for (int i = 0; i < total; i++) {
                if (!Float.isFinite(logits[i])) {
                    throw new NonFiniteLogitsException(
                            "logit of output " + i + " must be finite, but was " + logits[i]);
                }
            }
        }
    }

    /** Returns the calibration in words, such as {@code temperature 1.31, threshold 0.27}; only what is not the default. */
    List<String> describe() {
        List<String> words = new ArrayList<>();
        if (temperature != DEFAULT_TEMPERATURE) {
            words.add("temperature " + temperature);
        }
        if (threshold != DEFAULT_THRESHOLD) {
            words.add("threshold " + threshold);
        }
        return words;
    }
}
