package org.donotanswer.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** A fuzz test that would run nothing is an error. */
final class FuzzTargetTest {
    /** Not run itself, as its name does not end as those of tests do. */
    static final class Inputs {
        static Stream<byte[]> none() {
            return Stream.empty();
        }

        @MethodSource("none")
        @FuzzTest
        void withoutInputs(byte[] data) {
            assertThat(data).isNotNull();
        }
    }

    @Test
    void of_classWithoutFuzzTests_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FuzzTarget.of(String.class))
                .withMessage("class must have fuzz tests, but had none (java.lang.String)");
    }

    @Test
    void seeds_none_isRefused() {
        FuzzTarget target = FuzzTarget.of(Inputs.class).get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(target::seeds)
                .withMessage("fuzz test must have valid inputs, but had none (Inputs.withoutInputs)");
    }

    @Test
    void fuzzerInitialize_noProperties_namesTheFirst() {
        assertThatNullPointerException()
                .isThrownBy(FuzzEntry::fuzzerInitialize)
                .withMessage("property fuzz.type must be set, but was not");
    }

    @Test
    void fuzzerTestOneInput_noTarget_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> FuzzEntry.fuzzerTestOneInput(new byte[0]))
                .withMessage("target must be created before an input, but was not");
    }

    @Test
    void names_sourcesOfModules_areClassAndMethod(@TempDir Path project) throws IOException {
        Path tests = Files.createDirectories(project.resolve("module/src/test/java/a"));
        Files.writeString(tests.resolve("AFuzzTest.java"), "@FuzzTest\n    void b(byte[] data) {}\n    void c() {}");
        Files.writeString(tests.resolve("ATest.java"), "@FuzzTest\n    void d(byte[] data) {}");

        assertThat(FuzzSources.names(project)).containsExactly("AFuzzTest.b");
    }
}
