package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.metrics.Averaging;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;

/** Measures the heads of a classifier on examples by its logits. Stateless, hence thread-safe. */
final class HeadScores {
    private HeadScores() {}

    /**
     * The rows of one head.
     *
     * @param logits [rows][labels of the head]
     * @param targets the distribution over the labels of each row
     * @param weights the weight of each row
     */
    record HeadRows(float[][] logits, List<List<Double>> targets, double[] weights) {}

    /** Returns, by head, the rows of the examples that have its label. Heads without any are absent. */
    static Map<HeadKind, HeadRows> rows(List<FineTuningExample> examples, float[][] logits, List<HeadKind> heads) {
        Map<HeadKind, HeadRows> found = new EnumMap<>(HeadKind.class);
        int first = 0;
        for (HeadKind head : heads) {
            List<float[]> parts = new ArrayList<>();
            List<List<Double>> targets = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            for (int row = 0; row < logits.length; row++) {
                FineTuningExample example = examples.get(row);
                if (example.has(head)) {
                    float[] part = new float[head.labels().size()];
                    System.arraycopy(logits[row], first, part, 0, part.length);
                    parts.add(part);
                    targets.add(example.targets().get(head));
                    weights.add(example.weight());
                }
            }
            if (!parts.isEmpty()) {
                found.put(
                        head,
                        new HeadRows(
                                parts.toArray(float[][]::new),
                                List.copyOf(targets),
                                weights.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .toArray()));
            }
            first += head.labels().size();
        }
        return found;
    }

    /** Returns the figures of each head. */
    static Map<HeadKind, EpochFigures.HeadFigures> figures(Map<HeadKind, HeadRows> rows) {
        Map<HeadKind, EpochFigures.HeadFigures> figures = new EnumMap<>(HeadKind.class);
        rows.forEach((head, found) -> figures.put(head, figures(head, found)));
        return figures;
    }

    private static EpochFigures.HeadFigures figures(HeadKind head, HeadRows rows) {
        List<String> gold = new ArrayList<>();
        List<String> predicted = new ArrayList<>();
        double loss = 0;
        double weight = 0;
        for (int row = 0; row < rows.logits.length; row++) {
            double[] logProbabilities = logSoftmax(rows.logits[row]);
            List<Double> target = rows.targets.get(row);
            int best = 0;
            int truth = 0;
            for (int label = 0; label < logProbabilities.length; label++) {
                loss -= rows.weights[row] * target.get(label) * logProbabilities[label];
                best = logProbabilities[label] > logProbabilities[best] ? label : best;
                truth = target.get(label) > target.get(truth) ? label : truth;
            }
            weight += rows.weights[row];
            gold.add(head.labels().get(truth));
            predicted.add(head.labels().get(best));
        }
        ClassificationReport<String> report = ClassificationReport.of(
                ConfusionMatrix.of(head.labels(), gold, predicted).withoutAbsentLabels());
        return new EpochFigures.HeadFigures(
                rows.logits.length,
                loss / weight,
                report.accuracy(),
                report.average(Averaging.MACRO).f1());
    }

    /** Returns the logarithms of the softmax of logits. */
    static double[] logSoftmax(float[] logits) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - greatest);
        }
        double logSum = greatest + StrictMath.log(sum);
        double[] logarithms = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            logarithms[i] = logits[i] - logSum;
        }
        return logarithms;
    }
}
