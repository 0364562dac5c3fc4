package org.donotanswer.encoder;

import java.io.IOException;
import java.util.Set;

/**
 * The sizes of a BERT encoder.
 *
 * @param layers the number of layers, at least 1
 * @param hidden the hidden size
 * @param heads the number of attention heads
 * @param intermediate the size of the inner layer of the feed-forward networks
 * @param outputs the number of logits
 */
record EncoderDimensions(int layers, int hidden, int heads, int intermediate, int outputs) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no layer, or the heads do not divide the hidden size
     */
    EncoderDimensions {
        if (layers < 1) {
            throw new IllegalArgumentException("layers must be at least 1, but was " + layers);
        }
        if (heads < 1 || hidden % heads != 0) {
            throw new IllegalArgumentException("heads must divide the hidden size " + hidden + ", but was " + heads);
        }
    }

    /** Reads the sizes off the tensors, which do not tell the number of heads. */
    static EncoderDimensions of(EncoderTensors tensors, int heads) throws IOException {
        Set<String> names = tensors.tensorNames();
        int layers = 0;
        while (names.contains(layer(layers) + "intermediate.dense.bias")) {
            layers++;
        }
        return new EncoderDimensions(
                layers,
                tensors.tensor("embeddings.LayerNorm.bias").length,
                heads,
                layers == 0 ? 0 : tensors.tensor(layer(0) + "intermediate.dense.bias").length,
                tensors.tensor("classifier.bias").length);
    }

    /** Returns the prefix of the names of a layer's tensors. */
    static String layer(int index) {
        return "encoder.layer." + index + ".";
    }
}
