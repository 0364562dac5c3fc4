package org.donotanswer.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Measures of how well scores or probabilities predict a binary outcome. Pure functions, hence thread-safe. */
public final class Scores {
    private static final double EPSILON = Math.ulp(1.0);

    private Scores() {}

    /**
     * Returns the Brier score: the mean squared difference between probability and outcome (1 or 0), in [0, 1]; 0 is
     * best. NaN if there are no items.
     *
     * <p>G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78 (1950);
     * half of his sum over both outcomes.
     *
     * @throws IllegalArgumentException if the arrays differ in length or a probability is not in [0, 1]
     */
    public static double brier(double[] probabilities, boolean[] outcomes) {
        requireProbabilities(probabilities, outcomes);
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double error = probabilities[i] - (outcomes[i] ? 1 : 0);
            sum += error * error;
        }
        return sum / probabilities.length;
    }

    /**
     * Returns the logarithmic loss: the mean of -ln(p) over items, p being the probability given to what turned out to
     * be the case. At least 0; 0 is best. NaN if there are no items.
     *
     * <p>A probability of 0 for something that happened would make the loss infinite. As in scikit-learn, probabilities
     * are therefore clipped to [ε, 1 - ε] with ε = 2<sup>-52</sup>; one such item adds 36.04 to the sum.
     *
     * <p>I. J. Good, "Rational Decisions", Journal of the Royal Statistical Society B 14 (1952).
     *
     * @throws IllegalArgumentException if the arrays differ in length or a probability is not in [0, 1]
     */
    public static double logLoss(double[] probabilities, boolean[] outcomes) {
        requireProbabilities(probabilities, outcomes);
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum += logLoss(probabilities[i], outcomes[i]);
        }
        return sum / probabilities.length;
    }

    /** Returns the logarithmic loss of one item. */
    static double logLoss(double probability, boolean outcome) {
        double clipped = Math.max(EPSILON, Math.min(1 - EPSILON, probability));
        return -Math.log(outcome ? clipped : 1 - clipped);
    }

    /**
     * Returns the area under the receiver operating characteristic: the probability that a random positive scores
     * higher than a random negative, where a tie counts half. In [0, 1]; NaN without a positive or without a negative.
     *
     * <p>J. A. Hanley, B. J. McNeil, "The Meaning and Use of the Area under a Receiver Operating Characteristic Curve",
     * Radiology 143 (1982). Computed from ranks, as Mann and Whitney's U divided by the number of pairs.
     *
     * @param scores of any scale; only their order matters
     * @param outcomes whether each is a positive
     * @throws IllegalArgumentException if the arrays differ in length or a score is NaN
     */
    public static double rocAuc(double[] scores, boolean[] outcomes) {
        requireScores(scores, outcomes);
        int[] order = ascending(scores);
        double rankSum = 0;
        long positives = 0;
        for (int start = 0; start < order.length; ) {
            int end = start;
            int positivesHere = 0;
            while (end < order.length && scores[order[end]] == scores[order[start]]) {
                positivesHere += outcomes[order[end]] ? 1 : 0;
                end++;
            }
            // Ranks start at 1; items of the same score have the mean of their ranks.
            rankSum += positivesHere * (start + 1 + end) / 2.0;
            positives += positivesHere;
            start = end;
        }
        double pairs = (double) positives * (order.length - positives);
        return (rankSum - positives * (positives + 1) / 2.0) / pairs;
    }

    /**
     * Returns the greatest true positive rate of any threshold whose false positive rate is at most the given one: a
     * point of the receiver operating characteristic, without interpolation. In [0, 1]; NaN without a positive or
     * without a negative.
     *
     * @param scores of any scale; an item is flagged if it scores at least the threshold
     * @param outcomes whether each is a positive
     * @param falsePositiveRate the proportion of negatives that may be flagged, in [0, 1]
     * @throws IllegalArgumentException if the arrays differ in length, a score is NaN, or the rate is not in [0, 1]
     */
    public static double truePositiveRateAt(double[] scores, boolean[] outcomes, double falsePositiveRate) {
        requireScores(scores, outcomes);
        if (!(falsePositiveRate >= 0 && falsePositiveRate <= 1)) {
            throw new IllegalArgumentException("falsePositiveRate must be in [0, 1], but was " + falsePositiveRate);
        }
        int[] order = ascending(scores);
        long positives =
                IntStream.range(0, outcomes.length).filter(i -> outcomes[i]).count();
        long negatives = outcomes.length - positives;
        if (positives == 0 || negatives == 0) {
            return Double.NaN;
        }
        long caught = 0;
        long flagged = 0;
        long best = 0;
        for (int rank = order.length - 1; rank >= 0; rank--) {
            caught += outcomes[order[rank]] ? 1 : 0;
            flagged += outcomes[order[rank]] ? 0 : 1;
            boolean lastOfSame = rank == 0 || scores[order[rank - 1]] != scores[order[rank]];
            if (lastOfSame && (double) flagged / negatives <= falsePositiveRate) {
                best = caught;
            }
        }
        return (double) best / positives;
    }

    /** Returns the indexes of the scores, lowest first. */
    static int[] ascending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    static void requireProbabilities(double[] probabilities, boolean[] outcomes) {
        requireSameLength("probabilities", probabilities.length, outcomes.length);
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                throw new IllegalArgumentException(
                        "probability must be in [0, 1], but was " + probabilities[i] + " (item " + i + ")");
            }
        }
    }

    static void requireScores(double[] scores, boolean[] outcomes) {
        requireSameLength("scores", scores.length, outcomes.length);
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new IllegalArgumentException("score must be a number, but was NaN (item " + i + ")");
            }
        }
    }

    private static void requireSameLength(String name, int values, int outcomes) {
        if (values != outcomes) {
            throw new IllegalArgumentException(
                    name + " and outcomes must have the same size, but were " + values + " and " + outcomes);
        }
    }
}
