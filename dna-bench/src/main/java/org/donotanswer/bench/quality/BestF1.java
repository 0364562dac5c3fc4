package org.donotanswer.bench.quality;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.donotanswer.metrics.SampleStatistic;

/** The highest F1 of any threshold, in time linear in the sample, as items are sorted only once. Immutable, hence thread-safe. */
final class BestF1 implements SampleStatistic {
    /** For each item the rank of its score among the distinct scores, from the highest. */
    private final int[] ranks;

    private final int distinct;
    private final boolean[] outcomes;

    BestF1(double[] scores, boolean[] outcomes) {
        this.outcomes = outcomes.clone();
        ranks = new int[scores.length];
        int[] descending = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer item) -> -scores[item]))
                .mapToInt(Integer::intValue)
                .toArray();
        int rank = -1;
        for (int i = 0; i < descending.length; i++) {
            boolean isNext = i == 0 || scores[descending[i]] != scores[descending[i - 1]];
            rank += isNext ? 1 : 0;
            ranks[descending[i]] = rank;
        }
        distinct = rank + 1;
    }

    @Override
    public double of(int[] items) {
        int[] positives = new int[distinct];
        int[] all = new int[distinct];
        for (int item : items) {
            positives[ranks[item]] += outcomes[item] ? 1 : 0;
            all[ranks[item]]++;
        }
        int total = Arrays.stream(positives).sum();
        long found = 0;
        long flagged = 0;
        double best = total == 0 ? Double.NaN : 0;
        for (int rank = 0; rank < distinct; rank++) {
            found += positives[rank];
            flagged += all[rank];
            best = Math.max(best, 2.0 * found / (flagged + total));
        }
        return best;
    }
}
