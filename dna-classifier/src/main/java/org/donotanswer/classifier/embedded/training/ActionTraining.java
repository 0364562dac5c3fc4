package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.ActionInputs;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * Trains the action head in two stages: a linear model of the features for each action, and a regression on their outputs
 * for held-out responses. The second stage thus learns how far the outputs can be trusted for an LLM that the first stage
 * has not seen (Wolpert, "Stacked Generalization", Neural Networks 5, 1992).
 *
 * <p>The first stage trains on the benchmark and on everyday responses alone, as the actions of other sources are less
 * reliable labels. The second stage also reads the margins of harm and refusal, which were trained on all sources and know
 * today's wordings.
 */
final class ActionTraining {
    private final TrainingData trainingData;
    private final long seed;
    private final SparseMatrix rows;

    /** The row that each example trains on, which may have another instruction; -1 without a response. */
    private final int[] trainingRow;

    /** The row of each example with its own instruction; -1 without a response. */
    private final int[] ownRow;

    private final int[] foldOf;
    private final int folds;
    private final SourceCounts benchmarkHarm = new SourceCounts();

    private final boolean hasBenchmark;

    /** The margins of responses by the models of harm that had not seen their sources, by example. */
    private final Map<Integer, HarmTraining.OutOfFoldMargins> harmMargins = new HashMap<>();

    ActionTraining(TrainingData trainingData, List<HarmTraining.OutOfFoldMargins> harmMargins, long seed) {
        this.trainingData = trainingData;
        hasBenchmark = trainingData.hasBenchmark();
        harmMargins.stream()
                .filter(each -> !each.composed())
                .forEach(each -> this.harmMargins.put(each.example(), each));
        this.seed = seed;
        rows = new SparseMatrix(trainingData.responseIndex().size()
                + trainingData.instructionIndex().size());
        int count = trainingData.examples().size();
        trainingRow = new int[count];
        ownRow = new int[count];
        foldOf = new int[count];
        trainingData.examples().stream()
                .filter(ActionTraining::isOfBenchmark)
                .forEach(example ->
                        benchmarkHarm.add(example.source(), example.harmful().orElseThrow()));
        folds = assignFolds();
        buildRows();
    }

    /**
     * The inputs of the second stage for an example.
     *
     * @param margins those of the first stage without the fold of the example, then those of harm and refusal without its
     *     source
     */
    record OutOfFoldMargins(int example, double[] margins) {
        double ofBenchmarkHarm() {
            return margins[ModelParameters.BENCHMARK_HARM_LANE];
        }
    }

    /** The number of outputs: the actions, and harm by the norm of the benchmark. */
    private static final int OUTPUTS = ModelParameters.RESPONSE_LANES;

    private static final int REFUSE = ResponseAction.CANNOT_ASSIST.code();

    static boolean isHarmless(TrainingExample example) {
        return !example.riskyInstruction().orElse(true);
    }

    /** Returns whether an example has the labels to train the action and harm of a response to a risky instruction. */
    static boolean isLabelled(TrainingExample example) {
        return example.response().isPresent()
                && !isHarmless(example)
                && example.action().isPresent()
                && example.harmful().isPresent();
    }

    /** Returns whether an example was labelled with action and harm by the annotators of the benchmark. */
    static boolean isOfBenchmark(TrainingExample example) {
        return example.source().equals(EmbeddedTrainer.BENCHMARK) && isLabelled(example);
    }

    /** Returns whether an example trains the actions. */
    static boolean isUsed(TrainingExample example) {
        return example.response().isPresent()
                && (example.action().isPresent() || example.refusal().isPresent() || isHarmless(example));
    }

    /**
     * Returns whether an example trains the first stage: those of the benchmark, everyday exchanges and those with soft
     * labels, as the actions of others follow from how they were made. Without the benchmark, all that have labels.
     */
    static boolean isOfFirstStage(TrainingExample example, boolean hasBenchmark) {
        return isUsed(example)
                && (!hasBenchmark
                        || isOfBenchmark(example)
                        || example.softLabels().actions().isPresent()
                        || (isHarmless(example)
                                && example.action().isEmpty()
                                && example.refusal().isEmpty()));
    }

