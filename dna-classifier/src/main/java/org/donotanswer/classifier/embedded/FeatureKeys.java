package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/**
 * The features of one text: their keys, view after view, and how much each counts. Not thread-safe; made to be reused.
 */
public final class FeatureKeys {
    long[] keys = new long[4_096];

    /** A function of how often each key occurs, in views with counts; in others, occurrences stand singly. */
    private float[] counts = new float[4_096];

    /** Where the keys of each view end; those of the first begin at 0. */
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

    /** Returns how much a key counts that is in a view with counts. */
    public float count(int position) {
        return counts[position];
    }

    /** Returns whether a view's keys have counts; else each counts 1. */
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

    /** Returns whether the view that is being filled has no keys yet. */
    boolean isEmptyView(int view) {
        return size == start(view);
    }

    void endView() {
        viewEnds[views++] = size;
    }
}
