package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** The examples of FIPS 180-2. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String MILLION_A = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    @TempDir
    private Path directory;

    @Test
    void of_bytes_isTheChecksum() {
        assertThat(Sha256.of(new byte[0])).isEqualTo(NOTHING);
        assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
    }

    @Test
    void of_fileLongerThanTheBuffer_isTheChecksum() throws IOException {
        byte[] bytes = new byte[1_000_000];
        Arrays.fill(bytes, (byte) 'a');

        assertThat(Sha256.of(Files.write(directory.resolve("a"), bytes))).isEqualTo(MILLION_A);
        assertThat(Sha256.of(Files.createFile(directory.resolve("empty")))).isEqualTo(NOTHING);
    }

    @Test
    void of_missingFile_throws() {
        assertThatThrownBy(() -> Sha256.of(directory.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void digest_ofPieces_isThatOfTheWhole() {
        var digest = Sha256.digest();
        digest.update((byte) 'a');
        digest.update("bc".getBytes(StandardCharsets.US_ASCII));

        assertThat(Sha256.hex(digest.digest())).isEqualTo(ABC);
    }
}
