package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Finds the temperature and the threshold of a head: Guo et al., "On Calibration of Modern Neural Networks", arXiv
 * 1706.04599, section 4.2. Deterministic. Immutable, hence thread-safe.
 */
final class CalibrationFit {
    /** With fewer rows, a temperature or threshold says more about the rows than about the head. */
    static final int MIN_ROWS = 20;

    /** Temperatures are rounded, as no number of rows tells more digits. */
    private static final double ROUNDING = 1e4;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double TOLERANCE = 1e-7;
    private static final double MIN_THRESHOLD = 1e-6;

    private final float[][] logits;
    private final List<List<Double>> targets;
    private final double[] weights;

    CalibrationFit(float[][] logits, List<List<Double>> targets, double[] weights) {
        this.logits = logits;
        this.targets = targets;
        this.weights = weights;
        requireRows("targets", targets.size());
        requireRows("weights", weights.length);
        for (int row = 0; row < logits.length; row++) {
            requireRow(row);
        }
    }

    private void requireRows(String name, int found) {
        if (found != logits.length) {
            throw new IllegalArgumentException(
                    "number of " + name + " must be that of the rows, " + logits.length + ", but was " + found);
        }
    }

    private void requireRow(int row) {
        if (logits[row].length != targets.get(row).size()) {
            throw new IllegalArgumentException("number of labels of row " + row + " must be "
                    + targets.get(row).size() + ", but was " + logits[row].length);
        }
        for (float logit : logits[row]) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("logits must be finite, but were " + logit + " (row " + row + ")");
            }
        }
        if (!(weights[row] > 0 && weights[row] < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "weights must be above 0, but were " + weights[row] + " (row " + row + ")");
        }
    }

    HeadCalibration fit() {
        if (logits.length < MIN_ROWS || classes() < 2) {
            return new HeadCalibration(1, OptionalDouble.empty());
        }
        double temperature = isSeparated() ? 1 : temperature();
        return new HeadCalibration(
                temperature,
                logits[0].length == 2 ? OptionalDouble.of(threshold(temperature)) : OptionalDouble.empty());
    }

    /** Returns the number of labels that are the most probable one of a target. */
    private long classes() {
        return targets.stream()
                .mapToInt(CalibrationFit::mostProbable)
                .distinct()
                .count();
    }

    private static int mostProbable(List<Double> target) {
        return IntStream.range(0, target.size())
                .boxed()
                .max(Comparator.<Integer>comparingDouble(target::get).thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** Returns whether all targets are on the highest logits of their rows, so that log loss falls to the lowest temperature. */
    private boolean isSeparated() {
        for (int row = 0; row < logits.length; row++) {
            double highest = highest(logits[row]);
            for (int label = 0; label < logits[row].length; label++) {
                if (targets.get(row).get(label) > 0 && logits[row][label] < highest) {
                    return false;
                }
            }
        }
        return true;
    }

    private static double highest(float[] row) {
        double highest = row[0];
        for (float logit : row) {
            highest = Math.max(highest, logit);
        }
        return highest;
    }

    /** Golden-section search: log loss is convex in 1 / temperature, so it has one minimum over the temperature's logarithm. */
    private double temperature() {
        double low = Math.log(HeadCalibration.MIN_TEMPERATURE);
        double high = Math.log(HeadCalibration.MAX_TEMPERATURE);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double leftLoss = logLoss(Math.exp(left));
        double rightLoss = logLoss(Math.exp(right));
        while (high - low > TOLERANCE) {
            if (leftLoss <= rightLoss) {
                high = right;
                right = left;
                rightLoss = leftLoss;
                left = high - GOLDEN * (high - low);
                leftLoss = logLoss(Math.exp(left));
            } else {
                low = left;
                left = right;
                leftLoss = rightLoss;
                right = low + GOLDEN * (high - low);
                rightLoss = logLoss(Math.exp(right));
            }
        }
        double rounded = Math.rint(Math.exp((low + high) / 2) * ROUNDING) / ROUNDING;
        return Math.min(HeadCalibration.MAX_TEMPERATURE, Math.max(HeadCalibration.MIN_TEMPERATURE, rounded));
    }

    /** Returns the mean cross entropy at a temperature. */
    private double logLoss(double temperature) {
        double loss = 0;
        double weight = 0;
        for (int row = 0; row < logits.length; row++) {
            double highest = highest(logits[row]);
            double sum = 0;
            double expected = 0;
            for (int label = 0; label < logits[row].length; label++) {
                double scaled = (logits[row][label] - highest) / temperature;
                sum += Math.exp(scaled);
                expected += targets.get(row).get(label) * scaled;
            }
            loss += weights[row] * (Math.log(sum) - expected);
            weight += weights[row];
        }
        return loss / weight;
    }

    /** The log odds of some rows, and the expected F1 if all rows from there upwards count as the event. */
    private record Cut(double logOdds, double f1) {}

    /**
     * Returns the threshold with the highest expected F1 of the event: the middle, in log odds, between the neighbours that it
     * parts. What is expected follows from the probabilities of the rows and not from their labels, as a few events more or
     * less would move the threshold a lot: Lipton, Elkan and Narayanaswamy, "Thresholding Classifiers to Maximize F1 Score",
     * arXiv 1402.1892, section 4.
     */
    private double threshold(double temperature) {
        List<Cut> cuts = cuts(temperature);
        int chosen = 0;
        for (int i = 1; i < cuts.size(); i++) {
            chosen = cuts.get(i).f1() > cuts.get(chosen).f1() ? i : chosen;
        }
        double above = cuts.get(chosen).logOdds();
        double below = chosen + 1 < cuts.size() ? cuts.get(chosen + 1).logOdds() : above - 2;
        return Math.min(1 - MIN_THRESHOLD, Math.max(MIN_THRESHOLD, sigmoid((above + below) / 2)));
    }

    private static double sigmoid(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }

    /** Returns the distinct log odds of the event, falling. */
    private List<Cut> cuts(double temperature) {
        List<Integer> rows = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(row -> -logOdds(row, temperature)))
                .toList();
        double events = 0;
        for (int row : rows) {
            events += weights[row] * sigmoid(logOdds(row, temperature));
        }
        List<Cut> cuts = new ArrayList<>();
        double found = 0;
        double flagged = 0;
        for (int i = 0; i < rows.size(); i++) {
            int row = rows.get(i);
            double odds = logOdds(row, temperature);
            found += weights[row] * sigmoid(odds);
            flagged += weights[row];
            if (i + 1 == rows.size() || logOdds(rows.get(i + 1), temperature) < odds) {
                cuts.add(new Cut(odds, 2 * found / (flagged + events)));
            }
        }
        return cuts;
    }

    private double logOdds(int row, double temperature) {
        return ((double) logits[row][1] - logits[row][0]) / temperature;
    }
}
