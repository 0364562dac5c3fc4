package org.donotanswer.classifier.embedded;

/** Adds the keys of n-grams to features. */
final class NGrams {
    /** The hash of the marker for the start of a text or clause. */
    static final long START = Hashing.of("^");

    private NGrams() {}

    /** Adds the n-grams of 1 to {@code maxSize} characters in a range. */
    static void characters(FeatureKeys keys, int view, char[] chars, int from, int to, int maxSize) {
        for (int i = from; i < to; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(to, i + maxSize);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, chars[j]);
                keys.add(Hashing.key(view, hash));
            }
        }
    }

    /** Adds the n-grams of 3 to 5 characters of a word with a space on either side. */
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

    /** Adds the n-grams of {@code minSize} to {@code maxSize} hashes in a range. */
    static void sequences(FeatureKeys keys, int view, long[] hashes, int from, int to, int minSize, int maxSize) {
        for (int i = from; i < to; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(to, i + maxSize);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, hashes[j]);
                if (j - i >= minSize - 1) {
                    keys.add(Hashing.key(view, hash));
                }
            }
        }
    }
}
