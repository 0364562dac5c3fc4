package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** ONNX Runtime with a thread per processor. Not thread-safe. */
final class OnnxEngine implements ForwardEngine {
    private final OnnxEncoder encoder;

    private OnnxEngine(OnnxEncoder encoder) {
        this.encoder = encoder;
    }

    /** Opens checkpoints; created by its name. */
    static final class OnnxOpener implements Opener {
        OnnxOpener() {}

        @Override
        public ForwardEngine open(Path checkpoint) throws IOException {
            return new OnnxEngine(
                    OnnxEncoder.open(checkpoint, Runtime.getRuntime().availableProcessors()));
        }
    }

    @Override
    public void run(long[][] ids) {
        long[][] mask = new long[ids.length][ids[0].length];
        for (long[] row : mask) {
            Arrays.fill(row, 1);
        }
        encoder.logits(ids, mask, new long[ids.length][ids[0].length]);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
