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
 * Trains how responses act in two stages: linear models of the features, one for each action, and a regression on their
 * outputs for responses that they were not trained on, so that it knows
 * how far they can be trusted with the style of an LLM they have not seen (Wolpert, "Stacked Generalization", Neural
 * Networks 5, 1992).
 */
final class ActionTraining {
    private final TrainingData corpus;
    private final long seed;
    private final SparseMatrix rows;

    /** The row of each example that has a response, else -1: as training sees it, and as it is. */
    private final int[] trainingRow;

    private final int[] ownRow;
    private final int[] foldOf;
    private final int folds;

    ActionTraining(TrainingData corpus, long seed) {
        this.corpus = corpus;
        this.seed = seed;
        rows = new SparseMatrix(
                corpus.responseIndex().size() + corpus.instructionIndex().size());
        int count = corpus.examples().size();
        trainingRow = new int[count];
        ownRow = new int[count];
        foldOf = new int[count];
        folds = assignFolds();
        buildRows();
    }

    /** What the first stage says of an example when it was not trained on its group. */
    record OutOfFold(int example, double[] margins) {}

    static boolean isHarmless(TrainingExample example) {
        return !example.riskyInstruction().orElse(true);
    }

    /** Returns whether an example tells how a response to a risky instruction acts. */
    static boolean isLabelled(TrainingExample example) {
        return example.response().isPresent()
                && !isHarmless(example)
                && example.action().isPresent()
                && example.harmful().isPresent();
    }

    /** Folds are the groups, if there are three at least; else random, by instruction. */
    private int assignFolds() {
        List<TrainingExample> examples = corpus.examples();
        Map<String, Integer> groups = TrainingData.numbered(examples.stream()
                .filter(example -> isLabelled(example) && !example.group().isEmpty())
                .map(TrainingExample::group)
                .toList());
        boolean grouped = groups.size() >= 3
                && examples.stream().filter(ActionTraining::isLabelled).noneMatch(example -> example.group()
                        .isEmpty());
        int[] random = corpus.foldsByInstruction(Hyperparameters.FOLDS, seed);
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
                .filter(i -> isLabelled(corpus.examples().get(i)))
                .map(corpus::instructionOf)
                .filter(instruction -> instruction >= 0)
                .distinct()
                .toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ownRow.length; i++) {
            TrainingExample example = corpus.examples().get(i);
            trainingRow[i] = -1;
            ownRow[i] = -1;
            if (example.response().isPresent()) {
                ownRow[i] = row(builder, example.response().get(), example.instruction());
                trainingRow[i] = ownRow[i];
                if (isHarmless(example) && risky.length > 0) {
                    // With its own instruction, it would teach that harmless instructions are followed and risky ones
                    // not.
                    String borrowed = corpus.instructions()
                            .get(risky[random.nextInt(risky.length)])
                            .text();
                    trainingRow[i] = row(builder, example.response().get(), borrowed);
                }
            }
        }
        rows.arrange();
    }

    private int row(SparseMatrix.Builder builder, String response, String instruction) {
        double[] responseLengths = Hyperparameters.responseLengths();
        FeatureKeys keys = corpus.features().ofResponse(response);
        for (int view = 0; view < responseLengths.length; view++) {
            builder.addView(keys, view, corpus.responseIndex(), 0, responseLengths[view]);
        }
        double[] instructionLengths = Hyperparameters.instructionLengths();
        keys = corpus.features().ofInstruction(instruction);
        for (int view = 0; view < instructionLengths.length; view++) {
            builder.addView(
                    keys,
                    view,
                    corpus.instructionIndex(),
                    corpus.responseIndex().size(),
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

    /** Trains the first stage on everything. */
    LinearModel trainFirstStage() {
        return train(-1);
    }

    /** Trains the first stage without each fold in turn and returns what it says of the examples in it. */
    List<OutOfFold> outOfFold(TrainingThreads parallel) {
        List<List<OutOfFold>> parts = parallel.map(folds, fold -> {
            LinearModel model = train(fold);
            List<OutOfFold> part = new ArrayList<>();
            for (int i = 0; i < ownRow.length; i++) {
                if (foldOf[i] == fold && ownRow[i] >= 0) {
                    part.add(new OutOfFold(i, model.margins(ownRow[i])));
                }
            }
            return part;
        });
        return parts.stream().flatMap(List::stream).toList();
    }

    private LinearModel train(int withoutFold) {
        List<TrainingExample> examples = corpus.examples();
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
            targets[action.code()] -= Hyperparameters.SECOND_OPINION;
            targets[other.code()] += Hyperparameters.SECOND_OPINION;
        });
        double weight = Hyperparameters.ACTION_COST * (harmless ? Hyperparameters.BENIGN_WEIGHT : 1);
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

    /** Trains the second stage on the labelled ones of the examples. */
    SoftmaxRegression trainSecondStage(List<OutOfFold> outOfFold) {
        List<OutOfFold> labelled = outOfFold.stream()
                .filter(each -> isLabelled(corpus.examples().get(each.example)))
                .toList();
        double[][] inputs = labelled.stream().map(OutOfFold::margins).toArray(double[][]::new);
        double[][] targets = labelled.stream()
                .map(each -> {
                    double[] target = new double[ModelParameters.ACTIONS];
                    target[
                            corpus.examples()
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
