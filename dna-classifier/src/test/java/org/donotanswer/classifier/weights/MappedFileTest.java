package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
    @TempDir
    private Path directory;

    @Test
    void slice_anyRegion_isIndependentOfWindowBoundaries() throws IOException {
        byte[] bytes = new byte[64];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Path file = Files.write(directory.resolve("f"), bytes);

        try (FileChannel channel = FileChannel.open(file)) {
            MappedFile mapped = new MappedFile(channel, 8, 15);
            for (int offset = 0; offset <= bytes.length; offset++) {
                for (int length = 0; offset + length <= bytes.length; length++) {
                    assertThat(mapped.slice(offset, length))
                            .as("%s bytes at %s", length, offset)
                            .isEqualTo(ByteBuffer.wrap(bytes, offset, length));
                }
            }
        }
    }
}
