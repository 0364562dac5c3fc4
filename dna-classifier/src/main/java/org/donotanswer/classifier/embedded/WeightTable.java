package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/**
 * The weights of linear models that share their features, in eight bits each, laid out so that one fetch from memory
 * brings a feature's weights for up to seven models, and one addition adds four of them. Immutable, hence thread-safe.
 *
 * <p>A slot is one or more longs. The lowest byte of its first long is the feature's fingerprint and code of rarity, as in
 * {@code FeatureIndex}; every other byte is a <em>lane</em>: the weight, times the rarity, of one model, as an integer above
 * {@value #ZERO}. Lanes are added in the sixteen-bit halves of two longs, which hold 257 of them without overflow.
 */
public final class WeightTable {
    /** The byte that stands for a weight of zero. */
    public static final int ZERO = 128;

    /** The highest code of rarity; 0 stands for a free slot. */
    public static final int MAX_RARITY_CODE = 15;

    /** How many lanes fit in a long, the lowest byte included, which is none. */
    static final int LANES = 8;

    private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;

    /** After how many additions sixteen bits could overflow. */
    private static final int BLOCK = 256;

    private final long[] slots;
    private final int words;
    private final int shift;
    private final float[] rarity;
    private final float[] squaredRarity;

    /** What a unit of a lane is worth, by view, then lane: 0 where the model does not use the view. */
    private final float[][] units;

    private final float[] biases;

    /**
     * Makes a table that takes over the arrays, without a copy of them.
     *
     * @param slots by slot, then word
     * @param words the number of longs of a slot
     * @param rarity by code of rarity
     * @param units by view, then lane
     * @param biases by lane
     */
    public WeightTable(long[] slots, int words, float[] rarity, float[][] units, float[] biases) {
        this.slots = slots;
        this.words = words;
        this.rarity = rarity;
        this.units = units;
        this.biases = biases;
        shift = Long.numberOfLeadingZeros(slots.length / words) + 1;
        squaredRarity = new float[rarity.length];
        for (int code = 0; code < rarity.length; code++) {
            squaredRarity[code] = rarity[code] * rarity[code];
        }
    }

    int lanes() {
        return biases.length;
    }

    int views() {
        return units.length;
    }

    int words() {
        return words;
    }

    long[] slots() {
        return slots;
    }

    float[] rarity() {
        return rarity;
    }

    float[][] units() {
        return units;
    }

    float[] biases() {
        return biases;
    }

    /** Working memory of one thread. */
    static final class Sums {
        private final long[] even;
        private final long[] odd;
        private final int[] lanes;
        private final double[] weighted;

        Sums(WeightTable table) {
            even = new long[table.words];
            odd = new long[table.words];
            lanes = new int[table.words * 8];
            weighted = new double[table.words * 8];
        }

        /** Returns the last sum of a lane; lane 0 is none. */
        double weighted(int lane) {
            return weighted[lane];
        }
    }

    /** Sets {@code margins} to what the models give for a text. */
    void margins(FeatureKeys keys, Sums sums, double[] margins) {
        for (int lane = 0; lane < biases.length; lane++) {
            margins[lane] = biases[lane];
        }
        for (int view = 0; view < units.length; view++) {
            double squares = words == 1 ? sumNarrow(keys, view, sums) : sumWide(keys, view, sums);
            addView(view, squares, sums.weighted, margins);
        }
    }

    /** Adds to {@code margins} the sums of the lanes of a view, scaled to unit length. */
    void addView(int view, double squares, double[] weighted, double[] margins) {
        if (squares > 0) {
            double factor = 1 / Math.sqrt(squares);
            float[] viewUnits = units[view];
            for (int lane = 0; lane < biases.length; lane++) {
                margins[lane] += weighted[lane + 1] * viewUnits[lane] * factor;
            }
        }
    }

    /** Sums the lanes of a view's known features in a table of one long a slot, and returns their squared length. */
    double sumNarrow(FeatureKeys text, int view, Sums sums) {
        int to = text.viewEnds[view];
        int from = text.start(view);
        if (from < to && text.isCounted(view)) {
            return sumCounted(text, view, sums);
        }
        long[] keys = text.keys;
        float squares = 0;
        int known = 0;
        int[] lanes = sums.lanes;
        clear(lanes);
        while (from < to) {
            int blockEnd = Math.min(to, from + BLOCK);
            long even = 0;
            long odd = 0;
            for (; from < blockEnd; from++) {
                long key = keys[from];
                long slot = slots[(int) (key >>> shift)];
                if (((slot >>> 4) & 15) == (key & 15) && (slot & 15) != 0) {
                    squares += squaredRarity[(int) (slot & 15)];
                    even += slot & EVEN_BYTES;
                    odd += (slot >>> 8) & EVEN_BYTES;
                    known++;
                }
            }
            unpack(even, odd, lanes, 0);
        }
        weigh(lanes, known, sums.weighted);
        return squares;
    }

    /** Does the same for any number of longs a slot; its views have no counts. */
    private double sumWide(FeatureKeys text, int view, Sums sums) {
        int to = text.viewEnds[view];
        int from = text.start(view);
        float squares = 0;
        int known = 0;
        clear(sums.lanes);
        while (from < to) {
            int blockEnd = Math.min(to, from + BLOCK);
            for (int word = 0; word < words; word++) {
                sums.even[word] = 0;
                sums.odd[word] = 0;
            }
            for (; from < blockEnd; from++) {
                long key = text.keys[from];
                int at = (int) (key >>> shift) * words;
                long first = slots[at];
                if (((first >>> 4) & 15) == (key & 15) && (first & 15) != 0) {
                    squares += squaredRarity[(int) (first & 15)];
                    known++;
                    for (int word = 0; word < words; word++) {
                        sums.even[word] += slots[at + word] & EVEN_BYTES;
                        sums.odd[word] += (slots[at + word] >>> 8) & EVEN_BYTES;
                    }
                }
            }
            for (int word = 0; word < words; word++) {
                unpack(sums.even[word], sums.odd[word], sums.lanes, word * 8);
            }
        }
        weigh(sums.lanes, known, sums.weighted);
        return squares;
    }

    /** Does the same for a view whose features have counts. */
    private double sumCounted(FeatureKeys text, int view, Sums sums) {
        double squares = 0;
        double[] weighted = sums.weighted;
        Arrays.fill(weighted, 0);
        for (int i = text.start(view); i < text.viewEnds[view]; i++) {
            long key = text.keys[i];
            long slot = slots[(int) (key >>> shift)];
            if (((slot >>> 4) & 15) == (key & 15) && (slot & 15) != 0) {
                float count = text.count(i);
                squares += count * count * squaredRarity[(int) (slot & 15)];
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
