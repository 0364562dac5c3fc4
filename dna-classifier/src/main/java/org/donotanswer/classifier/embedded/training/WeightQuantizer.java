package org.donotanswer.classifier.embedded.training;

import java.util.List;
import org.donotanswer.classifier.embedded.WeightTable;
import org.jspecify.annotations.Nullable;

/** Quantizes the weights of trained linear models to the eight bits of a {@link WeightTable}. */
final class WeightQuantizer {
    private WeightQuantizer() {}

    /** The source of a lane: an output of a trained linear model, its bias, and the length that it scales each view to. */
    record Lane(LinearModel model, int output, int firstColumn, double bias, double[] viewLengths) {
        /** Creates a lane with the bias of the output, or without a bias. */
        Lane(LinearModel model, int output, int firstColumn, boolean biased, double[] viewLengths) {
            this(model, output, firstColumn, biased ? model.bias(output) : 0, viewLengths);
        }
    }

    /** Returns a table with the quantized weights of the lanes; a null lane is all zero. */
    static WeightTable quantize(FeatureIndex index, int views, List<@Nullable Lane> lanes) {
        int longsPerSlot = (lanes.size() + 1 + 7) / 8;
        float[][] scales = new float[views][lanes.size()];
        float[] biases = new float[lanes.size()];
        long[] slots = new long[index.size() * longsPerSlot];
        for (int slot = 0; slot < index.size(); slot++) {
            slots[slot * longsPerSlot] = index.entry(slot) & 0xff;
        }
        for (int lane = 0; lane < lanes.size(); lane++) {
            Lane source = lanes.get(lane);
            float[] steps = source == null ? new float[views] : steps(index, views, source);
            if (source != null) {
                biases[lane] = (float) source.bias;
                for (int view = 0; view < views; view++) {
                    scales[view][lane] = (float) (steps[view] * source.viewLengths[view]);
                }
            }
            int position = lane + 1;
            for (int slot = 0; slot < index.size(); slot++) {
                if (index.entry(slot) != 0) {
                    float step = steps[index.view(slot)];
                    int rounded =
                            source == null || step == 0 ? 0 : Math.round(scaledWeight(index, source, slot) / step);
                    slots[slot * longsPerSlot + position / 8] |=
                            (long) (rounded + WeightTable.ZERO) << (position % 8 * 8);
                }
            }
        }
        return new WeightTable(slots, longsPerSlot, index.idfByCode(), scales, biases);
    }

    /** Returns the quantization step of each view: the largest absolute weight is 127 steps. */
    private static float[] steps(FeatureIndex index, int views, Lane lane) {
        float[] steps = new float[views];
        for (int slot = 0; slot < index.size(); slot++) {
            if (index.entry(slot) != 0) {
                int view = index.view(slot);
                steps[view] = Math.max(steps[view], Math.abs(scaledWeight(index, lane, slot)) / 127);
            }
        }
        return steps;
    }

    private static float scaledWeight(FeatureIndex index, Lane lane, int slot) {
        return lane.model.weight(lane.firstColumn + slot, lane.output) * index.idf(slot);
    }
}
