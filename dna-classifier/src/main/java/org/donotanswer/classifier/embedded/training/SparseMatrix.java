package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.classifier.embedded.FeatureKeys;

/** A sparse matrix with a row for each example: its columns, in ascending order, and their values. Not thread-safe. */
final class SparseMatrix {
    private final List<int[]> columns = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();
    private final int width;

    /** The position of each column's weights in memory: the most frequent first, as they are fetched most. */
    private int[] positions = new int[0];

    SparseMatrix(int width) {
        this.width = width;
    }

    int width() {
        return width;
    }

    int size() {
        return columns.size();
    }

    int[] columns(int row) {
        return columns.get(row);
    }

    /** Returns the position of a column after {@link #sortColumnsByFrequency}. */
    int position(int column) {
        return positions[column];
    }

    /** Renumbers the columns by descending frequency. Call it once, after the last row. */
    void sortColumnsByFrequency() {
        int[] frequency = new int[width];
        for (int[] row : columns) {
            for (int column : row) {
                frequency[column]++;
            }
        }
        long[] order = new long[width];
        for (int column = 0; column < width; column++) {
            order[column] = (long) (Integer.MAX_VALUE - frequency[column]) << 32 | column;
        }
        Arrays.sort(order);
        positions = new int[width];
        for (int position = 0; position < width; position++) {
            positions[(int) order[position]] = position;
        }
        for (int[] row : columns) {
            for (int i = 0; i < row.length; i++) {
                row[i] = positions[row[i]];
            }
        }
    }

    float[] values(int row) {
        return values.get(row);
    }

    /** Adds rows one after another. Not thread-safe. */
    final class Builder {
        private final float[] sums = new float[width];
        private final boolean[] touched = new boolean[width];
        private int[] order = new int[1_024];
        private int count;

        /**
         * Adds the features of a view to the current row: counts times inverse document frequencies, scaled to a length.
         *
         * @param offset the column of the first slot of the index
         */
        void addView(FeatureKeys keys, int view, FeatureIndex index, int offset, double length) {
            boolean counted = keys.isCounted(view);
            double squares = 0;
            int end = keys.end(view);
            for (int i = keys.start(view); i < end; i++) {
                int slot = index.slot(keys.key(i));
                if (slot >= 0) {
                    double value = (counted ? keys.count(i) : 1) * index.idf(slot);
                    squares += value * value;
                }
            }
            if (squares == 0) {
                return;
            }
            double factor = length / Math.sqrt(squares);
            for (int i = keys.start(view); i < end; i++) {
                int slot = index.slot(keys.key(i));
                if (slot >= 0) {
                    add(offset + slot, (float) ((counted ? keys.count(i) : 1) * index.idf(slot) * factor));
                }
            }
        }

        /** Adds a value to a column of the current row. */
        void add(int column, float value) {
            if (!touched[column]) {
                touched[column] = true;
                if (count == order.length) {
                    order = Arrays.copyOf(order, count * 2);
                }
                order[count++] = column;
            }
            sums[column] += value;
        }

        /** Ends the current row, and returns its number. */
        int endRow() {
            int[] rowColumns = Arrays.copyOf(order, count);
            Arrays.sort(rowColumns);
            float[] rowValues = new float[count];
            for (int i = 0; i < count; i++) {
                int column = rowColumns[i];
                rowValues[i] = sums[column];
                sums[column] = 0;
                touched[column] = false;
            }
            count = 0;
            columns.add(rowColumns);
            values.add(rowValues);
            return columns.size() - 1;
        }
    }
}
