package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.classifier.transformer.CheckpointClassifier;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.encoder.OnnxForwardPass;

/** Computes the logits of one window at a time, on the calling thread alone. */
interface WindowEngine extends AutoCloseable {
    /** Opens checkpoints. Implementations are stateless, hence thread-safe. */
    interface WindowEngineOpener {
        WindowEngine open(Path checkpoint) throws IOException;
    }

    float[] logits(TokenSequence window);

    @Override
    void close();

    /** Returns the engine of the encoder judge. */
    static WindowEngine judge(Path checkpoint) throws IOException {
        OnnxForwardPass pass = OnnxForwardPass.open(checkpoint);
        return new WindowEngine() {
            @Override
            public float[] logits(TokenSequence window) {
                return pass.logits(window);
            }

            @Override
            public void close() {
                pass.close();
            }
        };
    }

    /** Returns the engine of the transformer evaluator, in 32-bit floats. It takes all tokens for those of the first text. */
    static WindowEngine transformer(Path checkpoint) throws IOException {
        CheckpointClassifier classifier = CheckpointClassifier.open(checkpoint, Precision.FLOAT32, 1);
        return new WindowEngine() {
            @Override
            public float[] logits(TokenSequence window) {
                return classifier.logits(new long[][] {window.inputIds()})[0];
            }

            @Override
            public void close() {
                classifier.close();
            }
        };
    }

    /** Returns ONNX Runtime on the exported form of the graph, in 32-bit floats. */
    static WindowEngine onnx(Path checkpoint) throws IOException {
        return opener("FloatOpener").open(checkpoint);
    }

    /** Returns ONNX Runtime on the exported form of the graph, quantized as its tools do it. */
    static WindowEngine quantizedOnnx(Path checkpoint) throws IOException {
        return opener("QuantizedOpener").open(checkpoint);
    }

    /** Finds an opener by its name, because a quick build leaves it out. */
    private static WindowEngineOpener opener(String name) {
        try {
            return Class.forName("org.donotanswer.bench.speed.OnnxWindowEngine$" + name)
                    .asSubclass(WindowEngineOpener.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("engine of ONNX Runtime must be on the class path, but was not", e);
        }
    }
}
