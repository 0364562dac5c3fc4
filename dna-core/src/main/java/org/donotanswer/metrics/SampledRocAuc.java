package org.donotanswer.metrics;

/**
 * The area under the receiver operating characteristic of samples of the same items, in linear time for each sample.
 */
final class SampledRocAuc implements SampleStatistic {
    /** For each item, the rank of its score among the distinct scores, from 0. */
    private final int[] ranks;

    private final int distinct;
    private final boolean[] outcomes;

    SampledRocAuc(double[] scores, boolean[] outcomes) {
        Scores.requireScores(scores, outcomes);
        this.outcomes = outcomes.clone();
        ranks = new int[scores.length];
        int[] order = Scores.ascending(scores);
        int rank = 0;
        for (int i = 0; i < order.length; i++) {
            if (i > 0 && scores[order[i]] != scores[order[i - 1]]) {
                rank++;
            }
            ranks[order[i]] = rank;
        }
        distinct = rank + 1;
    }

    @Override
    public double of(int[] items) {
        long[] positives = new long[distinct];
        long[] negatives = new long[distinct];
        for (int item : items) {
            (outcomes[item] ? positives : negatives)[ranks[item]]++;
        }
        long positivesSoFar = 0;
        long negativesBelow = 0;
        // Twice the number of pairs in which the positive scores higher, a tie counting half.
        double twiceOrdered = 0;
        for (int rank = 0; rank < distinct; rank++) {
            twiceOrdered += positives[rank] * (2.0 * negativesBelow + negatives[rank]);
            positivesSoFar += positives[rank];
            negativesBelow += negatives[rank];
        }
        return twiceOrdered / 2 / ((double) positivesSoFar * negativesBelow);
    }
}
