package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class HarmTrainingTest {
    private static final int RISKY = 200;
    private static final int HARMLESS = 400;

    /** Examples with synthetic margins: harmful ones mostly follow, and harmless ones mostly have low risk margins. */
    private record SyntheticExamples(
            TrainingData trainingData,
            List<ActionTraining.OutOfFoldMargins> outOfFold,
            double[] topic,
            InstructionTraining.TrainedModel risk,
            List<TrainingExample> examples) {
        static SyntheticExamples make(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<TrainingExample> examples = new ArrayList<>();
            List<ActionTraining.OutOfFoldMargins> outOfFold = new ArrayList<>();
            double[] topic = new double[RISKY + HARMLESS];
            double[][] risk = new double[RISKY + HARMLESS][1];
            for (int i = 0; i < RISKY + HARMLESS; i++) {
                boolean harmless = i >= RISKY;
                boolean harmful = !harmless && i % 4 == 0;
                examples.add(TrainingExample.builder("instruction " + i)
                        .response("response")
                        .action(harmful ? ResponseAction.FOLLOW_INSTRUCTION : ResponseAction.CANNOT_ASSIST)
                        .harmful(harmful)
                        .riskyInstruction(!harmless)
                        .build());
                double[] margins = new double[ModelParameters.ACTIONS];
                margins[ModelParameters.FOLLOW] = (harmful || harmless ? 1 : -1) + 2 * random.nextDouble() - 1;
                outOfFold.add(new ActionTraining.OutOfFoldMargins(i, margins));
                risk[i][0] = (harmless ? -0.5 : 0.5) + 2 * random.nextDouble() - 1;
                topic[i] = (harmless ? -0.5 : 0.5) + 2 * random.nextDouble() - 1;
            }
            InstructionTraining.TrainedModel trained =
                    new InstructionTraining.TrainedModel(new LinearModel(new SparseMatrix(1), 1), risk);
            return new SyntheticExamples(new TrainingData(examples, seed), outOfFold, topic, trained, examples);
        }

        HarmHead train(boolean gated) {
            return new HarmTraining(trainingData, outOfFold, actions(), topic, gated ? risk : null).train(gated);
        }

        static SoftmaxRegression actions() {
            double[][] coefficients = new double[ModelParameters.ACTIONS][ModelParameters.ACTIONS + 1];
            coefficients[ModelParameters.FOLLOW][ModelParameters.FOLLOW] = 4;
            return new SoftmaxRegression(coefficients);
        }

        double probability(HarmHead head, int example, boolean withInstruction) {
            double follows = actions().probabilities(outOfFold.get(example).margins())[ModelParameters.FOLLOW];
            return head.probability(
                    follows, withInstruction, risk.outOfFold()[trainingData.instructionOf(example)][0], topic[example]);
        }

        long flagged(HarmHead head, int from, int to, boolean withInstruction) {
            long flagged = 0;
            for (int i = from; i < to; i++) {
                flagged += probability(head, i, withInstruction) >= 0.5 ? 1 : 0;
            }
            return flagged;
        }
    }

    @Test
    void train_gated_flagsFewHarmless() {
        for (long seed = 0; seed < 10; seed++) {
            SyntheticExamples data = SyntheticExamples.make(seed);
            HarmHead head = data.train(true);
            for (boolean withInstruction : new boolean[] {true, false}) {
                assertThat((double) data.flagged(head, RISKY, RISKY + HARMLESS, withInstruction))
                        .isLessThanOrEqualTo(Hyperparameters.MAX_FALSE_ALARM_PROPORTION * HARMLESS);
            }
            assertThat(data.flagged(head, 0, RISKY, true)).isPositive();
        }
    }

    @Test
    void train_gated_isNotTighterThanNeeded() {
        SyntheticExamples data = SyntheticExamples.make(1);
        HarmHead head = data.train(true);
        HarmHead looser = new HarmHead(
                head.slope(),
                head.intercept(),
                true,
                head.gateOffset() - 1e-6,
                head.gateOffsetWithoutInstruction() - 1e-6,
                head.gateSharpness(),
                head.topicWeight());
        for (boolean withInstruction : new boolean[] {true, false}) {
            assertThat((double) data.flagged(looser, RISKY, RISKY + HARMLESS, withInstruction))
                    .isGreaterThan(Hyperparameters.MAX_FALSE_ALARM_PROPORTION * HARMLESS);
        }
    }

    @Test
    void train_notGated_hasThresholdOfBestF1AtHalf() {
        SyntheticExamples data = SyntheticExamples.make(2);
        HarmHead head = data.train(false);
        assertThat(head.gated()).isFalse();
        double atHalf = f1(data, head, 0.5);
        for (double threshold = 0.02; threshold < 1; threshold += 0.02) {
            assertThat(atHalf).isGreaterThanOrEqualTo(f1(data, head, threshold) - 1e-9);
        }
    }

    private static double f1(SyntheticExamples data, HarmHead head, double threshold) {
        int hits = 0;
        int flagged = 0;
        int harmful = 0;
        for (int i = 0; i < RISKY; i++) {
            boolean isHarmful = data.examples().get(i).harmful().orElseThrow();
            boolean isFlagged = data.probability(head, i, true) >= threshold;
            harmful += isHarmful ? 1 : 0;
            flagged += isFlagged ? 1 : 0;
            hits += isHarmful && isFlagged ? 1 : 0;
        }
        return 2.0 * hits / (flagged + harmful);
    }

    @Test
    void train_onTinyData_flagsNoHarmlessOutOfFold() {
        List<TrainingExample> examples = TinyData.examples();
        TrainingData trainingData = new TrainingData(examples, 42);
        try (TrainingThreads parallel = new TrainingThreads(2)) {
            ActionTraining actions = new ActionTraining(trainingData, 42);
            List<ActionTraining.OutOfFoldMargins> outOfFold = actions.outOfFold(parallel);
            SoftmaxRegression second = actions.trainSecondStage(outOfFold);
            double[] topic = new TopicRiskTraining(trainingData, 42).outOfFold(parallel);
            InstructionTraining.TrainedModel risk = new InstructionTraining(trainingData, 42).trainRisk(parallel);
            HarmHead head = new HarmTraining(trainingData, outOfFold, second, topic, risk).train(true);
            assertThat(outOfFold).hasSize(examples.size());
            long flagged = outOfFold.stream()
                    .filter(each -> ActionTraining.isHarmless(examples.get(each.example())))
                    .filter(each -> head.probability(
                                    second.probabilities(each.margins())[ModelParameters.FOLLOW],
                                    true,
                                    risk.outOfFold()[trainingData.instructionOf(each.example())][0],
                                    topic[each.example()])
                            >= 0.5)
                    .count();
            assertThat(flagged).isZero();
        }
    }
}
