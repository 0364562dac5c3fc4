package org.donotanswer.classifier.embedded.training;

import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Figures of weighted probabilities against outcomes. Immutable, hence thread-safe. */
final class HeldOutFigures {
    private static final int BINS = 15;

    private final double[] probabilities;
    private final boolean[] outcomes;
    private final double[] weights;

    /** The positions in descending order of probability. */
    private final int[] descending;

    private final double total;
    private final double positive;

    HeldOutFigures(double[] probabilities, boolean[] outcomes, double[] weights) {
        this.probabilities = probabilities;
        this.outcomes = outcomes;
        this.weights = weights;
        descending = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double sum = 0;
        double ofPositive = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum += weights[i];
            ofPositive += outcomes[i] ? weights[i] : 0;
        }
        total = sum;
        positive = ofPositive;
    }

    SortedMap<String, Double> all() {
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put("auc", auc());
        figures.put("f1", f1(0.5));
        figures.put("bestF1", bestF1());
        figures.put("logLoss", logLoss());
        double rate = positive / total;
        figures.put("baseLogLoss", -rate * StrictMath.log(rate) - (1 - rate) * StrictMath.log(1 - rate));
        figures.put("calibrationError", calibrationError());
        return figures;
    }

    /** Returns the proportion of probabilities of at least one half. */
    double flagged() {
        double flagged = 0;
        for (int i = 0; i < probabilities.length; i++) {
            flagged += probabilities[i] >= 0.5 ? weights[i] : 0;
        }
        return flagged / total;
    }

    private double auc() {
        double above = 0;
        double sum = 0;
        int i = 0;
        while (i < descending.length) {
            double tiedPositive = 0;
            double tiedNegative = 0;
            double probability = probabilities[descending[i]];
            for (; i < descending.length && probabilities[descending[i]] == probability; i++) {
                int at = descending[i];
                tiedPositive += outcomes[at] ? weights[at] : 0;
                tiedNegative += outcomes[at] ? 0 : weights[at];
            }
            sum += tiedNegative * (above + tiedPositive / 2);
            above += tiedPositive;
        }
        return sum / (positive * (total - positive));
    }

    private double f1(double threshold) {
        double hits = 0;
        double flagged = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] >= threshold) {
                flagged += weights[i];
                hits += outcomes[i] ? weights[i] : 0;
            }
        }
        return 2 * hits / (flagged + positive);
    }

    private double bestF1() {
        double best = 0;
        double hits = 0;
        double flagged = 0;
        for (int at : descending) {
            flagged += weights[at];
            hits += outcomes[at] ? weights[at] : 0;
            best = Math.max(best, 2 * hits / (flagged + positive));
        }
        return best;
    }

    private double logLoss() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum -= weights[i] * StrictMath.log(outcomes[i] ? probabilities[i] : 1 - probabilities[i]);
        }
        return sum / total;
    }

    private double calibrationError() {
        double[] differences = new double[BINS];
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Math.min(BINS - 1, (int) (probabilities[i] * BINS));
            differences[bin] += weights[i] * (probabilities[i] - (outcomes[i] ? 1 : 0));
        }
        double sum = 0;
        for (double difference : differences) {
            sum += Math.abs(difference);
        }
        return sum / total;
    }
}
