package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.donotanswer.classifier.transformer.TokenSequence;

/** ONNX Runtime on the exported form of the graph, on one thread. */
final class OnnxWindowEngine implements WindowEngine {
    private final OnnxEncoder encoder;

    private OnnxWindowEngine(OnnxEncoder encoder) {
        this.encoder = encoder;
    }

    /** Opens checkpoints in 32-bit floats; created by its name. */
    static final class FloatOpener implements WindowEngineOpener {
        FloatOpener() {}

        @Override
        public WindowEngine open(Path checkpoint) throws IOException {
            return new OnnxWindowEngine(OnnxEncoder.open(checkpoint, 1));
        }
    }

    /** Opens checkpoints in 8 bits; created by its name. */
    static final class QuantizedOpener implements WindowEngineOpener {
        QuantizedOpener() {}

        @Override
        public WindowEngine open(Path checkpoint) throws IOException {
            return new OnnxWindowEngine(OnnxEncoder.openQuantized(checkpoint));
        }
    }

    @Override
    public float[] logits(TokenSequence window) {
        long[] mask = new long[window.length()];
        Arrays.fill(mask, 1);
        return encoder.logits(new long[][] {window.inputIds()}, new long[][] {mask}, new long[][] {window.typeIds()})[
                0];
    }

    @Override
    public void close() {
        encoder.close();
    }
}
