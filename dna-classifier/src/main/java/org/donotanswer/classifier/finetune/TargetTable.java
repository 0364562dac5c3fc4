package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * The targets of examples as the loss takes them: the probability of each label, smoothed, times the weight of the example,
 * its class and its head. Weights are scaled so that those of the examples with a label of a head have a mean of 1. Immutable,
 * hence thread-safe.
 */
final class TargetTable {
    private final List<HeadKind> heads;
    private final float[][] rows;
    private final int outputs;

    private TargetTable(List<HeadKind> heads, float[][] rows, int outputs) {
        this.heads = List.copyOf(heads);
        this.rows = rows;
        this.outputs = outputs;
    }

    /**
     * Returns the table of examples.
     *
     * @param heads in the order of their outputs
     * @throws IllegalArgumentException if no example has a label of a head, or all have the same
     */
    static TargetTable of(List<FineTuningExample> examples, List<HeadKind> heads, FineTuningOptions options) {
        int outputs = heads.stream().mapToInt(head -> head.labels().size()).sum();
        float[][] rows = new float[examples.size()][outputs];
        int first = 0;
        for (HeadKind head : heads) {
            fill(rows, first, examples, head, options);
            first += head.labels().size();
        }
        return new TargetTable(heads, rows, outputs);
    }

    private static void fill(
            float[][] rows, int first, List<FineTuningExample> examples, HeadKind head, FineTuningOptions options) {
        double[] classWeights = classWeights(examples, head, options.classWeights());
        double scale = 0;
        int labelled = 0;
        for (FineTuningExample example : examples) {
            if (example.has(head)) {
                scale += example.weight() * classWeight(example, head, classWeights);
                labelled++;
            }
        }
        scale = options.weight(head) * labelled / scale;
        double spread = options.labelSmoothing() / head.labels().size();
        for (int row = 0; row < rows.length; row++) {
            FineTuningExample example = examples.get(row);
            if (!example.has(head)) {
                continue;
            }
            double weight = scale * example.weight() * classWeight(example, head, classWeights);
            List<Double> target = example.targets().get(head);
            for (int label = 0; label < target.size(); label++) {
                rows[row][first + label] =
                        (float) (weight * (target.get(label) * (1 - options.labelSmoothing()) + spread));
            }
        }
    }

    /** Returns the weight of each class, by how often it occurs. */
    private static double[] classWeights(
            List<FineTuningExample> examples, HeadKind head, FineTuningOptions.ClassWeights kind) {
        double[] counts = new double[head.labels().size()];
        double total = 0;
        for (FineTuningExample example : examples) {
            if (example.has(head)) {
                List<Double> target = example.targets().get(head);
                for (int label = 0; label < counts.length; label++) {
                    counts[label] += example.weight() * target.get(label);
                }
                total += example.weight();
            }
        }
        requireTwoClasses(head, counts);
        double[] weights = new double[counts.length];
        for (int label = 0; label < counts.length; label++) {
            double balanced = counts[label] == 0 ? 0 : total / (counts.length * counts[label]);
            weights[label] = switch (kind) {
                case NONE -> 1;
                case SQUARE_ROOT -> Math.sqrt(balanced);
                case BALANCED -> balanced;
            };
        }
        return weights;
    }

    private static void requireTwoClasses(HeadKind head, double[] counts) {
        int present = 0;
        for (double count : counts) {
            present += count > 0 ? 1 : 0;
        }
        if (present < 2) {
            throw new IllegalArgumentException("labels of the head " + head.configName() + " must be at least two of "
                    + head.labels() + ", but were " + present(head, counts));
        }
    }

    private static List<String> present(HeadKind head, double[] counts) {
        List<String> present = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] > 0) {
                present.add(head.labels().get(label));
            }
        }
        return present;
    }

    private static double classWeight(FineTuningExample example, HeadKind head, double[] classWeights) {
        List<Double> target = example.targets().get(head);
        double weight = 0;
        for (int label = 0; label < classWeights.length; label++) {
            weight += target.get(label) * classWeights[label];
        }
        return weight;
    }

    /** Returns a remark for each label that no example has. */
    static List<String> missingLabels(List<FineTuningExample> examples, List<HeadKind> heads) {
        List<String> remarks = new ArrayList<>();
        for (HeadKind head : heads) {
            List<String> missing = new ArrayList<>(head.labels());
            for (FineTuningExample example : examples) {
                Optional<List<Double>> target =
                        Optional.ofNullable(example.targets().get(head));
                target.ifPresent(found ->
                        missing.removeIf(label -> found.get(head.labels().indexOf(label)) > 0));
            }
            if (!missing.isEmpty()) {
                remarks.add("labels of the head " + head.configName() + " without an example: "
                        + String.join(", ", missing));
            }
        }
        return remarks;
    }

    /**
     * Returns the targets of some examples: [examples][outputs].
     *
     * @param divisor by which all are divided, the number of examples of the step
     */
    float[][] rows(List<Integer> examples, int divisor) {
        float[][] targets = new float[examples.size()][outputs];
        for (int i = 0; i < targets.length; i++) {
            float[] row = rows[examples.get(i)];
            for (int output = 0; output < outputs; output++) {
                targets[i][output] = row[output] / divisor;
            }
        }
        return targets;
    }

    List<HeadKind> heads() {
        return heads;
    }
}
