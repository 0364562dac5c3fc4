package org.donotanswer.harness.io;

import java.util.Arrays;

/**
 * The ids met so far, as 64-bit hashes: 16 bytes or so an id, however long it is. Among a million ids, the odds that two
 * different ones are taken for the same are 1 to 37 million. Not thread-safe.
 */
public final class SeenIds {
    private static final long EMPTY = 0;

    private long[] table = new long[1024];
    private int size;

    /** Adds an id, and returns whether it is new. */
    public boolean add(String id) {
        if (2 * size >= table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            Arrays.stream(old).filter(hash -> hash != EMPTY).forEach(this::put);
        }
        boolean isNew = put(hash(id));
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

    /** FNV-1a over the chars, then the finalizer of MurmurHash3. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == EMPTY ? 1 : hash;
    }
}
