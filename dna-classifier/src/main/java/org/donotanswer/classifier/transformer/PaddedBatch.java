package org.donotanswer.classifier.transformer;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences padded on the right to a rectangle: [rows, longest] in row-major order. The arrays are not copied.
 *
 * @param ids the tokens, followed by the padding id
 * @param types the type of each token; 0 for padding
 * @param lengths the number of tokens of each row without padding, [rows]
 */
record PaddedBatch(int rows, int longest, long[] ids, long[] types, long[] lengths) {
    static PaddedBatch of(List<TokenSequence> sequences, int padTokenId) {
        int rows = sequences.size();
        int longest = sequences.stream().mapToInt(TokenSequence::length).max().orElseThrow();
        long[] ids = new long[Math.multiplyExact(rows, longest)];
        Arrays.fill(ids, padTokenId);
        long[] types = new long[ids.length];
        long[] lengths = new long[rows];
        for (int row = 0; row < rows; row++) {
            TokenSequence sequence = sequences.get(row);
            System.arraycopy(sequence.inputIds(), 0, ids, row * longest, sequence.length());
            System.arraycopy(sequence.typeIds(), 0, types, row * longest, sequence.length());
            lengths[row] = sequence.length();
        }
        return new PaddedBatch(rows, longest, ids, types, lengths);
    }

    Shape shape() {
        return new Shape(rows, longest);
    }

    /** Returns whether any row has padding. */
    boolean isPadded() {
        return Arrays.stream(lengths).anyMatch(length -> length < longest);
    }

    /** Returns 1 for tokens and 0 for padding, [rows, longest]. */
    long[] mask() {
        long[] mask = new long[ids.length];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(mask, row * longest, row * longest + (int) lengths[row], 1);
        }
        return mask;
    }

    /** Splits an array [rows, columns] into rows. */
    float[][] rowsOf(float[] values) {
        int columns = values.length / rows;
        float[][] split = new float[rows][];
        for (int row = 0; row < rows; row++) {
            split[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
        }
        return split;
    }
}
