package org.donotanswer.harness.io;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.Arrays;

/**
 * A set of ids, stored as 64-bit hashes: about 16 bytes for an id of any length. The probability that two different ids
 * among a million are taken for the same is 1 in 37 million. Not thread-safe.
 */
public final class SeenIds {
    private static final HashFunction HASH = Hashing.murmur3_128();
    private static final long EMPTY = 0;

    private long[] table = new long[1024];
    private int size;

    /** Adds an id and returns whether it is new. */
    public boolean add(String id) {
        if (2 * size >= table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            Arrays.stream(old).filter(hash -> hash != EMPTY).forEach(this::put);
        }
        long hash = HASH.hashUnencodedChars(id).asLong();
        boolean isNew = put(hash == EMPTY ? 1 : hash);
        size += isNew ? 1 : 0;
        return isNew;
    }

    private boolean put(long hash) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        while (table[slot] != EMPTY) {
            if (table[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        table[slot] = hash;
        return true;
    }
}
