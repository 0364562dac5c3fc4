package org.donotanswer.bench.encoder;

import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;

/** A classifier that says what its heads give for each window of an exchange. Not thread-safe. */
public interface WindowReader extends AutoCloseable {
    /** Returns the temperature of each head, in the order of their outputs. */
    Map<HeadKind, Double> temperatures();

    /**
     * Returns the logits of all heads for each window: [windows][outputs].
     *
     * @param response the response; empty if there is none
     */
    List<float[]> logits(String instruction, String response);

    @Override
    void close();
}
