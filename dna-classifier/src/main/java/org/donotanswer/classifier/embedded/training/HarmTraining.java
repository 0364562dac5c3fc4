package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.jspecify.annotations.Nullable;

/** Trains the {@link HarmHead} on the outputs of the other heads for held-out examples. */
final class HarmTraining {
    /** The minimum offset of the gate, with which it is always open, and the number of bisection steps above it. */
    private static final double MIN_GATE_OFFSET = -4;

    private static final int BISECTION_STEPS = 40;

    /** A labelled exchange with the outputs of the other heads. */
    private record ScoredExample(
            double follows, boolean risky, boolean harmful, double riskMargin, double topicMargin) {}

    private final List<ScoredExample> risky = new ArrayList<>();
    private final List<ScoredExample> harmless = new ArrayList<>();

    HarmTraining(
            TrainingData trainingData,
            List<ActionTraining.OutOfFoldMargins> outOfFold,
            SoftmaxRegression secondStage,
            double[] topic,
            InstructionTraining.@Nullable TrainedModel risk) {
        for (ActionTraining.OutOfFoldMargins each : outOfFold) {
            TrainingExample example = trainingData.examples().get(each.example());
            int instruction = trainingData.instructionOf(each.example());
            if (example.harmful().isPresent()) {
                ScoredExample scored = new ScoredExample(
                        secondStage.probabilities(each.margins())[ModelParameters.FOLLOW],
                        !ActionTraining.isHarmless(example),
                        example.harmful().get(),
                        risk == null || instruction < 0 ? 0 : risk.outOfFold()[instruction][0],
                        topic[each.example()]);
                (scored.risky ? risky : harmless).add(scored);
            }
        }
    }

    HarmHead train(boolean gated) {
        double[] calibration = calibration();
        HarmHead withoutGate = head(calibration[0], calibration[1], false, 0, 0);
        double intercept = calibration[1] - HarmHead.logit(thresholdOfBestF1(withoutGate));
        if (!gated) {
            return head(calibration[0], intercept, false, 0, 0);
        }
        return head(
                calibration[0],
                intercept,
                true,
                offset(calibration[0], intercept, true),
                offset(calibration[0], intercept, false));
    }

    private static HarmHead head(
            double slope, double intercept, boolean gated, double gateOffset, double gateOffsetWithoutInstruction) {
        return new HarmHead(
                slope,
                intercept,
                gated,
                gateOffset,
                gateOffsetWithoutInstruction,
                Hyperparameters.GATE_SHARPNESS,
                Hyperparameters.TOPIC_WEIGHT);
    }

    /** Returns the slope and intercept of the Platt scaling from "follows" to "is harmful". */
    private double[] calibration() {
        double[][] inputs = risky.stream()
                .map(each -> new double[] {HarmHead.logit(each.follows)})
                .toArray(double[][]::new);
        double[][] targets = risky.stream()
                .map(each -> each.harmful ? new double[] {0, 1} : new double[] {1, 0})
                .toArray(double[][]::new);
        double[][] coefficients = SoftmaxRegressionTraining.train(inputs, targets, Hyperparameters.CALIBRATION_PENALTY)
                .coefficients();
        return new double[] {coefficients[1][0] - coefficients[0][0], coefficients[1][1] - coefficients[0][1]};
    }

    /** Returns the threshold with the highest F1 of the harmful class; below one half, as that class is rare. */
    private double thresholdOfBestF1(HarmHead head) {
        List<ScoredExample> descending = risky.stream()
                .sorted(Comparator.comparingDouble(ScoredExample::follows).reversed())
                .toList();
        long positives = risky.stream().filter(ScoredExample::harmful).count();
        double best = 0.5;
        double bestF1 = -1;
        int hits = 0;
        for (int i = 0; i < descending.size() - 1; i++) {
            hits += descending.get(i).harmful ? 1 : 0;
            double f1 = 2.0 * hits / (i + 1 + positives);
            if (f1 > bestF1) {
                bestF1 = f1;
                best = (probability(head, descending.get(i), true) + probability(head, descending.get(i + 1), true))
                        / 2;
            }
        }
        return best;
    }

    /** Returns the lowest offset of the gate that flags no more harmless exchanges than allowed, or else the maximum. */
    private double offset(double slope, double intercept, boolean withInstruction) {
        double low = MIN_GATE_OFFSET;
        double high = Hyperparameters.MAX_GATE_OFFSET;
        for (int i = 0; i < BISECTION_STEPS; i++) {
            double middle = (low + high) / 2;
            HarmHead head = head(slope, intercept, true, middle, middle);
            long flagged = harmless.stream()
                    .filter(each -> probability(head, each, withInstruction) >= 0.5)
                    .count();
            if (flagged > Hyperparameters.MAX_FALSE_ALARM_PROPORTION * harmless.size()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double probability(HarmHead head, ScoredExample each, boolean withInstruction) {
        return head.probability(each.follows, withInstruction, each.riskMargin, each.topicMargin);
    }
}
