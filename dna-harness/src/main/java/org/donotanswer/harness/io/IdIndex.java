package org.donotanswer.harness.io;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Numbers different ids from 0 in the order in which they are added. Ids are stored as 128-bit hashes, in 24 to 48 bytes for an
 * id of any length; among a billion, the probability that two are taken for the same is below 1 in 10^20. Not thread-safe.
 */
public final class IdIndex {
    private static final HashFunction HASH = Hashing.murmur3_128();
    private static final int INITIAL_SLOTS = 1 << 10;

    /** Two numbers for each id, in the order in which they were added. */
    private long[] hashes = new long[INITIAL_SLOTS];
    /** The place of an id, plus 1, or 0 for none; the length is a power of 2. */
    private int[] slots = new int[INITIAL_SLOTS];

    private int size;

    /** Adds an id and returns whether it is new. */
    public boolean add(String id) {
        if (2 * size >= slots.length) {
            grow();
        }
        ByteBuffer hash = hash(id);
        long first = hash.getLong(0);
        long second = hash.getLong(Long.BYTES);
        int slot = slot(first, second);
        if (slots[slot] != 0) {
            return false;
        }
        hashes[2 * size] = first;
        hashes[2 * size + 1] = second;
        size++;
        slots[slot] = size;
        return true;
    }

    /** Returns the number of an id, or -1 if it was not added. */
    public int find(String id) {
        ByteBuffer hash = hash(id);
        return slots[slot(hash.getLong(0), hash.getLong(Long.BYTES))] - 1;
    }

    /** Returns how many ids there are. */
    public int size() {
        return size;
    }

    private static ByteBuffer hash(String id) {
        return ByteBuffer.wrap(HASH.hashUnencodedChars(id).asBytes());
    }

    /** Returns the slot of a hash, or the empty one where it would be. */
    private int slot(long first, long second) {
        int mask = slots.length - 1;
        int slot = (int) first & mask;
        while (slots[slot] != 0) {
            int place = 2 * (slots[slot] - 1);
            if (hashes[place] == first && hashes[place + 1] == second) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        hashes = Arrays.copyOf(hashes, slots.length);
        for (int i = 0; i < size; i++) {
            slots[slot(hashes[2 * i], hashes[2 * i + 1])] = i + 1;
        }
    }
}
