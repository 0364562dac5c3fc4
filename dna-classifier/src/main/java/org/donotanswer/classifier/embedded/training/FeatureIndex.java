package org.donotanswer.classifier.embedded.training;

import java.util.Arrays;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.WeightTable;

/**
 * The features that a model knows, with the slot of each in the model's tables and its inverse document frequency (IDF). A
 * feature is identified by its slot and a four-bit fingerprint, so few unknown features are mistaken for known ones.
 * Immutable, hence thread-safe.
 */
final class FeatureIndex {
    /** The fingerprint of each slot in the high four bits and the IDF code in the low four bits; 0 where free. */
    private final byte[] slots;

    /** The view of each slot's feature. */
    private final byte[] views;

    private final int shift;
    private final float[] idf;

    private FeatureIndex(byte[] slots, byte[] views, float[] idf) {
        this.slots = slots;
        this.views = views;
        this.idf = idf;
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

    /** Returns the fingerprint and IDF code of a slot. */
    byte entry(int slot) {
        return slots[slot];
    }

    /** Returns the slot of the feature with a key, or -1 if it is unknown. */
    int slot(long key) {
        int slot = (int) (key >>> shift);
        int entry = slots[slot];
        return (entry & WeightTable.MAX_IDF_CODE) != 0 && ((entry >>> 4) & 15) == (int) (key & 15) ? slot : -1;
    }

    /** Returns the view of the feature in a slot. */
    int view(int slot) {
        return views[slot];
    }

    /** Returns the inverse document frequency of the feature in a slot. */
    float idf(int slot) {
        return idf[slots[slot] & WeightTable.MAX_IDF_CODE];
    }

    /** Returns the inverse document frequency by code. */
    float[] idfByCode() {
        return idf.clone();
    }

    /** Counts the texts that each feature occurs in. Not thread-safe. */
    static final class Builder {
        /** An open-addressing hash table; 0 where free. A key is 0 with probability 2^-64; that feature would be lost. */
        private long[] keys = new long[1 << 16];

        private int[] counts = new int[1 << 16];
        private byte[] views = new byte[1 << 16];
        private int[] lastText = new int[1 << 16];
        private int size;
        private int texts;

        /** Counts the features of a text. */
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
         * Returns an index of 2^{@code bits} slots with the features that occur in at least {@code minDocumentFrequency}
         * texts. Of the features with the same slot, the most frequent is kept.
         */
        FeatureIndex build(int bits, int minDocumentFrequency) {
            float[] idf = idfByCode();
            byte[] slots = new byte[1 << bits];
            byte[] slotViews = new byte[1 << bits];
            for (long key : frequentFirst(minDocumentFrequency)) {
                int at = find(keys, key);
                int slot = (int) (key >>> (64 - bits));
                if (slots[slot] == 0) {
                    int code = nearestCode(idf(counts[at]), idf);
                    slots[slot] = (byte) ((int) (key & 15) << 4 | code);
                    slotViews[slot] = views[at];
                }
            }
            return new FeatureIndex(slots, slotViews, idf);
        }

        private long[] frequentFirst(int minDocumentFrequency) {
            long[] frequent = new long[size];
            int[] starts = new int[texts + 2];
            int count = 0;
            for (int slot = 0; slot < keys.length; slot++) {
                if (keys[slot] != 0 && counts[slot] >= minDocumentFrequency) {
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

        /** Returns the inverse document frequency, smoothed as in scikit-learn. */
        private double idf(int count) {
            return StrictMath.log((1.0 + texts) / (1.0 + count)) + 1;
        }

        private float[] idfByCode() {
            float[] idf = new float[WeightTable.MAX_IDF_CODE + 1];
            double step = Math.max(0, idf(1) - 1) / (WeightTable.MAX_IDF_CODE - 1);
            for (int code = 1; code <= WeightTable.MAX_IDF_CODE; code++) {
                idf[code] = (float) (1 + (code - 1) * step);
            }
            return idf;
        }

        private static int nearestCode(double target, float[] idf) {
            int best = 1;
            for (int code = 2; code <= WeightTable.MAX_IDF_CODE; code++) {
                if (Math.abs(idf[code] - target) < Math.abs(idf[best] - target)) {
                    best = code;
                }
            }
            return best;
        }
    }
}
