package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderFilesTest {
    private static ByteArrayInputStream threeBytes() {
        return new ByteArrayInputStream(new byte[] {1, 2, 3});
    }

    @Test
    void read_sizeAsSaid_returnsADirectBuffer() throws IOException {
        ByteBuffer bytes = EncoderFiles.read("x", 3, threeBytes());

        assertThat(bytes.isDirect()).isTrue();
        assertThat(bytes.remaining()).isEqualTo(3);
        assertThat(bytes.get(2)).isEqualTo((byte) 3);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, size of x must be 0 to 536870912 bytes",
        "536870913, size of x must be 0 to 536870912 bytes",
        "2, size of x must be 2 bytes",
        "4, size of x must be 4 bytes"
    })
    void read_otherSizeThanSaid_isRefused(long size, String message) {
        String found = size == 2 ? "more" : size == 4 ? "3" : String.valueOf(size);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> EncoderFiles.read("x", size, threeBytes()))
                .withMessage(message + ", but was " + found + " (class path)");
    }

    @Test
    void read_noSuchResource_isEmpty() throws IOException {
        assertThat(EncoderFiles.read("no such resource", ClassLoader.getPlatformClassLoader()))
                .isEmpty();
    }
}
