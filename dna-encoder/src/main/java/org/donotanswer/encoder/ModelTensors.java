package org.donotanswer.encoder;

import java.io.IOException;
import java.util.Set;

/** The weights of a model, for its forward pass. Thread-safe. */
record ModelTensors(EncoderModel model) implements EncoderTensors {
    /** All encoders of {@link org.donotanswer.classifier.finetune.EncoderArtifact} have so many attention heads. */
    private static final int HEADS = 12;

    /**
     * Opens the forward pass of a model, which copies the weights that it needs.
     *
     * @throws IllegalStateException if ONNX Runtime has no native library for this platform
     * @throws IOException if the weights cannot be read
     */
    static ForwardPass open(EncoderModel model) throws IOException {
        ForwardPass forwardPass = OnnxForwardPass.open(new ModelTensors(model), HEADS, OutlierScales.of(model.base()));
        model.releaseBase();
        return forwardPass;
    }

    @Override
    public Set<String> tensorNames() {
        return model.tensorNames();
    }

    @Override
    public float[] tensor(String name) throws IOException {
        return model.tensor(name);
    }
}