    /**
     * Assigns a fold to each example: that of its group if there are at least three, else a random one by instruction. The
     * groups with the most labelled examples, such as the LLMs of the benchmark, have folds to themselves.
     */
    private int assignFolds() {
        List<TrainingExample> examples = trainingData.examples();
        Map<String, Integer> counts = new TreeMap<>();
        for (TrainingExample example : examples) {
            if (isLabelled(example) && !example.group().isEmpty()) {
                counts.merge(example.group(), 1, Integer::sum);
            }
        }
        List<String> groups = counts.keySet().stream()
                .sorted(Comparator.comparingInt((String group) -> counts.get(group))
                        .reversed())
                .toList();
        boolean grouped = groups.size() >= 3
                && examples.stream().filter(ActionTraining::isLabelled).noneMatch(example -> example.group()
                        .isEmpty());
        int count = grouped ? Math.min(groups.size(), Hyperparameters.MAX_GROUP_FOLDS) : Hyperparameters.FOLDS;
        int[] random = trainingData.foldsByInstruction(Hyperparameters.FOLDS, seed);
        for (int i = 0; i < examples.size(); i++) {
            int group = groups.indexOf(examples.get(i).group());
            foldOf[i] = (grouped && group >= 0 ? group : random[i]) % count;
        }
        return count;
    }

    private void buildRows() {
        SparseMatrix.Builder builder = rows.new Builder();
        int[] risky = IntStream.range(0, ownRow.length)
                .filter(i -> isLabelled(trainingData.examples().get(i)))
                .map(trainingData::instructionOf)
                .filter(instruction -> instruction >= 0)
                .distinct()
                .toArray();
        SplittableRandom random = new SplittableRandom(seed);
        int borrowing = 0;
        for (int i = 0; i < ownRow.length; i++) {
            TrainingExample example = trainingData.examples().get(i);
            trainingRow[i] = -1;
            ownRow[i] = -1;
            if (isUsed(example) && (isOfFirstStage(example, hasBenchmark) || harmMargins.containsKey(i))) {
                boolean borrows = isHarmless(example) && example.action().isEmpty() && risky.length > 0;
                if (!borrows) {
                    ownRow[i] = row(builder, example.response().orElseThrow(), example.instruction());
                    trainingRow[i] = isOfFirstStage(example, hasBenchmark) ? ownRow[i] : -1;
                } else if (borrowing++ % Hyperparameters.HARMLESS_STRIDE == 0) {
                    // Its own instruction would teach that harmless instructions are followed and risky ones are not.
                    String borrowed = trainingData
                            .instructions()
                            .get(risky[random.nextInt(risky.length)])
                            .text();
                    trainingRow[i] = row(builder, example.response().orElseThrow(), borrowed);
                }
            }
        }
        rows.sortColumnsByFrequency();
    }

    private int row(SparseMatrix.Builder builder, String response, String instruction) {
        double[] responseLengths = Hyperparameters.responseLengths();
        FeatureKeys keys = trainingData.features().ofResponse(response);
        for (int view = 0; view < responseLengths.length; view++) {
            builder.addView(keys, view, trainingData.responseIndex(), 0, responseLengths[view]);
        }
        double[] instructionLengths = Hyperparameters.instructionLengths();
        keys = trainingData.features().ofInstruction(instruction);
        for (int view = 0; view < instructionLengths.length; view++) {
            builder.addView(
                    keys,
                    view,
                    trainingData.instructionIndex(),
                    trainingData.responseIndex().size(),
                    instructionLengths[view]);
        }
        return builder.endRow();
    }

    int foldCount() {
        return folds;
    }

    /** Returns the fold of each example. */
    int[] folds() {
        return foldOf.clone();
    }

