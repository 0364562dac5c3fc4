package org.donotanswer.classifier.embedded;

/**
 * Hashes of characters, words and n-grams. Features are identified by their hashes alone, so a model contains no text
 * (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009, arXiv 0902.2206).
 */
final class Hashing {
    /** The 64-bit offset basis and prime of FNV-1a. */
    static final long BASIS = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long MIX = 0xff51afd7ed558ccdL;

    private Hashing() {}

    /** Returns the hash of a sequence extended by a character. */
    static long extend(long hash, char c) {
        return (hash ^ c) * PRIME;
    }

    /** Returns the hash of a sequence of words extended by a word. */
    static long extend(long hash, long word) {
        return (Long.rotateLeft(hash, 23) ^ word) * MIX;
    }

    /** Returns the hash of a word. */
    static long of(CharSequence word) {
        long hash = BASIS;
        for (int i = 0; i < word.length(); i++) {
            hash = extend(hash, word.charAt(i));
        }
        return hash;
    }

    /** Returns the key of a feature in a view. Its high bits are the slot in a table, its low bits the fingerprint. */
    static long key(int view, long hash) {
        long mixed = (hash + (view + 1) * GOLDEN) * MIX;
        mixed ^= mixed >>> 32;
        return mixed * GOLDEN;
    }
}
