package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Trains linear models with several outputs, each a support vector machine with squared hinge loss, by dual coordinate
 * descent: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML
 * 2008, algorithm 1 without shrinking. It differs from liblinear in two points. An example has separate costs for and
 * against each output, which allows soft labels. The outputs are trained together, so that the features of an example are
 * fetched once for all of them. Immutable, hence thread-safe.
 */
final class DualCoordinateDescent {
    private final int outputs;
    private final int maxEpochs;
    private final float tolerance;

    /**
     * @param outputs the number of outputs
     * @param maxEpochs the maximum number of passes over the examples
     * @param tolerance training stops when no dual variable changes by this much in an epoch
     */
    DualCoordinateDescent(int outputs, int maxEpochs, float tolerance) {
        this.outputs = outputs;
        this.maxEpochs = maxEpochs;
        this.tolerance = tolerance;
    }

    /** An example: its row, and the cost of an error by output for a positive and for a negative label. */
    record Example(int row, float[] positiveCost, float[] negativeCost) {}

    LinearModel train(SparseMatrix rows, List<Example> examples, long seed) {
        LinearModel model = new LinearModel(rows, outputs);
        int count = examples.size();
        float[][] positive = new float[count][outputs];
        float[][] negative = new float[count][outputs];
        float[] squares = new float[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
            squares[i] = 1; // the bias
            for (float value : rows.values(examples.get(i).row)) {
                squares[i] += value * value;
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        float[] margins = new float[model.stride()];
        float[] changes = new float[model.stride()];
        for (int epoch = 0; epoch < maxEpochs; epoch++) {
            shuffle(order, random);
            float largest = 0;
            for (int i : order) {
                Example example = examples.get(i);
                int[] columns = rows.columns(example.row);
                float[] values = rows.values(example.row);
                model.margins(columns, values, margins);
                float change = step(example, squares[i], margins, positive[i], negative[i], changes);
                if (change > 0) {
                    model.add(columns, values, changes);
                }
                largest = Math.max(largest, change);
            }
            if (largest < tolerance) {
                break;
            }
        }
        return model;
    }

    /** Minimizes the dual in the variables of one example and returns the largest change. */
    private float step(
            Example example, float square, float[] margins, float[] positive, float[] negative, float[] changes) {
        float largest = 0;
        Arrays.fill(changes, 0);
        for (int output = 0; output < outputs; output++) {
            float margin = margins[output];
            float change = 0;
            if (example.positiveCost[output] > 0) {
                float diagonal = 0.5f / example.positiveCost[output];
                float before = positive[output];
                float gradient = margin - 1 + diagonal * before;
                float after = Math.max(0, before - gradient / (square + diagonal));
                positive[output] = after;
                change += after - before;
                margin += (after - before) * square;
            }
            if (example.negativeCost[output] > 0) {
                float diagonal = 0.5f / example.negativeCost[output];
                float before = negative[output];
                float gradient = -margin - 1 + diagonal * before;
                float after = Math.max(0, before - gradient / (square + diagonal));
                negative[output] = after;
                change -= after - before;
            }
            changes[output] = change;
            largest = Math.max(largest, Math.abs(change));
        }
        return largest;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }
}
