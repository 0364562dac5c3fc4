package org.donotanswer.encoder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A small encoder with random weights: 2 layers, 32 hidden units, 4 heads, 50 words, 40 positions, 5 outputs. */
final class RandomEncoder implements EncoderTensors {
    static final int HEADS = 4;
    static final int WORDS = 50;
    static final int POSITIONS = 40;

    static final int HIDDEN = 32;
    private static final int INTERMEDIATE = 64;
    private static final int LAYERS = 2;
    private static final int OUTPUTS = 5;

    private final Map<String, float[]> tensors = new LinkedHashMap<>();
    private final Random random;

    RandomEncoder(long seed) {
        random = new Random(seed);
        add("embeddings.word_embeddings.weight", WORDS * HIDDEN, 1);
        add("embeddings.position_embeddings.weight", POSITIONS * HIDDEN, 1);
        add("embeddings.token_type_embeddings.weight", 2 * HIDDEN, 1);
        addNorm("embeddings.LayerNorm");
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = EncoderDimensions.layer(layer);
            for (String linear : new String[] {"query", "key", "value"}) {
                addLinear(name + "attention.self." + linear, HIDDEN, HIDDEN);
            }
            addLinear(name + "attention.output.dense", HIDDEN, HIDDEN);
            addNorm(name + "attention.output.LayerNorm");
            addLinear(name + "intermediate.dense", HIDDEN, INTERMEDIATE);
            addLinear(name + "output.dense", INTERMEDIATE, HIDDEN);
            addNorm(name + "output.LayerNorm");
        }
        addLinear("pooler.dense", HIDDEN, HIDDEN);
        addLinear("classifier", HIDDEN, OUTPUTS);
    }

    private void addLinear(String name, int inputs, int outputs) {
        add(name + ".weight", inputs * outputs, 1.5 / Math.sqrt(inputs));
        add(name + ".bias", outputs, .1);
    }

    private void addNorm(String name) {
        add(name + ".weight", HIDDEN, .1);
        add(name + ".bias", HIDDEN, .1);
        float[] weight = tensors.get(name + ".weight");
        for (int i = 0; i < HIDDEN; i++) {
            weight[i] += 1;
        }
    }

    private void add(String name, int elements, double deviation) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        tensors.put(name, values);
    }

    /** Makes a hidden unit an outlier in the inputs of all linear layers, with weights that make up for it. */
    RandomEncoder withOutlier(int unit, float factor) {
        tensors.forEach((name, values) -> {
            if (name.endsWith("LayerNorm.weight") || name.endsWith("LayerNorm.bias")) {
                values[unit] *= factor;
            } else if ((name.contains("self.") && name.endsWith(".weight"))
                    || name.endsWith("intermediate.dense.weight")) {
                for (int row = 0; row < values.length; row += HIDDEN) {
                    values[row + unit] /= factor;
                }
            }
        });
        return this;
    }

    RandomEncoder without(String name) {
        tensors.remove(name);
        return this;
    }

    @Override
    public Set<String> tensorNames() {
        return tensors.keySet();
    }

    @Override
    public float[] tensor(String name) {
        float[] values = tensors.get(name);
        if (values == null) {
            throw new IllegalArgumentException("name must be that of a tensor, but was " + name);
        }
        return values.clone();
    }
}
