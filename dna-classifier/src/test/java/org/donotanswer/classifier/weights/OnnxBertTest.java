package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxBertTest {
    private static final Path NAME = Path.of("m.onnx");
    private static final String QUERY = "/encoder/layer.0/attention/self/query/MatMul";

    private final TinyOnnxBert bert = new TinyOnnxBert(5, 4, 2, 2, 3);

    @TempDir
    private Path directory;

    private CheckpointWeights open() throws CheckpointException {
        return CheckpointWeights.ofOnnx(OnnxBytes.direct(bert.bytes()), NAME);
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> open().close())
                .withMessage(message + " (m.onnx)");
    }

    private void assertNotAnEncoder(String missing) {
        assertRefused("model must be an encoder named like Hugging Face's BertModel, but was without " + missing);
    }

    @Test
    void ofOnnx_encoder_hasTheTensorsOfBertModel() throws IOException {
        bert.tensors.put("embeddings.position_ids", List.of(1L, 4L));
        bert.types.put("embeddings.position_ids", 7L);

        try (CheckpointWeights weights = open()) {
            assertThat(weights.names()).hasSize(5 + 2 * 16).contains("encoder.layer.1.output.LayerNorm.bias");
            assertThat(weights.files()).containsExactly(NAME);
            assertThat(weights.tensor("embeddings.word_embeddings.weight").toFloats())
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            assertThat(weights.tensor("embeddings.LayerNorm.bias").toFloats()).containsExactly(24, 25);
            // 26, 27: the bias, which comes before the weight here
            assertThat(weights.tensor("encoder.layer.0.attention.self.query.bias")
                            .toFloats())
                    .containsExactly(26, 27);
            assertThat(weights.tensor("encoder.layer.0.attention.self.query.weight")
                            .toFloats())
                    .containsExactly(28, 30, 29, 31);
            WeightTensor inner = weights.tensor("encoder.layer.0.intermediate.dense.weight");
            assertThat(inner.shape()).containsExactly(3L, 2L);
            float first = inner.toFloats()[0];
            assertThat(inner.toFloats()).containsExactly(first, first + 3, first + 1, first + 4, first + 2, first + 5);
            assertThat(weights.tensor("encoder.layer.1.output.dense.weight").shape())
                    .containsExactly(2L, 3L);
        }
    }

    @Test
    void openOnnx_file_isTheSame() throws IOException {
        Path file = Files.write(directory.resolve("m.onnx"), bert.bytes());

        try (CheckpointWeights mapped = CheckpointWeights.openOnnx(file);
                CheckpointWeights read = open()) {
            assertThat(mapped.files()).containsExactly(file);
            assertThat(mapped.names()).isEqualTo(read.names());
            for (String name : mapped.names()) {
                assertThat(mapped.tensor(name).toFloats())
                        .isEqualTo(read.tensor(name).toFloats());
            }
        }
    }

    @Test
    void ofOnnx_otherModel_isNotAnEncoder() {
        bert.nodes.clear();
        assertNotAnEncoder("MatMul nodes of encoder.layer.0");
    }

    @Test
    void ofOnnx_missingInitializer_isNotAnEncoder() {
        bert.tensors.remove("encoder.layer.1.attention.output.LayerNorm.bias");
        assertNotAnEncoder("initializer encoder.layer.1.attention.output.LayerNorm.bias");
    }

    @Test
    void ofOnnx_missingEmbeddings_isNotAnEncoder() {
        bert.tensors.remove("embeddings.token_type_embeddings.weight");
        assertNotAnEncoder("initializer embeddings.token_type_embeddings.weight");
    }

    @Test
    void ofOnnx_missingNode_isNotAnEncoder() {
        bert.nodes.remove("/encoder/layer.1/output/dense/MatMul");
        assertNotAnEncoder("node /encoder/layer.1/output/dense/MatMul");
    }

    @Test
    void ofOnnx_otherActivation_isNotAnEncoder() {
        String erf = "/encoder/layer.1/intermediate/intermediate_act_fn/Erf";
        bert.nodes.put(erf, OnnxBytes.node(erf, "Tanh", List.of("x"), List.of("y")));
        assertNotAnEncoder("node " + erf);
    }

    @Test
    void ofOnnx_weightThatIsComputed_isNotAnEncoder() {
        bert.nodes.put(QUERY, OnnxBytes.node(QUERY, "MatMul", List.of("x", "computed"), List.of("y")));
        assertNotAnEncoder("initializer computed");
    }

    @Test
    void ofOnnx_nodeWithOneInput_isRefused() {
        bert.nodes.put(QUERY, OnnxBytes.node(QUERY, "MatMul", List.of("x"), List.of("y")));
        assertRefused("node " + QUERY + " must have 2 inputs, but was 1");
    }

    @Test
    void ofOnnx_nodesOfTheSameName_areRefused() {
        bert.nodes.put("again", OnnxBytes.node(QUERY, "MatMul", List.of("x", "w"), List.of("y")));
        assertRefused("node " + QUERY + " must occur once in the graph, but was repeated");
    }

    @Test
    void ofOnnx_quantisedWeights_areRefused() {
        bert.types.put("onnx::MatMul_100", 3L);
        assertRefused("onnx::MatMul_100 must hold 32-bit floats (type 1 of ONNX), but was of type 3");
    }

    @Test
    void ofOnnx_otherShapes_areRefused() {
        bert.tensors.put("onnx::MatMul_105", List.of(2L, 3L));
        assertRefused("onnx::MatMul_105 must have shape [3, 2], but was [2, 3]");
        bert.tensors.put("embeddings.position_embeddings.weight", List.of(4L, 3L));
        assertRefused("embeddings.position_embeddings.weight must have shape [4, 2], but was [4, 3]");
        bert.tensors.put("embeddings.word_embeddings.weight", List.of(10L));
        assertRefused("embeddings.word_embeddings.weight must have 2 dimensions, but was 1");
    }

    @Test
    void ofOnnx_moreThanAnEncoder_isRefused() {
        bert.tensors.put("classifier.weight", List.of(2L, 2L));
        assertRefused("classifier.weight must be a tensor of Hugging Face's BertModel, but was another one");
    }
}
