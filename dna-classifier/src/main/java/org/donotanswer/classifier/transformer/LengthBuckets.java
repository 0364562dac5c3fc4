package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits sequences into batches of similar length, so that batches contain little padding. Deterministic. */
final class LengthBuckets {
    private LengthBuckets() {}

    /** Returns the logits of the sequences, in order, computed in batches. */
    static float[][] classify(SequenceClassifier classifier, List<TokenSequence> sequences, BatchLimits limits) {
        float[][] logits = new float[sequences.size()][];
        for (int[] batch : split(sequences, limits)) {
            float[][] rows = run(
                    classifier, Arrays.stream(batch).mapToObj(sequences::get).toList());
            for (int row = 0; row < batch.length; row++) {
                logits[batch[row]] = rows[row];
            }
        }
        return logits;
    }

    /**
     * Returns the batches as positions in the list, each position exactly once. The longest sequences come first, so
     * that running out of memory is noticed early, and the memory that the allocator keeps for a batch suffices for the
     * next.
     */
    static List<int[]> split(List<TokenSequence> sequences, BatchLimits limits) {
        int[] order = longestFirst(sequences);
        List<int[]> batches = new ArrayList<>();
        int start = 0;
        long tokens = 0;
        for (int end = 0; end < order.length; end++) {
            int length = sequences.get(order[end]).length();
            int longest = sequences.get(order[start]).length();
            if (end > start && !limits.allow(end - start + 1, longest, tokens + length)) {
                batches.add(Arrays.copyOfRange(order, start, end));
                start = end;
                tokens = 0;
            }
            tokens += length;
        }
        if (start < order.length) {
            batches.add(Arrays.copyOfRange(order, start, order.length));
        }
        return batches;
    }

    /**
     * Returns the positions of the sequences by descending length; positions of equal length are in the order of the
     * list.
     */
    static int[] longestFirst(List<TokenSequence> sequences) {
        long[] keys = new long[sequences.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) (Integer.MAX_VALUE - sequences.get(i).length()) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** Returns the logits of one batch, after checking that there is one row per sequence. */
    static float[][] run(SequenceClassifier classifier, List<TokenSequence> batch) {
        float[][] logits = classifier.logits(batch);
        if (logits.length != batch.size()) {
            throw new IllegalStateException(
                    "classifier must return " + batch.size() + " rows of logits, but returned " + logits.length);
        }
        return logits;
    }
}
