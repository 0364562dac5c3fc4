package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** The features of one text: their keys and counts, one view after another. Not thread-safe; reusable. */
public final class FeatureKeys {
    long[] keys = new long[4_096];

    /** The dampened count of each key in views with counts. In other views a key is repeated for each occurrence. */
    private float[] counts = new float[4_096];

    /** The end of the keys of each view; the first view starts at 0. */
    final int[] viewEnds;

    private final boolean[] counted;
    private int size;
    private int views;

    FeatureKeys(int views) {
        viewEnds = new int[views];
        counted = new boolean[views];
    }

    void clear() {
        size = 0;
        views = 0;
        Arrays.fill(counted, false);
    }

    /** Returns the position of the first key of a view. */
    public int start(int view) {
        return view == 0 ? 0 : viewEnds[view - 1];
    }

    /** Returns the position after the last key of a view. */
    public int end(int view) {
        return viewEnds[view];
    }

    /** Returns the key at a position. */
    public long key(int position) {
        return keys[position];
    }

    /** Returns the count of the key at a position of a view with counts. */
    public float count(int position) {
        return counts[position];
    }

    /** Returns whether the keys of a view have counts; otherwise each counts 1. */
    public boolean isCounted(int view) {
        return counted[view];
    }

    void add(long key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        keys[size++] = key;
    }

    void add(long key, float count) {
        add(key);
        counts[size - 1] = count;
        counted[views] = true;
    }

    /** Returns whether the current view has no keys yet. */
    boolean isEmptyView(int view) {
        return size == start(view);
    }

    void endView() {
        viewEnds[views++] = size;
    }
}
