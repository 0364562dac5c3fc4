package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.io.OutputStream;
import org.donotanswer.harness.io.OutputException;

/**
 * Chunks in a stream, for which there are no checkpoints. Not thread-safe.
 *
 * @param out not closed
 */
public record StreamOutput(OutputStream out) implements EvaluationJob.ChunkOutput {
    @Override
    public void write(EvaluatedChunk chunk) throws IOException {
        write(chunk.bytes());
    }

    public void write(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static OutputException failure(IOException cause) {
        return cause instanceof OutputException failure ? failure : new OutputException(cause);
    }
}
