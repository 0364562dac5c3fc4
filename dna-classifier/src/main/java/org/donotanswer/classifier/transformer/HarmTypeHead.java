package org.donotanswer.classifier.transformer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.HarmType;

/**
 * A head that predicts the type of harm: a softmax over one output for each type, in the order of the types. Immutable,
 * hence thread-safe.
 */
record HarmTypeHead() implements HeadRule {
    @Override
    public void score(HeadKind kind, ScoredBuilder assessment, List<WindowLogits> windows) {
        assessment.harmTypes(probabilities(windows));
    }

    /** Returns the mean of the windows' probabilities, weighted by their tokens. */
    Distribution<HarmType> probabilities(List<WindowLogits> windows) {
        HarmType[] types = HarmType.values();
        Map<HarmType, Double> sums = new EnumMap<>(HarmType.class);
        for (WindowLogits window : windows) {
            double largest = Double.NEGATIVE_INFINITY;
            for (float logit : window.logits()) {
                largest = Math.max(largest, logit);
            }
            double[] weights = new double[types.length];
            double total = 0;
            for (int i = 0; i < types.length; i++) {
                weights[i] = Math.exp(window.logits()[i] - largest);
                total += weights[i];
            }
            for (int i = 0; i < types.length; i++) {
                sums.merge(types[i], window.tokens() * (weights[i] / total), Double::sum);
            }
        }
        return Distribution.normalized(sums);
    }

    @Override
    public String describe() {
        return "softmax of " + String.join(", ", HeadKind.HARM_TYPE.labels());
    }
}
