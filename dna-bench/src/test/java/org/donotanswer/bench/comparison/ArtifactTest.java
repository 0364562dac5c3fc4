package org.donotanswer.bench.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.junit.jupiter.api.Test;

class ArtifactTest {
    @Test
    void bytes_ofAJar_areThoseOfItsEntries() throws Exception {
        Path jar = Path.of(
                Gson.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        long expected;
        try (JarFile file = new JarFile(jar.toFile())) {
            expected = file.stream()
                    .filter(entry -> entry.getName().startsWith("com/google/gson/"))
                    .mapToLong(entry -> Math.max(0, entry.getCompressedSize()))
                    .sum();
        }

        assertThat(Artifact.bytes(List.of(Artifact.GSON))).isEqualTo((double) expected);
        assertThat((double) expected).isPositive().isLessThan((double) Files.size(jar));
    }

    @Test
    void bytes_ofTheEmbeddedModel_includeItsFile() throws IOException {
        long model = EmbeddedModel.shipped().partBytes().values().stream()
                .mapToLong(Integer::longValue)
                .sum();

        assertThat(Artifact.bytes(Set.of(Artifact.CLASSIFIER))).isGreaterThan(model / 2.0);
        assertThat(Artifact.bytes(Artifact.ofEmbedded()))
                .isGreaterThan(Artifact.bytes(Set.of(Artifact.CLASSIFIER)) + Artifact.bytes(Set.of(Artifact.CORE)));
    }

    @Test
    void bytes_ofRepeatedArtifacts_countOnce() throws IOException {
        assertThat(Artifact.bytes(List.of(Artifact.CORE, Artifact.CORE)))
                .isEqualTo(Artifact.bytes(List.of(Artifact.CORE)))
                .isPositive();
    }

    @Test
    void larger_areThoseWithNativeCode() throws IOException {
        assertThat(Artifact.bytes(Artifact.ofCheckpoints())).isGreaterThan(Artifact.bytes(Artifact.ofEmbedded()));
        assertThat(Artifact.bytes(Artifact.ofLlmJudge())).isGreaterThan(Artifact.bytes(Artifact.ofEmbedded()));
    }
}
