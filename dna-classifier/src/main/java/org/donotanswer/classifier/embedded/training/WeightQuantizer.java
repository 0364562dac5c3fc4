package org.donotanswer.classifier.embedded.training;

import java.util.List;
import org.donotanswer.classifier.embedded.WeightTable;
import org.jspecify.annotations.Nullable;

/** Rounds the weights of trained linear models to the eight bits of a {@link WeightTable}. */
final class WeightQuantizer {
    private WeightQuantizer() {}

    /** One model of a table: an output of a trained linear model, and the length to which it scales each view. */
    record Lane(LinearModel model, int output, int firstColumn, boolean biased, double[] viewLengths) {}

    /** Returns the table of the models' weights, rounded; a null lane is all zero. */
    static WeightTable quantize(FeatureIndex index, int views, List<@Nullable Lane> lanes) {
        int words = (lanes.size() + 1 + 7) / 8;
        float[][] units = new float[views][lanes.size()];
        float[] biases = new float[lanes.size()];
        long[] slots = new long[index.size() * words];
        for (int slot = 0; slot < index.size(); slot++) {
            slots[slot * words] = index.meta(slot) & 0xff;
        }
        for (int lane = 0; lane < lanes.size(); lane++) {
            Lane source = lanes.get(lane);
            float[] steps = source == null ? new float[views] : steps(index, views, source);
            if (source != null) {
                biases[lane] = source.biased ? source.model.bias(source.output) : 0;
                for (int view = 0; view < views; view++) {
                    units[view][lane] = (float) (steps[view] * source.viewLengths[view]);
                }
            }
            int position = lane + 1;
            for (int slot = 0; slot < index.size(); slot++) {
                if (index.meta(slot) != 0) {
                    float step = steps[index.view(slot)];
                    int rounded =
                            source == null || step == 0 ? 0 : Math.round(scaledWeight(index, source, slot) / step);
                    slots[slot * words + position / 8] |= (long) (rounded + WeightTable.ZERO) << (position % 8 * 8);
                }
            }
        }
        return new WeightTable(slots, words, index.rarities(), units, biases);
    }

    /** Returns, by view, the step between two neighbouring rounded weights: the largest weight is 127 of them. */
    private static float[] steps(FeatureIndex index, int views, Lane lane) {
        float[] steps = new float[views];
        for (int slot = 0; slot < index.size(); slot++) {
            if (index.meta(slot) != 0) {
                int view = index.view(slot);
                steps[view] = Math.max(steps[view], Math.abs(scaledWeight(index, lane, slot)) / 127);
            }
        }
        return steps;
    }

    private static float scaledWeight(FeatureIndex index, Lane lane, int slot) {
        return lane.model.weight(lane.firstColumn + slot, lane.output) * index.rarity(slot);
    }
}
