package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.WeightTable;

/**
 * Which features a model knows, in which slot of its tables each lies, and how rare each is. A feature is known by its
 * slot and a fingerprint of four bits, so that of the features that are not known, few are taken for one that is.
 * Immutable, hence thread-safe.
 */
final class FeatureIndex {
    /** Each slot's fingerprint in the high and code of rarity in the low four bits; 0 where free. */
    private final byte[] slots;

    /** The view of each slot's feature. */
    private final byte[] views;

    private final int shift;
    private final float[] rarity;

    private FeatureIndex(byte[] slots, byte[] views, float[] rarity) {
        this.slots = slots;
        this.views = views;
        this.rarity = rarity;
        shift = Long.numberOfLeadingZeros(slots.length) + 1;
    }

    int size() {
        return slots.length;
    }

    /** Returns the number of slots that hold a feature. */
    int used() {
        int used = 0;
        for (byte slot : slots) {
            used += slot == 0 ? 0 : 1;
        }
        return used;
    }

    /** Returns fingerprint and code of rarity of a slot. */
    byte meta(int slot) {
        return slots[slot];
    }

    /** Returns the slot of the feature with a key, or -1 if it is not known. */
    int slot(long key) {
        int slot = (int) (key >>> shift);
        int meta = slots[slot];
        return (meta & WeightTable.MAX_RARITY_CODE) != 0 && ((meta >>> 4) & 15) == (int) (key & 15) ? slot : -1;
    }

    /** Returns the view of the feature in a slot. */
    int view(int slot) {
        return views[slot];
    }

    /** Returns the inverse document frequency of the feature in a slot. */
    float rarity(int slot) {
        return rarity[slots[slot] & WeightTable.MAX_RARITY_CODE];
    }

    /** Returns the inverse document frequency of each code. */
    float[] rarities() {
        return rarity.clone();
    }

    /** Counts in how many texts each feature occurs. Not thread-safe. */
    static final class Builder {
        /** Open addressing; 0 where free. No key is 0 but by a chance of 2^-64, and that one feature would be lost. */
        private long[] keys = new long[1 << 16];

        private int[] counts = new int[1 << 16];
        private byte[] views = new byte[1 << 16];
        private int[] lastText = new int[1 << 16];
        private int size;
        private int texts;

        /** Counts the features of one more text. */
        void add(FeatureKeys text, int viewCount) {
            texts++;
            for (int view = 0; view < viewCount; view++) {
                for (int i = text.start(view); i < text.end(view); i++) {
                    add(text.key(i), view);
                }
            }
        }

        private void add(long key, int view) {
            if (size * 2 >= keys.length) {
                grow();
            }
            int slot = find(keys, key);
            if (keys[slot] == 0) {
                keys[slot] = key;
                views[slot] = (byte) view;
                size++;
            }
            if (lastText[slot] != texts) {
                lastText[slot] = texts;
                counts[slot]++;
            }
        }

        private static int find(long[] keys, long key) {
            int slot = (int) (key ^ (key >>> 31)) & (keys.length - 1);
            while (keys[slot] != 0 && keys[slot] != key) {
                slot = (slot + 1) & (keys.length - 1);
            }
            return slot;
        }

        private void grow() {
            long[] newKeys = new long[keys.length * 2];
            int[] newCounts = new int[newKeys.length];
            byte[] newViews = new byte[newKeys.length];
            int[] newLastText = new int[newKeys.length];
            for (int slot = 0; slot < keys.length; slot++) {
                if (keys[slot] != 0) {
                    int to = find(newKeys, keys[slot]);
                    newKeys[to] = keys[slot];
                    newCounts[to] = counts[slot];
                    newViews[to] = views[slot];
                    newLastText[to] = lastText[slot];
                }
            }
            keys = newKeys;
            counts = newCounts;
            views = newViews;
            lastText = newLastText;
        }

        /**
         * Returns an index of 2^{@code bits} slots with the features that occur in at least {@code minTexts} texts. Of
         * features that contend for a slot, the most frequent has it.
         */
        FeatureIndex build(int bits, int minTexts) {
            float[] rarity = rarities();
            byte[] slots = new byte[1 << bits];
            byte[] slotViews = new byte[1 << bits];
            for (long entry : frequentFirst(minTexts)) {
                int at = find(keys, entry);
                int slot = (int) (entry >>> (64 - bits));
                if (slots[slot] == 0) {
                    int code = code(idf(counts[at]), rarity);
                    slots[slot] = (byte) ((int) (entry & 15) << 4 | code);
                    slotViews[slot] = views[at];
                }
            }
            return new FeatureIndex(slots, slotViews, rarity);
        }

        private long[] frequentFirst(int minTexts) {
            long[] frequent = new long[size];
            int[] starts = new int[texts + 2];
            int count = 0;
            for (int slot = 0; slot < keys.length; slot++) {
                if (keys[slot] != 0 && counts[slot] >= minTexts) {
                    frequent[count++] = keys[slot];
                    starts[texts - counts[slot] + 1]++;
                }
            }
            frequent = Arrays.copyOf(frequent, count);
            Arrays.sort(frequent);
            for (int i = 1; i < starts.length; i++) {
                starts[i] += starts[i - 1];
            }
            long[] ordered = new long[count];
            for (long key : frequent) {
                ordered[starts[texts - counts[find(keys, key)]]++] = key;
            }
            return ordered;
        }

        /** Smoothed inverse document frequency, as scikit-learn has it. */
        private double idf(int count) {
            return StrictMath.log((1.0 + texts) / (1.0 + count)) + 1;
        }

        private float[] rarities() {
            float[] rarity = new float[WeightTable.MAX_RARITY_CODE + 1];
            double step = Math.max(0, idf(1) - 1) / (WeightTable.MAX_RARITY_CODE - 1);
            for (int code = 1; code <= WeightTable.MAX_RARITY_CODE; code++) {
                rarity[code] = (float) (1 + (code - 1) * step);
            }
            return rarity;
        }

        private static int code(double idf, float[] rarity) {
            int best = 1;
            for (int code = 2; code <= WeightTable.MAX_RARITY_CODE; code++) {
                if (Math.abs(rarity[code] - idf) < Math.abs(rarity[best] - idf)) {
                    best = code;
                }
            }
            return best;
        }
    }
}
