package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.ModelParameters;
import org.donotanswer.classifier.embedded.SoftmaxRegression;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains the action head in two stages: a linear model of the features for each action, and a regression on their outputs
 * for held-out responses. The second stage thus learns how far the outputs can be trusted for an LLM that the first stage
 * has not seen (Wolpert, "Stacked Generalization", Neural Networks 5, 1992).
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

    ActionTraining(TrainingData trainingData, long seed) {
        this.trainingData = trainingData;
        this.seed = seed;
        rows = new SparseMatrix(trainingData.responseIndex().size()
                + trainingData.instructionIndex().size());
        int count = trainingData.examples().size();
        trainingRow = new int[count];
        ownRow = new int[count];
        foldOf = new int[count];
        folds = assignFolds();
        buildRows();
    }

    /** The margins of the first stage for an example of a held-out fold. */
    record OutOfFoldMargins(int example, double[] margins) {}

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

    /** Assigns a fold to each example: its group if there are at least three, else a random one by instruction. */
    private int assignFolds() {
        List<TrainingExample> examples = trainingData.examples();
        Map<String, Integer> groups = TrainingData.numbered(examples.stream()
                .filter(example -> isLabelled(example) && !example.group().isEmpty())
                .map(TrainingExample::group)
                .toList());
        boolean grouped = groups.size() >= 3
                && examples.stream().filter(ActionTraining::isLabelled).noneMatch(example -> example.group()
                        .isEmpty());
        int[] random = trainingData.foldsByInstruction(Hyperparameters.FOLDS, seed);
        for (int i = 0; i < examples.size(); i++) {
            int byInstruction = random[i];
            foldOf[i] = grouped
                    ? groups.getOrDefault(examples.get(i).group(), byInstruction % groups.size())
                    : byInstruction;
        }
        return grouped ? groups.size() : Hyperparameters.FOLDS;
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
        for (int i = 0; i < ownRow.length; i++) {
            TrainingExample example = trainingData.examples().get(i);
            trainingRow[i] = -1;
            ownRow[i] = -1;
            if (example.response().isPresent()) {
                ownRow[i] = row(builder, example.response().get(), example.instruction());
                trainingRow[i] = ownRow[i];
                if (isHarmless(example) && risky.length > 0) {
                    // Its own instruction would teach that harmless instructions are followed and risky ones are not.
                    String borrowed = trainingData
                            .instructions()
                            .get(risky[random.nextInt(risky.length)])
                            .text();
                    trainingRow[i] = row(builder, example.response().get(), borrowed);
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
                if (foldOf[i] == fold && ownRow[i] >= 0) {
                    part.add(new OutOfFoldMargins(i, model.margins(ownRow[i])));
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
            if (isLabelled(example)) {
                labelled++;
                counts[example.action().orElseThrow().code()]++;
            }
        }
        List<DualCoordinateDescent.Example> training = new ArrayList<>();
        for (int i : used) {
            if (isLabelled(examples.get(i)) || isHarmless(examples.get(i))) {
                training.add(example(examples.get(i), trainingRow[i], counts, labelled));
            }
        }
        return new DualCoordinateDescent(ModelParameters.ACTIONS, Hyperparameters.MAX_EPOCHS, Hyperparameters.TOLERANCE)
                .train(rows, training, seed);
    }

    private static DualCoordinateDescent.Example example(
            TrainingExample example, int row, double[] counts, int labelled) {
        boolean harmless = isHarmless(example);
        double[] targets = new double[ModelParameters.ACTIONS];
        ResponseAction action = example.action().orElse(ResponseAction.FOLLOW_INSTRUCTION);
        targets[action.code()] = 1;
        example.secondOpinion().ifPresent(other -> {
            targets[action.code()] -= Hyperparameters.SECOND_OPINION_WEIGHT;
            targets[other.code()] += Hyperparameters.SECOND_OPINION_WEIGHT;
        });
        double weight = Hyperparameters.ACTION_COST * (harmless ? Hyperparameters.HARMLESS_WEIGHT : 1);
        float[] positive = new float[ModelParameters.ACTIONS];
        float[] negative = new float[ModelParameters.ACTIONS];
        for (int output = 0; output < ModelParameters.ACTIONS; output++) {
            positive[output] = (float) (weight * targets[output] * balance(counts[output], labelled));
            negative[output] = (float) (weight * (1 - targets[output]) * balance(labelled - counts[output], labelled));
        }
        return new DualCoordinateDescent.Example(row, positive, negative);
    }

    private static double balance(double count, double total) {
        return count == 0
                ? 1
                : StrictMath.pow(total / (ModelParameters.ACTIONS * count), Hyperparameters.ACTION_BALANCE);
    }

    /** Trains the second stage on the margins of labelled examples. */
    SoftmaxRegression trainSecondStage(List<OutOfFoldMargins> outOfFold) {
        List<OutOfFoldMargins> labelled = outOfFold.stream()
                .filter(each -> isLabelled(trainingData.examples().get(each.example)))
                .toList();
        double[][] inputs = labelled.stream().map(OutOfFoldMargins::margins).toArray(double[][]::new);
        double[][] targets = labelled.stream()
                .map(each -> {
                    double[] target = new double[ModelParameters.ACTIONS];
                    target[
                            trainingData
                                    .examples()
                                    .get(each.example)
                                    .action()
                                    .orElseThrow()
                                    .code()] = 1;
                    return target;
                })
                .toArray(double[][]::new);
        return SoftmaxRegressionTraining.train(inputs, targets, Hyperparameters.SECOND_STAGE_PENALTY);
    }
}
