package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Divides examples into the batches of each epoch. Examples of similar lengths go into one batch, so that little is padded,
 * and batches come in random order. Immutable, hence thread-safe.
 */
final class BatchPlan {
    /** The examples are shuffled, and so many batches of them at a time are sorted by length. */
    private static final int BATCHES_SORTED_TOGETHER = 50;

    private final int[] lengths;
    private final int batchSize;
    private final long seed;

    /**
     * Creates a plan.
     *
     * @param lengths the number of tokens of each example
     */
    BatchPlan(int[] lengths, int batchSize, long seed) {
        this.lengths = lengths.clone();
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Returns the number of batches of an epoch. */
    int batchesPerEpoch() {
        return (lengths.length + batchSize - 1) / batchSize;
    }

    /** Returns the batches of an epoch: the indices of their examples. Each example is in one of them. */
    List<List<Integer>> batches(int epoch) {
        Random random = new Random(seed * 31 + epoch);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        Collections.shuffle(order, random);
        List<List<Integer>> batches = new ArrayList<>();
        int together = BATCHES_SORTED_TOGETHER * batchSize;
        for (int from = 0; from < order.size(); from += together) {
            List<Integer> part = new ArrayList<>(order.subList(from, Math.min(order.size(), from + together)));
            part.sort(Comparator.comparingInt((Integer example) -> lengths[example]));
            for (int start = 0; start < part.size(); start += batchSize) {
                batches.add(List.copyOf(part.subList(start, Math.min(part.size(), start + batchSize))));
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    /**
     * Divides examples into passes that have, with padding, no more than a number of tokens each; a longer example has a pass
     * of its own. The longest come first.
     */
    static List<List<Integer>> passes(List<Integer> examples, int[] lengths, int tokensPerPass) {
        List<Integer> sorted = new ArrayList<>(examples);
        sorted.sort(Comparator.comparingInt((Integer example) -> -lengths[example]));
        List<List<Integer>> passes = new ArrayList<>();
        int start = 0;
        while (start < sorted.size()) {
            int rows = Math.max(1, tokensPerPass / lengths[sorted.get(start)]);
            int end = Math.min(sorted.size(), start + rows);
            passes.add(List.copyOf(sorted.subList(start, end)));
            start = end;
        }
        return passes;
    }
}
