package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/**
 * The weights of linear models that share their features, quantized to eight bits. The layout lets one memory access fetch
 * a feature's weights for up to seven models, and one addition add four of them. Immutable, hence thread-safe.
 *
 * <p>A slot is one or more longs. The lowest byte of its first long holds the feature's fingerprint and the code of its
 * inverse document frequency (IDF), as in {@code FeatureIndex}. Every other byte is a <em>lane</em>: the weight of one
 * model, multiplied by the IDF, as an integer offset by {@value #ZERO}. Lanes are summed in the sixteen-bit fields of two
 * longs, which hold 257 of them without overflow.
 */
public final class WeightTable {
    /** The byte that represents a weight of zero. */
    public static final int ZERO = 128;

    /** The highest IDF code; 0 marks a free slot. */
    public static final int MAX_IDF_CODE = 15;

    /** The number of bytes in a long; byte 0 of the first long of a slot is not a lane. */
    static final int LANES = 8;

    private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;

    /** The number of additions that sixteen bits hold without overflow. */
    private static final int MAX_ADDITIONS = 256;

    private final long[] slots;
    private final int longsPerSlot;
    private final int shift;
    private final float[] idf;
    private final float[] squaredIdf;

    /** The value of one unit of a lane, by view, then lane; 0 where the model does not use the view. */
    private final float[][] scales;

    private final float[] biases;

    /**
     * Creates a table. It takes ownership of the arrays and does not copy them.
     *
     * @param slots the longs of all slots, one slot after another
     * @param longsPerSlot the number of longs in a slot
     * @param idf the inverse document frequency by code
     * @param scales the value of one unit of a lane, by view, then lane
     * @param biases the biases by lane
     */
    public WeightTable(long[] slots, int longsPerSlot, float[] idf, float[][] scales, float[] biases) {
        this.slots = slots;
        this.longsPerSlot = longsPerSlot;
        this.idf = idf;
        this.scales = scales;
        this.biases = biases;
        shift = Long.numberOfLeadingZeros(slots.length / longsPerSlot) + 1;
        squaredIdf = new float[idf.length];
        for (int code = 0; code < idf.length; code++) {
            squaredIdf[code] = idf[code] * idf[code];
        }
    }

    int lanes() {
        return biases.length;
    }

    int views() {
        return scales.length;
    }

    int longsPerSlot() {
        return longsPerSlot;
    }

    long[] slots() {
        return slots;
    }

    float[] idf() {
        return idf;
    }

    float[][] scales() {
        return scales;
    }

    float[] biases() {
        return biases;
    }

    /** Working memory for one table. Not thread-safe; reusable. */
    static final class Workspace {
        private final long[] even;
        private final long[] odd;
        private final int[] lanes;
        private final double[] weighted;

        Workspace(WeightTable table) {
            even = new long[table.longsPerSlot];
            odd = new long[table.longsPerSlot];
            lanes = new int[table.longsPerSlot * 8];
            weighted = new double[table.longsPerSlot * 8];
        }

        /** Returns the sum of a byte of a slot that was computed last; byte 0 is not a lane. */
        double weighted(int lane) {
            return weighted[lane];
        }
    }

    /** Sets {@code margins} to the margins of the models for a text, by lane. */
    void margins(FeatureKeys keys, Workspace workspace, double[] margins) {
        for (int lane = 0; lane < biases.length; lane++) {
            margins[lane] = biases[lane];
        }
        for (int view = 0; view < scales.length; view++) {
            double squares = longsPerSlot == 1 ? sumNarrow(keys, view, workspace) : sumWide(keys, view, workspace);
            addView(view, squares, workspace.weighted, margins);
        }
    }

    /** Adds the lane sums of a view, scaled to unit length, to {@code margins}. */
    void addView(int view, double squares, double[] weighted, double[] margins) {
        if (squares > 0) {
            double factor = 1 / Math.sqrt(squares);
            float[] viewScales = scales[view];
            for (int lane = 0; lane < biases.length; lane++) {
                margins[lane] += weighted[lane + 1] * viewScales[lane] * factor;
            }
        }
    }

