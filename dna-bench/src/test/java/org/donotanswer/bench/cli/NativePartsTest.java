package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class NativePartsTest {
    @Test
    void require_fullBuild_passes() {
        assertThatNoException().isThrownBy(NativeParts::require);
    }

    @Test
    void require_withoutNativeParts_saysHowToBuildThem() throws IOException {
        try (URLClassLoader quick = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> NativeParts.require(quick))
                    .withMessage("lib beside dna.jar must have PyTorch for checkpoints, but was without (a"
                            + " build without -Dquick puts it there: mvn -DskipTests -pl dna-bench -am package)");
        }
    }
}