    /** Trains the first stage on all examples. */
    LinearModel trainFirstStage() {
        return train(-1);
    }

    /** Trains the first stage without each fold in turn, and returns its margins for the examples of that fold. */
    List<OutOfFoldMargins> outOfFold(TrainingThreads parallel) {
        List<List<OutOfFoldMargins>> parts = parallel.map(folds, fold -> {
            LinearModel model = train(fold);
            List<OutOfFoldMargins> part = new ArrayList<>();
            for (int i = 0; i < ownRow.length; i++) {
                HarmTraining.OutOfFoldMargins ofHarm = harmMargins.get(i);
                if (foldOf[i] == fold && ownRow[i] >= 0 && ofHarm != null) {
                    part.add(new OutOfFoldMargins(
                            i, ActionInputs.of(model.margins(ownRow[i]), ofHarm.response(), ofHarm.refusal())));
                }
            }
            return part;
        });
        return parts.stream().flatMap(List::stream).toList();
    }

    private LinearModel train(int withoutFold) {
        List<TrainingExample> examples = trainingData.examples();
        int[] used = IntStream.range(0, examples.size())
                .filter(i -> trainingRow[i] >= 0 && (withoutFold < 0 || foldOf[i] != withoutFold))
                .toArray();
        double[] counts = new double[ModelParameters.ACTIONS];
        int labelled = 0;
        for (int i : used) {
            TrainingExample example = examples.get(i);
            if (example.action().isPresent()) {
                labelled++;
                counts[example.action().orElseThrow().code()]++;
            }
        }
        List<DualCoordinateDescent.Example> training = new ArrayList<>();
        for (int i : used) {
            training.add(example(examples.get(i), trainingRow[i], counts, labelled));
        }
        return new DualCoordinateDescent(OUTPUTS, Hyperparameters.MAX_EPOCHS, Hyperparameters.TOLERANCE)
                .train(rows, training, seed);
    }

    private DualCoordinateDescent.Example example(TrainingExample example, int row, double[] counts, int labelled) {
        float[] positive = new float[OUTPUTS];
        float[] negative = new float[OUTPUTS];
        double weight = Hyperparameters.ACTION_COST * example.weight();
        if (example.action().isPresent() || example.refusal().isEmpty()) {
            double[] targets = targets(example);
            boolean assumed = example.action().isEmpty();
            boolean constructed = example.refusal().isPresent()
                    && example.softLabels().actions().isEmpty();
            double factor = assumed
                    ? Hyperparameters.HARMLESS_WEIGHT
                    : constructed ? Hyperparameters.CONSTRUCTED_ACTION_WEIGHT : 1;
            for (int output = 0; output < ModelParameters.ACTIONS; output++) {
                positive[output] = (float) (weight * factor * targets[output] * balance(counts[output], labelled));
                negative[output] = (float)
                        (weight * factor * (1 - targets[output]) * balance(labelled - counts[output], labelled));
            }
        }
        if (example.refusal().isPresent() && example.action().isEmpty()) {
            double refuses = example.refusalProbability();
            double cost = weight * Hyperparameters.REFUSAL_LABEL_WEIGHT;
            positive[REFUSE] = (float) (refuses * cost);
            negative[REFUSE] = (float) ((1 - refuses) * cost);
            negative[ModelParameters.FOLLOW] = (float) (refuses * cost);
        }
        if (isOfBenchmark(example)) {
            double harmful = example.harmProbability();
            positive[ModelParameters.BENCHMARK_HARM_LANE] = (float) (harmful * weight * benchmarkHarmBalance(true));
            negative[ModelParameters.BENCHMARK_HARM_LANE] =
                    (float) ((1 - harmful) * weight * benchmarkHarmBalance(false));
        }
        return new DualCoordinateDescent.Example(row, positive, negative);
    }

