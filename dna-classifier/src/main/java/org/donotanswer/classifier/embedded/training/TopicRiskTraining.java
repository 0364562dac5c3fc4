package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Trains whether the matter that a response goes into is a risky one. It looks at words alone, not at how they are put,
 * and learns from instructions, too: they name many more risky matters than there are responses that go into them.
 */
final class TopicRiskTraining {
    private final TrainingData corpus;
    private final int[] foldOfInstruction;

    /** The fold of each example: its instruction's, since that is what the matter hangs on. */
    private final int[] foldOf;

    private final long seed;
    private final SparseMatrix rows;
    private final List<DualCoordinateDescent.Example> training = new ArrayList<>();
    private final List<Integer> trainingFolds = new ArrayList<>();

    /** The row of each example's response; -1 if it has none. */
    private final int[] rowOf;

    TopicRiskTraining(TrainingData corpus, long seed) {
        this.corpus = corpus;
        foldOfInstruction = TrainingData.folds(corpus.instructions().size(), Hyperparameters.FOLDS, seed);
        foldOf = corpus.foldsByInstruction(Hyperparameters.FOLDS, seed);
        this.seed = seed;
        rows = new SparseMatrix(corpus.responseIndex().size());
        rowOf = new int[corpus.examples().size()];
        buildRows();
    }

    private void buildRows() {
        SparseMatrix.Builder builder = rows.new Builder();
        for (int i = 0; i < rowOf.length; i++) {
            TrainingExample example = corpus.examples().get(i);
            rowOf[i] = example.response().isPresent()
                    ? row(builder, example.response().get())
                    : -1;
            if (rowOf[i] >= 0 && ActionTraining.isHarmless(example)) {
                add(rowOf[i], false, Hyperparameters.BENIGN_MATTER_WEIGHT, foldOf[i]);
            } else if (ActionTraining.isLabelled(example)
                    && goesIntoTheMatter(example.action().orElseThrow())) {
                add(rowOf[i], true, 1, foldOf[i]);
            }
        }
        for (int i = 0; i < foldOfInstruction.length; i++) {
            TrainingData.Instruction instruction = corpus.instructions().get(i);
            if (instruction.risky().isPresent()) {
                boolean risky = instruction.risky().get();
                add(
                        row(builder, instruction.text()),
                        risky,
                        Hyperparameters.INSTRUCTION_MATTER_WEIGHT,
                        foldOfInstruction[i]);
            }
        }
        rows.arrange();
    }

    private static boolean goesIntoTheMatter(ResponseAction action) {
        return action != ResponseAction.CANNOT_ASSIST && action != ResponseAction.UNABLE_OR_UNCERTAIN;
    }

    private int row(SparseMatrix.Builder builder, String text) {
        double[] lengths = Hyperparameters.matterLengths();
        FeatureKeys keys = corpus.features().ofResponse(text);
        for (int view = 0; view < lengths.length; view++) {
            builder.addView(keys, view, corpus.responseIndex(), 0, lengths[view]);
        }
        return builder.endRow();
    }

    private void add(int row, boolean risky, double weight, int fold) {
        float cost = (float) (Hyperparameters.MATTER_COST * weight);
        training.add(
                new DualCoordinateDescent.Example(row, new float[] {risky ? cost : 0}, new float[] {risky ? 0 : cost}));
        trainingFolds.add(fold);
    }

    LinearModel train() {
        return train(-2);
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

    /** Returns the margin of each example's response when its fold was not trained on; NaN if it has none. */
    double[] outOfFold(TrainingThreads parallel) {
        List<LinearModel> models = parallel.map(Hyperparameters.FOLDS, this::train);
        double[] margins = new double[rowOf.length];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = rowOf[i] < 0 ? Double.NaN : models.get(foldOf[i]).margins(rowOf[i])[0];
        }
        return margins;
    }
}
