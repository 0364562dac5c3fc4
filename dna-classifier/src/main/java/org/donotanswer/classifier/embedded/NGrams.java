package org.donotanswer.classifier.embedded;

/** Emits the keys of n-grams. */
final class NGrams {
    /** Stands for the beginning of a text or clause. */
    static final long START = Hashing.of("^");

    private NGrams() {}

    /** Emits the n-grams of sizes 1 to {@code longest} of the characters in a range. */
    static void characters(FeatureKeys keys, int view, char[] chars, int from, int to, int longest) {
        for (int i = from; i < to; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(to, i + longest);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, chars[j]);
                keys.add(Hashing.key(view, hash));
            }
        }
    }

    /** Emits the n-grams of sizes 3 to 5 of a word with a space at either side. */
    static void withinWord(FeatureKeys keys, int view, char[] chars, int from, int to) {
        for (int i = from - 1; i <= to - 2; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(to + 1, i + 5);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, j < from || j == to ? ' ' : chars[j]);
                if (j - i >= 2) {
                    keys.add(Hashing.key(view, hash));
                }
            }
        }
    }

    /** Emits the n-grams of sizes {@code shortest} to {@code longest} of hashes in a range. */
    static void sequences(FeatureKeys keys, int view, long[] hashes, int from, int to, int shortest, int longest) {
        for (int i = from; i < to; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(to, i + longest);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, hashes[j]);
                if (j - i >= shortest - 1) {
                    keys.add(Hashing.key(view, hash));
                }
            }
        }
    }
}
