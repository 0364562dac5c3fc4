package org.donotanswer.classifier.transformer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * A head that predicts the action of a response. Immutable, hence thread-safe.
 *
 * <p>An unused output is left out, and its probability is distributed over the others in proportion. Two outputs may be
 * {@link ResponseAction#UNABLE_OR_UNCERTAIN}, which the GPT-4 reviews split; their probabilities are added. With a sigmoid
 * for each output, these are normalised to sum to 1.
 *
 * @param actions the action of each output
 * @param independent whether each output has its own sigmoid
 */
record ActionHead(List<HeadLabels.Output> actions, boolean independent) implements HeadRule {
    ActionHead {
        actions = List.copyOf(actions);
    }

    @Override
    public void score(HeadKind kind, ScoredBuilder assessment, List<WindowLogits> windows) {
        assessment.actions(probabilities(windows));
    }

    /** Returns the mean of the windows' probabilities, weighted by their tokens. */
    Distribution<ResponseAction> probabilities(List<WindowLogits> windows) {
        Map<ResponseAction, Double> sums = new EnumMap<>(ResponseAction.class);
        for (WindowLogits window : windows) {
            double[] weights = weights(window.logits());
            double total = 0;
            for (double weight : weights) {
                total += weight;
            }
            for (int i = 0; i < weights.length; i++) {
                ResponseAction action = actions.get(i).action();
                if (action != null) {
                    sums.merge(action, window.tokens() * (weights[i] / total), Double::sum);
                }
            }
        }
        return Distribution.normalized(sums);
    }

    /** Returns unnormalised probabilities of the outputs: the largest is 1, and that of an unused output is 0. */
    private double[] weights(float[] logits) {
        double[] logarithms = new double[logits.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            if (actions.get(i).action() == null) {
                logarithms[i] = Double.NEGATIVE_INFINITY;
            } else {
                logarithms[i] = independent ? Sigmoids.logSigmoid(logits[i]) : logits[i];
            }
            largest = Math.max(largest, logarithms[i]);
        }
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp(logarithms[i] - largest);
        }
        return weights;
    }

    @Override
    public String describe() {
        return (independent ? "normalised sigmoids of " : "softmax of ")
                + actions.stream().map(HeadLabels.Output::name).collect(Collectors.joining(", "));
    }
}
