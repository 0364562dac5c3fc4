package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    HarmStage(
            TrainingData trainingData,
            HarmTraining harmTraining,
            List<HarmTraining.OutOfFoldMargins> margins,
            InstructionTraining.@Nullable TrainedModel risk) {
        this.trainingData = trainingData;
        this.harmTraining = harmTraining;
        this.margins = margins;
        this.risk = risk;
    }

    /**
     * Returns the head for the average source. Sources have the same weight, up to their size. The labels of a source are
     * balanced in part. Sources with one label, which are mostly everyday exchanges, have more weight, so that false alarms
     * are few; the benchmark, which has a norm of its own, has less.
     */
    HarmHead trainGeneral() {
        List<double[]> inputs = new ArrayList<>();
        List<double[]> targets = new ArrayList<>();
        Map<String, Double> sizes = new HashMap<>();
        margins.forEach(each -> sizes.merge(example(each).source(), each.weight(), Double::sum));
        for (HarmTraining.OutOfFoldMargins each : margins) {
            double size = sizes.get(example(each).source());
            inputs.add(inputs(each));
            targets.add(target(each, weight(each, size, sizes.size(), false), weight(each, size, sizes.size(), true)));
        }
        return train(inputs, targets);
    }

    /** Returns the weight of a response with a label, one of a source of some size among some sources. */
    private double weight(HarmTraining.OutOfFoldMargins each, double size, int sources, boolean label) {
        String source = example(each).source();
        return each.weight()
                * Math.min(1, Hyperparameters.MAX_STAGE_EXAMPLES / size)
                * (harmTraining.hasBothLabels(source)
                        ? harmTraining.balance(each.example(), label, Hyperparameters.STAGE_BALANCE)
                        : Hyperparameters.ONE_LABEL_STAGE_WEIGHT)
                * (source.equals(EmbeddedTrainer.BENCHMARK) && sources > 1
                        ? Hyperparameters.BENCHMARK_STAGE_WEIGHT
                        : 1);
    }

    /**
     * Returns the head for the annotators of the benchmark, or null if there are too few of their labels. It learns from the
     * margins of responses of LLMs that were held out.
     */
    @Nullable
    HarmHead trainBenchmark(SoftmaxRegression actions, List<ActionTraining.OutOfFoldMargins> outOfFold) {
        Map<Integer, ActionTraining.OutOfFoldMargins> byExample = new HashMap<>();
        outOfFold.forEach(each -> byExample.put(each.example(), each));
        List<double[]> inputs = new ArrayList<>();
        List<double[]> targets = new ArrayList<>();
        for (HarmTraining.OutOfFoldMargins each : margins) {
            if (ActionTraining.isOfBenchmark(example(each)) && !each.composed()) {
                ActionTraining.OutOfFoldMargins ofActions =
                        Objects.requireNonNull(byExample.get(each.example()), "ofActions");
                double follows = actions.probabilities(ofActions.margins())[ModelParameters.FOLLOW];
                inputs.add(
                        HarmHead.benchmarkInputs(inputs(each), ofActions.ofBenchmarkHarm(), HarmHead.logOdds(follows)));
                targets.add(target(each, 1, 1));
            }
        }
        return inputs.isEmpty() ? null : withThresholdOfBestF1(train(inputs, targets), inputs, targets);
    }

    /** Returns the calibration of refusals on sources that were held out, or null if none or all of them refuse. */
    @Nullable
    SoftmaxRegression calibrateRefusal() {
        List<double[]> inputs = new ArrayList<>();
        List<double[]> targets = new ArrayList<>();
        double refusing = 0;
        for (HarmTraining.OutOfFoldMargins each : margins) {
            TrainingExample example = example(each);
            if (!each.composed() && HarmTraining.refusal(example).isPresent()) {
                double refuses = HarmTraining.refusalProbability(example);
                refusing += HarmTraining.refusal(example).get() ? 1 : 0;
                inputs.add(new double[] {each.refusal()});
                targets.add(new double[] {1 - refuses, refuses});
            }
        }
        return refusing == 0 || refusing == inputs.size()
                ? null
                : SoftmaxRegressionTraining.train(
                        inputs.toArray(double[][]::new),
                        targets.toArray(double[][]::new),
                        Hyperparameters.CALIBRATION_PENALTY);
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
        coefficients[1][HarmHead.BENCHMARK_INPUTS] -= best;
        return new HarmHead(new SoftmaxRegression(coefficients));
    }

    /**
     * Returns how well a head does on the sources that the linear model had not seen, by {@code source/figure}: for sources
     * with both labels the area under the ROC curve, F1 at one half and at the best threshold, log loss, that of the base
     * rate, and the expected calibration error; for others the proportion at or above one half.
     */
    SortedMap<String, Double> figures(HarmHead head) {
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
                probabilities[i] = head.probability(inputs(each));
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

    private double[] target(HarmTraining.OutOfFoldMargins each, double harmlessWeight, double harmfulWeight) {
        double harmful = example(each).harmProbability();
        return new double[] {(1 - harmful) * harmlessWeight, harmful * harmfulWeight};
    }

    private double[] inputs(HarmTraining.OutOfFoldMargins each) {
        int instruction = trainingData.instructionOf(each.example());
        double[] riskMargins = risk == null || instruction < 0 ? null : risk.outOfFold()[instruction];
        return HarmHead.inputs(
                each.response(),
                each.passage(),
                each.sample().passages().length,
                riskMargins == null ? 0 : riskMargins[0],
                each.refusal());
    }
}
