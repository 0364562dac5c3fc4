package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** Counts keys, and keeps them in the order of their first addition. Not thread-safe; reusable. */
final class DistinctKeys {
    private long[] table = new long[512];
    private int[] positions = new int[512];
    private int[] generations = new int[512];
    private int generation = 1;

    private long[] keys = new long[256];
    private int[] counts = new int[256];
    private int size;

    void clear() {
        size = 0;
        if (++generation == 0) {
            Arrays.fill(generations, 0);
            generation = 1;
        }
    }

    int size() {
        return size;
    }

    long key(int position) {
        return keys[position];
    }

    int count(int position) {
        return counts[position];
    }

    /** Counts a key, and returns whether it is new. */
    boolean add(long key) {
        if (size * 2 >= table.length) {
            grow();
        }
        int slot = slot(key);
        while (generations[slot] == generation) {
            if (table[slot] == key) {
                counts[positions[slot]]++;
                return false;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        insert(slot, key, size);
        keys[size] = key;
        counts[size++] = 1;
        return true;
    }

    private void insert(int slot, long key, int position) {
        table[slot] = key;
        positions[slot] = position;
        generations[slot] = generation;
    }

    private int slot(long key) {
        return (int) (key ^ (key >>> 29)) & (table.length - 1);
    }

    private void grow() {
        int capacity = table.length * 2;
        table = new long[capacity];
        positions = new int[capacity];
        generations = new int[capacity];
        generation = 1;
        keys = Arrays.copyOf(keys, capacity / 2);
        counts = Arrays.copyOf(counts, capacity / 2);
        for (int position = 0; position < size; position++) {
            int slot = slot(keys[position]);
            while (generations[slot] == generation) {
                slot = (slot + 1) & (capacity - 1);
            }
            insert(slot, keys[position], position);
        }
    }
}
