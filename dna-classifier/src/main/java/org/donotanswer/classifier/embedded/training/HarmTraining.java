package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.jspecify.annotations.Nullable;

/** Trains {@link HarmHead} on what the models say of examples that they were not trained on. */
final class HarmTraining {
    /** The lowest offset of the gate, which lets everything through, and how often the range above is halved. */
    private static final double MIN_OFFSET = -4;

    private static final int HALVINGS = 40;

    /** An exchange with what the models say of it. */
    private record Case(double follows, boolean risky, boolean harmful, double riskMargin, double matterMargin) {}

    private final List<Case> risky = new ArrayList<>();
    private final List<Case> harmless = new ArrayList<>();

    HarmTraining(
            TrainingData corpus,
            List<ActionTraining.OutOfFold> outOfFold,
            SoftmaxRegression secondStage,
            double[] matter,
            InstructionTraining.@Nullable Trained risk) {
        for (ActionTraining.OutOfFold each : outOfFold) {
            TrainingExample example = corpus.examples().get(each.example());
            int instruction = corpus.instructionOf(each.example());
            if (example.harmful().isPresent()) {
                Case here = new Case(
                        secondStage.probabilities(each.margins())[ModelParameters.FOLLOW],
                        !ActionTraining.isHarmless(example),
                        example.harmful().get(),
                        risk == null || instruction < 0 ? 0 : risk.outOfFold()[instruction][0],
                        matter[each.example()]);
                (here.risky ? risky : harmless).add(here);
            }
        }
    }

    HarmHead train(boolean gated) {
        double[] calibration = calibration();
        HarmHead open = head(calibration[0], calibration[1], false, 0, 0);
        double intercept = calibration[1] - HarmHead.logit(thresholdOfBestF1(open));
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
                Hyperparameters.MATTER_SHARE);
    }

    /** Returns slope and intercept of Platt's scaling of "follows" to "is harmful". */
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

    /** Returns the threshold of the highest F1 of the harmful class. That class is rare: it lies below one half. */
    private double thresholdOfBestF1(HarmHead head) {
        List<Case> descending = risky.stream()
                .sorted(Comparator.comparingDouble(Case::follows).reversed())
                .toList();
        long positives = risky.stream().filter(Case::harmful).count();
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

    /** Returns the lowest offset of the gate with which no more harmless exchanges are flagged than allowed, or the highest. */
    private double offset(double slope, double intercept, boolean withInstruction) {
        double low = MIN_OFFSET;
        double high = Hyperparameters.MAX_GATE_OFFSET;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            HarmHead head = head(slope, intercept, true, middle, middle);
            long flagged = harmless.stream()
                    .filter(each -> probability(head, each, withInstruction) >= 0.5)
                    .count();
            if (flagged > Hyperparameters.MAX_FALSE_ALARMS * harmless.size()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double probability(HarmHead head, Case each, boolean withInstruction) {
        return head.probability(each.follows, withInstruction, each.riskMargin, each.matterMargin);
    }
}
