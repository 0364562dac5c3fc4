package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.donotanswer.evaluate.ModelFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderModelWriterTest {
    @TempDir
    private Path directory;

    private TinyEncoder tiny;
    private Path file;

    @BeforeEach
    void create() throws IOException {
        tiny = new TinyEncoder(directory);
        file = directory.resolve("model.safetensors");
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> tiny.writer().write(file))
                .withMessage(message);
        assertThat(file).doesNotExist();
    }

    private Path config(String content) throws IOException {
        return Files.writeString(tiny.classifier().resolve("config.json"), content);
    }

    @Test
    void write_configOfAnotherKind_isRefused() throws IOException {
        assertRefused("model_type must be bert, but was 'roberta' (" + config("{\"model_type\": \"roberta\"}") + ")");
        assertRefused("heads must be declared, but were not (" + config("{\"model_type\": \"bert\"}") + ")");
        assertRefused("config.json must be JSON, but was malformed (" + config("{") + ")");
        assertRefused("kind of a head must be known, but was 'x' ("
                + config("{\"model_type\": \"bert\", \"heads\": [{\"kind\": \"x\"}]}") + ")");
    }

    @Test
    void write_weightsThatDoNotFit_areRefused() throws IOException {
        Map<String, float[]> tensors = tiny.tuned();
        float[] bias = tensors.get("classifier.bias");
        tensors.put("classifier.bias", new float[7]);
        tiny.writeClassifier(tensors);
        assertRefused("classifier.bias must have shape [8], but was [7] (" + tiny.classifier() + ")");

        tensors.put("classifier.bias", bias);
        tensors.put("bert.x", new float[1]);
        tiny.writeClassifier(tensors);
        assertRefused(
                "tensors must be those of a BERT classifier on MINILM_L6, but had bert.x (" + tiny.classifier() + ")");

        tensors.remove("bert.x");
        tensors.get("bert." + TinyEncoder.QUERY)[3] = Float.POSITIVE_INFINITY;
        tiny.writeClassifier(tensors);
        assertRefused(
                "bert." + TinyEncoder.QUERY + " must have finite values, but had others (" + tiny.classifier() + ")");
    }

    @Test
    void build_withoutAValue_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EncoderModelWriter.builder(directory).build())
                .withMessage("base must be set, but was not");
    }
}
