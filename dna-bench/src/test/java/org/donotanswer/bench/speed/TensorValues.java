package org.donotanswer.bench.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the values of a tiny checkpoint's tensors. */
final class TensorValues {
    private final RandomCheckpointHeader header;
    private final byte[] file;

    TensorValues(Path checkpoint) {
        try {
            Path weights = checkpoint.resolve("model.safetensors");
            header = RandomCheckpointHeader.read(weights);
            file = Files.readAllBytes(weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    float[] get(String name) {
        RandomCheckpointHeader.TensorLocation location = header.tensors().get(name);
        float[] values = new float[(int) location.bytes() / Float.BYTES];
        ByteBuffer.wrap(file, (int) location.offset(), (int) location.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }
}
