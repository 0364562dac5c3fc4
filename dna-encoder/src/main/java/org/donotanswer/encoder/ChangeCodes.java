package org.donotanswer.encoder;

/**
 * The change of a matrix by fine-tuning in few bits: an integer for each weight, and for each row the step that it counts.
 * Changes are small and spread evenly around zero, so that few steps suffice: what is rounded is the change alone, while the
 * pretrained weight stays exact. The arrays are not copied.
 *
 * @param codes of all rows, row after row, each from {@code -levels} to {@code levels}
 * @param scales the step of each row
 */
record ChangeCodes(byte[] codes, float[] scales) {
    /** The largest code in files: 31 values, of some 4 bits when they are compressed. */
    static final int LEVELS = 15;

    /** Steps that are tried, as parts of the one that reaches the largest change: a smaller one cuts the largest changes off. */
    private static final int CANDIDATES = 12;

    private static final double SMALLEST_CANDIDATE = 0.45;
    private static final int REFINEMENTS = 2;

    /**
     * Returns the codes with a small squared error of each row.
     *
     * @param change the fine-tuned weights minus those of the base: [rows][columns], finite
     */
    static ChangeCodes of(float[] change, int rows, int levels) {
        int columns = change.length / rows;
        byte[] codes = new byte[change.length];
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            scales[row] = scale(change, row * columns, columns, levels);
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                codes[i] = (byte) code(change[i], scales[row], levels);
            }
        }
        return new ChangeCodes(codes, scales);
    }

    /** Adds the changes to the weights of the base, in place. */
    static void add(float[] weights, byte[] codes, float[] scales) {
        int columns = weights.length / scales.length;
        for (int row = 0; row < scales.length; row++) {
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                weights[i] += scales[row] * codes[i];
            }
        }
    }

    private static int code(float change, float scale, int levels) {
        return scale == 0 ? 0 : Math.max(-levels, Math.min(levels, Math.round(change / scale)));
    }

    /** Returns the step with the least squared error of those tried; 0 if nothing changed. */
    private static float scale(float[] change, int start, int columns, int levels) {
        float largest = 0;
        for (int i = start; i < start + columns; i++) {
            largest = Math.max(largest, Math.abs(change[i]));
        }
        float whole = largest / levels;
        float best = whole;
        double bestError = Double.POSITIVE_INFINITY;
        for (int candidate = 0; candidate < CANDIDATES; candidate++) {
            double part = 1 - (1 - SMALLEST_CANDIDATE) * candidate / (CANDIDATES - 1);
            float scale = (float) (whole * part);
            for (int refinement = 0; refinement <= REFINEMENTS; refinement++) {
                Fit fit = fit(change, start, columns, scale, levels);
                if (fit.error() < bestError) {
                    bestError = fit.error();
                    best = scale;
                }
                scale = fit.better();
            }
        }
        return best;
    }

    /**
     * How well a step fits a row.
     *
     * @param error the sum of squared errors
     * @param better the step with the least squared error for the same codes
     */
    private record Fit(double error, float better) {}

    private static Fit fit(float[] change, int start, int columns, float scale, int levels) {
        double error = 0;
        double product = 0;
        double squares = 0;
        for (int i = start; i < start + columns; i++) {
            int code = code(change[i], scale, levels);
            double difference = change[i] - (double) scale * code;
            error += difference * difference;
            product += (double) change[i] * code;
            squares += code * code;
        }
        return new Fit(error, squares == 0 ? scale : (float) (product / squares));
    }
}
