package org.donotanswer.encoder;

import java.io.IOException;
import java.util.Set;

/**
 * The weights of a BERT encoder with its pooler and classifier, under the names that Hugging Face gives them without the prefix
 * {@code bert.}.
 */
interface EncoderTensors {
    /** Returns the names of the tensors. */
    Set<String> tensorNames();

    /**
     * Returns the elements of a tensor in row-major order; matrices of linear layers are [outputs, inputs]. It is not kept,
     * so that a source can read or compute it anew for each call.
     *
     * @throws IllegalArgumentException if there is no such tensor
     * @throws IOException if it cannot be read
     */
    float[] tensor(String name) throws IOException;
}
