package org.donotanswer.classifier.embedded.training;

/** The weights of a linear model with several outputs during training. Not thread-safe. */
final class LinearModel {
    private final int outputs;
    private final int stride;
    private final int width;

    /** The weights by column, then output, so that those of a column are fetched together; the biases are last. */
    private final float[] weights;

    private final SparseMatrix rows;

    LinearModel(SparseMatrix rows, int outputs) {
        this.rows = rows;
        width = rows.width();
        this.outputs = outputs;
        stride = (outputs + 3) / 4 * 4;
        weights = new float[(width + 1) * stride];
    }

    int outputs() {
        return outputs;
    }

    int stride() {
        return stride;
    }

    float weight(int column, int output) {
        return weights[rows.position(column) * stride + output];
    }

    float bias(int output) {
        return weights[width * stride + output];
    }

    /** Returns the margins of a row, by output. */
    double[] margins(int row) {
        float[] margins = new float[stride];
        margins(rows.columns(row), rows.values(row), margins);
        double[] result = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            result[output] = margins[output];
        }
        return result;
    }

    /** Sets {@code margins} to the margins of a row, by output. */
    void margins(int[] columns, float[] values, float[] margins) {
        System.arraycopy(weights, width * stride, margins, 0, stride);
        for (int i = 0; i < columns.length; i++) {
            int at = columns[i] * stride;
            float value = values[i];
            for (int output = 0; output < stride; output += 4) {
                margins[output] += value * weights[at + output];
                margins[output + 1] += value * weights[at + output + 1];
                margins[output + 2] += value * weights[at + output + 2];
                margins[output + 3] += value * weights[at + output + 3];
            }
        }
    }

    /** Adds a multiple of a row to the weights of each output, and the multiple itself to the bias. */
    void add(int[] columns, float[] values, float[] multiples) {
        for (int i = 0; i < columns.length; i++) {
            int at = columns[i] * stride;
            float value = values[i];
            for (int output = 0; output < stride; output += 4) {
                weights[at + output] += value * multiples[output];
                weights[at + output + 1] += value * multiples[output + 1];
                weights[at + output + 2] += value * multiples[output + 2];
                weights[at + output + 3] += value * multiples[output + 3];
            }
        }
        for (int output = 0; output < outputs; output++) {
            weights[width * stride + output] += multiples[output];
        }
    }
}