    /** Returns the factor that balances the labels of the benchmark; 0 for one that it lacks, which no example has then. */
    private double benchmarkHarmBalance(boolean label) {
        return benchmarkHarm.count(EmbeddedTrainer.BENCHMARK, label) == 0
                ? 0
                : benchmarkHarm.balance(EmbeddedTrainer.BENCHMARK, label, Hyperparameters.BENCHMARK_HARM_BALANCE);
    }

    private static double[] targets(TrainingExample example) {
        double[] targets = new double[ModelParameters.ACTIONS];
        if (example.softLabels().actions().isPresent()) {
            example.softLabels()
                    .actions()
                    .get()
                    .probabilities()
                    .forEach((action, probability) -> targets[action.code()] = probability);
            return targets;
        }
        ResponseAction action = example.action().orElse(ResponseAction.FOLLOW_INSTRUCTION);
        targets[action.code()] = 1;
        example.secondOpinion().ifPresent(other -> {
            targets[action.code()] -= Hyperparameters.SECOND_OPINION_WEIGHT;
            targets[other.code()] += Hyperparameters.SECOND_OPINION_WEIGHT;
        });
        return targets;
    }

    private static double balance(double count, double total) {
        return count == 0
                ? 1
                : StrictMath.pow(total / (ModelParameters.ACTIONS * count), Hyperparameters.ACTION_BALANCE);
    }

    /** Trains the second stage on the margins of the benchmark's examples, or returns null if there are too few. */
    @Nullable
    SoftmaxRegression trainBenchmarkStage(List<OutOfFoldMargins> outOfFold) {
        return trainSecondStage(outOfFold, ActionTraining::isOfBenchmark, Hyperparameters.SECOND_STAGE_PENALTY);
    }

    /** Trains the second stage on the margins of all examples whose action is known or follows from other labels. */
    SoftmaxRegression trainGeneralStage(List<OutOfFoldMargins> outOfFold) {
        SoftmaxRegression stage = trainSecondStage(
                outOfFold, example -> knownAction(example).isPresent(), Hyperparameters.SECOND_STAGE_PENALTY);
        return Objects.requireNonNull(stage, "stage");
    }

    /** Returns the action that an example is labelled with, or that its labels of refusal and harm imply. */
    private static Optional<ResponseAction> knownAction(TrainingExample example) {
        if (example.action().isPresent()) {
            return example.action();
        }
        if (example.refusal().isEmpty()) {
            return Optional.empty();
        }
        if (example.refusal().get()) {
            return Optional.of(ResponseAction.CANNOT_ASSIST);
        }
        return example.harmful().equals(Optional.of(true)) || isHarmless(example)
                ? Optional.of(ResponseAction.FOLLOW_INSTRUCTION)
                : Optional.empty();
    }

    private @Nullable SoftmaxRegression trainSecondStage(
            List<OutOfFoldMargins> outOfFold, Predicate<TrainingExample> condition, double penalty) {
        List<OutOfFoldMargins> used = outOfFold.stream()
                .filter(each -> condition.test(trainingData.examples().get(each.example)))
                .toList();
        Map<String, Integer> sizes = new HashMap<>();
        used.forEach(
                each -> sizes.merge(trainingData.examples().get(each.example).source(), 1, Integer::sum));
        if (used.isEmpty()) {
            return null;
        }
        double[][] inputs = used.stream().map(OutOfFoldMargins::margins).toArray(double[][]::new);
        double[][] targets = used.stream()
                .map(each -> {
                    TrainingExample example = trainingData.examples().get(each.example);
                    double[] target = new double[ModelParameters.ACTIONS];
                    double weight = Math.min(1, Hyperparameters.MAX_STAGE_EXAMPLES / sizes.get(example.source()));
                    example.softLabels()
                            .actions()
                            .orElseGet(() ->
                                    Distribution.certain(knownAction(example).orElseThrow()))
                            .probabilities()
                            .forEach((action, probability) -> target[action.code()] = weight * probability);
                    return target;
                })
                .toArray(double[][]::new);
        return SoftmaxRegressionTraining.train(inputs, targets, penalty);
    }
}
