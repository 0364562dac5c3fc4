package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderProvidersTest {
    @TempDir
    private Path directory;

    private static Map<String, EvaluatorProvider> installed() {
        return ServiceLoader.load(EvaluatorProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .collect(Collectors.toMap(EvaluatorProvider::name, provider -> provider));
    }

    @Test
    void installed_haveTheirPriorities() {
        Map<String, EvaluatorProvider> providers = installed();

        assertThat(providers).containsOnlyKeys("embedded", "transformer", "encoder", "cascade");
        assertThat(providers.get("encoder")).isInstanceOf(EncoderEvaluatorProvider.class);
        assertThat(providers.get("cascade")).isInstanceOf(CascadeEvaluatorProvider.class);
        assertThat(providers.get("encoder").priority()).isEqualTo(10);
        assertThat(providers.get("encoder").guardPriority()).isEqualTo(10);
        assertThat(providers.get("cascade").priority()).isEqualTo(-10);
        assertThat(providers.get("cascade").guardPriority()).isEqualTo(20);
        assertThat(providers.get("embedded").guardPriority()).isEqualTo(0);
    }

    private Path safetensors(String name, String header) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                directory.resolve(name), file.putLong(bytes.length).put(bytes).array());
    }

    @Test
    void supports_onlyFilesOfEncoderModels() throws IOException {
        EvaluatorProvider encoder = new EncoderEvaluatorProvider();
        EvaluatorProvider cascade = new CascadeEvaluatorProvider();
        Path model = safetensors("model", "{\"__metadata__\":{\"format_version\":\"1\",\"base_sha256\":\"00\"}}");
        Path other = safetensors("other", "{\"__metadata__\":{\"format\":\"pt\"}}");
        Path embedded = directory.resolve("embedded");
        EmbeddedModel.shipped().save(embedded);
        Path text = Files.writeString(directory.resolve("text"), "About \"base_sha256\" and more.");

        assertThat(encoder.supports(model)).isTrue();
        for (Path path : new Path[] {other, embedded, text, directory, Files.createFile(directory.resolve("empty"))}) {
            assertThat(encoder.supports(path)).as(path.toString()).isFalse();
        }
        assertThat(cascade.supports(model)).isFalse();
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> cascade.load(model))
                .withMessage("model must be that of another provider than the cascade's, but was " + model);
    }

    @Test
    void bands_areInOrder() {
        assertThat(CascadeEvaluatorProvider.LOW).isBetween(0.0, CascadeEvaluatorProvider.HIGH);
        assertThat(CascadeEvaluatorProvider.HIGH).isBetween(CascadeEvaluatorProvider.LOW, 1.0);
    }
}
