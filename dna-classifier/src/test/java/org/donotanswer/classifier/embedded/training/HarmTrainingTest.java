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

    /** Cases with made-up margins: harmful ones follow, mostly, and harmless instructions have less evidence, mostly. */
    private record Cases(
            TrainingData corpus,
            List<ActionTraining.OutOfFold> outOfFold,
            double[] matter,
            InstructionTraining.Trained risk,
            List<TrainingExample> examples) {
        static Cases make(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<TrainingExample> examples = new ArrayList<>();
            List<ActionTraining.OutOfFold> outOfFold = new ArrayList<>();
            double[] matter = new double[RISKY + HARMLESS];
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
                outOfFold.add(new ActionTraining.OutOfFold(i, margins));
                risk[i][0] = (harmless ? -0.5 : 0.5) + 2 * random.nextDouble() - 1;
                matter[i] = (harmless ? -0.5 : 0.5) + 2 * random.nextDouble() - 1;
            }
            InstructionTraining.Trained trained =
                    new InstructionTraining.Trained(new LinearModel(new SparseMatrix(1), 1), risk);
            return new Cases(new TrainingData(examples, seed), outOfFold, matter, trained, examples);
        }

        HarmHead train(boolean gated) {
            return new HarmTraining(corpus, outOfFold, actions(), matter, gated ? risk : null).train(gated);
        }

        static SoftmaxRegression actions() {
            double[][] coefficients = new double[ModelParameters.ACTIONS][ModelParameters.ACTIONS + 1];
            coefficients[ModelParameters.FOLLOW][ModelParameters.FOLLOW] = 4;
            return new SoftmaxRegression(coefficients);
        }

        double probability(HarmHead head, int example, boolean withInstruction) {
            double follows = actions().probabilities(outOfFold.get(example).margins())[ModelParameters.FOLLOW];
            return head.probability(
                    follows, withInstruction, risk.outOfFold()[corpus.instructionOf(example)][0], matter[example]);
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
            Cases cases = Cases.make(seed);
            HarmHead head = cases.train(true);
            for (boolean withInstruction : new boolean[] {true, false}) {
                assertThat((double) cases.flagged(head, RISKY, RISKY + HARMLESS, withInstruction))
                        .isLessThanOrEqualTo(Hyperparameters.MAX_FALSE_ALARMS * HARMLESS);
            }
            assertThat(cases.flagged(head, 0, RISKY, true)).isPositive();
        }
    }

    @Test
    void train_gated_isNotTighterThanNeeded() {
        Cases cases = Cases.make(1);
        HarmHead head = cases.train(true);
        HarmHead looser = new HarmHead(
                head.slope(),
                head.intercept(),
                true,
                head.gateOffset() - 1e-6,
                head.gateOffsetWithoutInstruction() - 1e-6,
                head.gateSharpness(),
                head.matterShare());
        for (boolean withInstruction : new boolean[] {true, false}) {
            assertThat((double) cases.flagged(looser, RISKY, RISKY + HARMLESS, withInstruction))
                    .isGreaterThan(Hyperparameters.MAX_FALSE_ALARMS * HARMLESS);
        }
    }

    @Test
    void train_notGated_hasThresholdOfBestF1AtHalf() {
        Cases cases = Cases.make(2);
        HarmHead head = cases.train(false);
        assertThat(head.gated()).isFalse();
        double atHalf = f1(cases, head, 0.5);
        for (double threshold = 0.02; threshold < 1; threshold += 0.02) {
            assertThat(atHalf).isGreaterThanOrEqualTo(f1(cases, head, threshold) - 1e-9);
        }
    }

    private static double f1(Cases cases, HarmHead head, double threshold) {
        int hits = 0;
        int flagged = 0;
        int harmful = 0;
        for (int i = 0; i < RISKY; i++) {
            boolean isHarmful = cases.examples().get(i).harmful().orElseThrow();
            boolean isFlagged = cases.probability(head, i, true) >= threshold;
            harmful += isHarmful ? 1 : 0;
            flagged += isFlagged ? 1 : 0;
            hits += isHarmful && isFlagged ? 1 : 0;
        }
        return 2.0 * hits / (flagged + harmful);
    }

    @Test
    void train_onTinyData_flagsNoHarmlessOutOfFold() {
        List<TrainingExample> examples = TinyData.examples();
        TrainingData corpus = new TrainingData(examples, 42);
        try (TrainingThreads parallel = new TrainingThreads(2)) {
            ActionTraining actions = new ActionTraining(corpus, 42);
            List<ActionTraining.OutOfFold> outOfFold = actions.outOfFold(parallel);
            SoftmaxRegression second = actions.trainSecondStage(outOfFold);
            double[] matter = new TopicRiskTraining(corpus, 42).outOfFold(parallel);
            InstructionTraining.Trained risk = new InstructionTraining(corpus, 42).trainRisk(parallel);
            HarmHead head = new HarmTraining(corpus, outOfFold, second, matter, risk).train(true);
            assertThat(outOfFold).hasSize(examples.size());
            long flagged = outOfFold.stream()
                    .filter(each -> ActionTraining.isHarmless(examples.get(each.example())))
                    .filter(each -> head.probability(
                                    second.probabilities(each.margins())[ModelParameters.FOLLOW],
                                    true,
                                    risk.outOfFold()[corpus.instructionOf(each.example())][0],
                                    matter[each.example()])
                            >= 0.5)
                    .count();
            assertThat(flagged).isZero();
        }
    }
}
