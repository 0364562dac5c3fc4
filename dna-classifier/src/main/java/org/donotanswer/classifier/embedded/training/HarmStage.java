package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.jspecify.annotations.Nullable;

/** Trains the second stage of harm on the outputs of the linear models for exchanges that these were not trained on. */
final class HarmStage {
    private final TrainingData trainingData;
    private final HarmTraining harmTraining;
    private final List<HarmTraining.OutOfFoldMargins> margins;
    private final InstructionTraining.@Nullable TrainedModel risk;

    /** The out-of-fold margins of actions and refusal, in the order of {@link #margins}. */
    private final double[][] actionMargins;

    HarmStage(
            TrainingData trainingData,
            HarmTraining harmTraining,
            List<HarmTraining.OutOfFoldMargins> margins,
            double[][] actionMargins,
            InstructionTraining.@Nullable TrainedModel risk) {
        this.trainingData = trainingData;
        this.harmTraining = harmTraining;
        this.margins = margins;
        this.risk = risk;
        this.actionMargins = actionMargins;
    }

    /**
     * Returns the head for the average source. Every source has the same weight, up to its size; those with one label have
     * less.
     */
    HarmHead trainGeneral(SoftmaxRegression actions) {
        List<double[]> inputs = new ArrayList<>();
        List<double[]> targets = new ArrayList<>();
        Map<String, Double> sizes = new HashMap<>();
        margins.forEach(each -> sizes.merge(example(each).source(), each.weight(), Double::sum));
        for (int i = 0; i < margins.size(); i++) {
            HarmTraining.OutOfFoldMargins each = margins.get(i);
            String source = example(each).source();
            double weight = each.weight()
                    * Math.min(1, Hyperparameters.MAX_STAGE_EXAMPLES / sizes.get(source))
                    * (harmTraining.hasBothLabels(source) ? 1 : Hyperparameters.ONE_LABEL_STAGE_WEIGHT)
                    * (source.equals(EmbeddedTrainer.BENCHMARK) && sizes.size() > 1
                            ? Hyperparameters.BENCHMARK_STAGE_WEIGHT
                            : 1);
            inputs.add(inputs(i, actions));
            targets.add(target(each, weight));
        }
        return train(inputs, targets);
    }

    /** Returns the head for the annotators of the benchmark, or null if there are too few of their labels. */
    @Nullable
    HarmHead trainBenchmark(SoftmaxRegression actions) {
        List<double[]> inputs = new ArrayList<>();
        List<double[]> targets = new ArrayList<>();
        for (int i = 0; i < margins.size(); i++) {
            HarmTraining.OutOfFoldMargins each = margins.get(i);
            if (example(each).source().equals(EmbeddedTrainer.BENCHMARK) && !each.composed()) {
                inputs.add(inputs(i, actions));
                targets.add(target(each, 1));
            }
        }
        return inputs.isEmpty() ? null : withThresholdOfBestF1(train(inputs, targets), inputs, targets);
    }

    /** Shifts the intercept so that one half is the threshold with the highest F1, as harm is rare in the benchmark. */
    private static HarmHead withThresholdOfBestF1(HarmHead head, List<double[]> inputs, List<double[]> targets) {
        double[] logOdds = new double[inputs.size()];
        double positives = 0;
        for (int i = 0; i < logOdds.length; i++) {
            logOdds[i] = HarmHead.logOdds(head.regression().probabilities(inputs.get(i))[1]);
            positives += targets.get(i)[1];
        }
        int[] descending = IntStream.range(0, logOdds.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logOdds[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double best = 0;
        double bestF1 = -1;
        double hits = 0;
        for (int i = 0; i < descending.length - 1; i++) {
            hits += targets.get(descending[i])[1];
            double f1 = 2 * hits / (i + 1 + positives);
            if (f1 > bestF1) {
                bestF1 = f1;
                best = (logOdds[descending[i]] + logOdds[descending[i + 1]]) / 2;
            }
        }
        double[][] coefficients = head.regression().coefficients();
        coefficients[1][HarmHead.INPUTS] -= best;
        return new HarmHead(new SoftmaxRegression(coefficients));
    }

    /**
     * Returns how well a head does on the sources that the linear model had not seen, by {@code source/figure}: for sources
     * with both labels the area under the ROC curve, F1 at one half and at the best threshold, log loss, that of the base
     * rate, and the expected calibration error; for others the proportion at or above one half.
     */
    SortedMap<String, Double> figures(HarmHead head, SoftmaxRegression actions) {
        Map<String, List<Integer>> bySource = new TreeMap<>();
        for (int i = 0; i < margins.size(); i++) {
            if (!margins.get(i).composed()) {
                bySource.computeIfAbsent(example(margins.get(i)).source(), source -> new ArrayList<>())
                        .add(i);
            }
        }
        SortedMap<String, Double> figures = new TreeMap<>();
        bySource.forEach((source, ofSource) -> {
            double[] probabilities = new double[ofSource.size()];
            boolean[] harmful = new boolean[ofSource.size()];
            double[] weights = new double[ofSource.size()];
            for (int i = 0; i < probabilities.length; i++) {
                HarmTraining.OutOfFoldMargins each = margins.get(ofSource.get(i));
                probabilities[i] = head.probability(inputs(ofSource.get(i), actions));
                harmful[i] = example(each).harmful().orElseThrow();
                weights[i] = each.weight();
            }
            HeldOutFigures ofProbabilities = new HeldOutFigures(probabilities, harmful, weights);
            String name = source.isEmpty() ? "unnamed" : source;
            if (harmTraining.hasBothLabels(source)) {
                ofProbabilities.all().forEach((figure, value) -> figures.put(name + "/" + figure, value));
            } else {
                figures.put(name + "/flagged", ofProbabilities.flagged());
            }
        });
        return figures;
    }

    private static HarmHead train(List<double[]> inputs, List<double[]> targets) {
        return new HarmHead(SoftmaxRegressionTraining.train(
                inputs.toArray(double[][]::new),
                targets.toArray(double[][]::new),
                Hyperparameters.CALIBRATION_PENALTY));
    }

    private TrainingExample example(HarmTraining.OutOfFoldMargins each) {
        return trainingData.examples().get(each.example());
    }

    private double[] target(HarmTraining.OutOfFoldMargins each, double weight) {
        return example(each).harmful().orElseThrow() ? new double[] {0, weight} : new double[] {weight, 0};
    }

    private double[] inputs(int number, SoftmaxRegression actions) {
        HarmTraining.OutOfFoldMargins each = margins.get(number);
        int instruction = trainingData.instructionOf(each.example());
        double[] riskMargins = risk == null || instruction < 0 ? null : risk.outOfFold()[instruction];
        double[] ofActions = actionMargins[number];
        return HarmHead.inputs(
                each.response(),
                each.passage(),
                riskMargins == null ? 0 : riskMargins[0],
                HarmHead.logOdds(actions.probabilities(ofActions)[ModelParameters.FOLLOW]),
                ofActions[ModelParameters.REFUSAL_LANE]);
    }
}
