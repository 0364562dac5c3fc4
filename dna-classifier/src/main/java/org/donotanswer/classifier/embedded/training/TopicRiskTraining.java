package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains the head for whether a response engages with a risky topic. It looks at words alone, not at phrasing. It also
 * learns from instructions, which name many more risky topics than there are responses that engage with them.
 */
final class TopicRiskTraining {
    /** The fold to hold out so that nothing is held out. */
    private static final int NO_FOLD = -1;

    private final TrainingData trainingData;
    private final int[] foldOfInstruction;

    /** The fold of each example: that of its instruction, which determines the topic. */
    private final int[] foldOf;

    private final long seed;
    private final SparseMatrix rows;
    private final List<DualCoordinateDescent.Example> training = new ArrayList<>();
    private final List<Integer> trainingFolds = new ArrayList<>();

    /** The row of each example's response; -1 without one. */
    private final int[] rowOf;

    TopicRiskTraining(TrainingData trainingData, long seed) {
        this.trainingData = trainingData;
        foldOfInstruction = TrainingData.folds(trainingData.instructions().size(), Hyperparameters.FOLDS, seed);
        foldOf = trainingData.foldsByInstruction(Hyperparameters.FOLDS, seed);
        this.seed = seed;
        rows = new SparseMatrix(trainingData.responseIndex().size());
        rowOf = new int[trainingData.examples().size()];
        buildRows();
    }

    private void buildRows() {
        SparseMatrix.Builder builder = rows.new Builder();
        for (int i = 0; i < rowOf.length; i++) {
            TrainingExample example = trainingData.examples().get(i);
            rowOf[i] = example.response().isPresent()
                    ? row(builder, example.response().get())
                    : -1;
            if (rowOf[i] >= 0 && ActionTraining.isHarmless(example)) {
                add(rowOf[i], false, Hyperparameters.HARMLESS_TOPIC_WEIGHT, foldOf[i]);
            } else if (ActionTraining.isLabelled(example)
                    && engagesWithTopic(example.action().orElseThrow())) {
                add(rowOf[i], true, 1, foldOf[i]);
            }
        }
        for (int i = 0; i < foldOfInstruction.length; i++) {
            TrainingData.Instruction instruction = trainingData.instructions().get(i);
            if (instruction.risky().isPresent()) {
                boolean risky = instruction.risky().get();
                add(
                        row(builder, instruction.text()),
                        risky,
                        Hyperparameters.INSTRUCTION_TOPIC_WEIGHT,
                        foldOfInstruction[i]);
            }
        }
        rows.sortColumnsByFrequency();
    }

    private static boolean engagesWithTopic(ResponseAction action) {
        return action != ResponseAction.CANNOT_ASSIST && action != ResponseAction.UNABLE_OR_UNCERTAIN;
    }

    private int row(SparseMatrix.Builder builder, String text) {
        double[] lengths = Hyperparameters.topicLengths();
        FeatureKeys keys = trainingData.features().ofResponse(text);
        for (int view = 0; view < lengths.length; view++) {
            builder.addView(keys, view, trainingData.responseIndex(), 0, lengths[view]);
        }
        return builder.endRow();
    }

    private void add(int row, boolean risky, double weight, int fold) {
        float cost = (float) (Hyperparameters.TOPIC_COST * weight);
        training.add(
                new DualCoordinateDescent.Example(row, new float[] {risky ? cost : 0}, new float[] {risky ? 0 : cost}));
        trainingFolds.add(fold);
    }

    /** Trains on all examples. */
    LinearModel train() {
        return train(NO_FOLD);
    }

    private LinearModel train(int withoutFold) {
        List<DualCoordinateDescent.Example> used = new ArrayList<>();
        for (int i = 0; i < training.size(); i++) {
            if (trainingFolds.get(i) != withoutFold) {
                used.add(training.get(i));
            }
        }
        return new DualCoordinateDescent(1, Hyperparameters.MAX_EPOCHS, Hyperparameters.TOLERANCE)
                .train(rows, used, seed);
    }

    /** Returns the margin of each example's response when its fold was held out; NaN without a response. */
    double[] outOfFold(TrainingThreads parallel) {
        List<LinearModel> models = parallel.map(Hyperparameters.FOLDS, this::train);
        double[] margins = new double[rowOf.length];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = rowOf[i] < 0 ? Double.NaN : models.get(foldOf[i]).margins(rowOf[i])[0];
        }
        return margins;
    }
}