    /** Sums the lanes of a view's known features in a table with one long per slot, and returns their squared length. */
    double sumNarrow(FeatureKeys text, int view, Workspace workspace) {
        int to = text.viewEnds[view];
        int from = text.start(view);
        if (from < to && text.isCounted(view)) {
            return sumCounted(text, view, workspace);
        }
        long[] keys = text.keys;
        float squares = 0;
        int known = 0;
        int[] lanes = workspace.lanes;
        clear(lanes);
        while (from < to) {
            int blockEnd = Math.min(to, from + MAX_ADDITIONS);
            long even = 0;
            long odd = 0;
            for (; from < blockEnd; from++) {
                long key = keys[from];
                long slot = slots[(int) (key >>> shift)];
                if (((slot >>> 4) & 15) == (key & 15) && (slot & 15) != 0) {
                    squares += squaredIdf[(int) (slot & 15)];
                    even += slot & EVEN_BYTES;
                    odd += (slot >>> 8) & EVEN_BYTES;
                    known++;
                }
            }
            unpack(even, odd, lanes, 0);
        }
        weigh(lanes, known, workspace.weighted);
        return squares;
    }

    /** Same as {@link #sumNarrow} for any number of longs per slot; views with counts are not supported. */
    private double sumWide(FeatureKeys text, int view, Workspace workspace) {
        int to = text.viewEnds[view];
        int from = text.start(view);
        float squares = 0;
        int known = 0;
        clear(workspace.lanes);
        while (from < to) {
            int blockEnd = Math.min(to, from + MAX_ADDITIONS);
            for (int word = 0; word < longsPerSlot; word++) {
                workspace.even[word] = 0;
                workspace.odd[word] = 0;
            }
            for (; from < blockEnd; from++) {
                long key = text.keys[from];
                int at = (int) (key >>> shift) * longsPerSlot;
                long first = slots[at];
                if (((first >>> 4) & 15) == (key & 15) && (first & 15) != 0) {
                    squares += squaredIdf[(int) (first & 15)];
                    known++;
                    for (int word = 0; word < longsPerSlot; word++) {
                        workspace.even[word] += slots[at + word] & EVEN_BYTES;
                        workspace.odd[word] += (slots[at + word] >>> 8) & EVEN_BYTES;
                    }
                }
            }
            for (int word = 0; word < longsPerSlot; word++) {
                unpack(workspace.even[word], workspace.odd[word], workspace.lanes, word * 8);
            }
        }
        weigh(workspace.lanes, known, workspace.weighted);
        return squares;
    }

    /** Same as {@link #sumNarrow} for a view whose features have counts. */
    private double sumCounted(FeatureKeys text, int view, Workspace workspace) {
        double squares = 0;
        double[] weighted = workspace.weighted;
        Arrays.fill(weighted, 0);
        for (int i = text.start(view); i < text.viewEnds[view]; i++) {
            long key = text.keys[i];
            long slot = slots[(int) (key >>> shift)];
            if (((slot >>> 4) & 15) == (key & 15) && (slot & 15) != 0) {
                float count = text.count(i);
                squares += count * count * squaredIdf[(int) (slot & 15)];
                for (int lane = 1; lane < 8; lane++) {
                    weighted[lane] += count * (((slot >>> (8 * lane)) & 0xff) - ZERO);
                }
            }
        }
        return squares;
    }

    private static void clear(int[] lanes) {
        Arrays.fill(lanes, 0);
    }

    private static void unpack(long even, long odd, int[] lanes, int offset) {
        for (int pair = 0; pair < 4; pair++) {
            lanes[offset + 2 * pair] += (int) (even >>> (16 * pair)) & 0xffff;
            lanes[offset + 2 * pair + 1] += (int) (odd >>> (16 * pair)) & 0xffff;
        }
    }

    private static void weigh(int[] lanes, int known, double[] weighted) {
        for (int lane = 0; lane < lanes.length; lane++) {
            weighted[lane] = lanes[lane] - known * ZERO;
        }
    }
}
