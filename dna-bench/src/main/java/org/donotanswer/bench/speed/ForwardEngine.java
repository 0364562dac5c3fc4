package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;

/** Runs the forward pass of a checkpoint on batches of token ids. */
interface ForwardEngine extends AutoCloseable {
    /** Opens checkpoints. Implementations are stateless, hence thread-safe. */
    interface Opener {
        ForwardEngine open(Path checkpoint) throws IOException;
    }

    /**
     * Returns the opener of ONNX Runtime's engine. It is found by its name, because a quick build leaves it out.
     *
     * @throws IllegalStateException if it was left out
     */
    static Opener onnx() {
        try {
            return Class.forName("org.donotanswer.bench.speed.OnnxEngine$OnnxOpener")
                    .asSubclass(Opener.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("engine of ONNX Runtime must be on the class path, but was not", e);
        }
    }

    void run(long[][] ids);

    @Override
    void close();
}
