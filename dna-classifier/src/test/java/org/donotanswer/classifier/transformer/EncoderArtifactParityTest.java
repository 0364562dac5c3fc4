package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The directories written from artifacts hold the encoders: the transcription of BERT in doubles computes from them what ONNX
 * Runtime computes from the artifacts, for the tokens that the directory's tokenizer yields.
 */
class EncoderArtifactParityTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"MINILM_L6, all-minilm-l6-v2.onnx", "BGE_SMALL, bge-small-en-v1.5.onnx", "E5_SMALL, e5-small-v2.onnx"})
    void writeTo_encoder_computesWhatOnnxRuntimeDoes(EncoderArtifact encoder, String resource) throws Exception {
        encoder.writeTo(directory);
        List<TokenSequence> sequences = sequences();
        List<float[][]> expected = new ArrayList<>();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(bytes(resource), new OrtSession.SessionOptions())) {
            for (TokenSequence sequence : sequences) {
                expected.add(hidden(environment, session, sequence));
            }
        }
        JsonNode config =
                new ObjectMapper().readTree(directory.resolve("config.json").toFile());
        ReferenceBertEncoder bert = new ReferenceBertEncoder(config, ReferenceModel.Weights.read(directory), "");

        for (int i = 0; i < sequences.size(); i++) {
            TokenSequence sequence = sequences.get(i);
            int length = sequence.length();
            int[] mask = new int[length];
            Arrays.fill(mask, 1);
            double[][] embedded =
                    bert.embeddings(sequence.inputIds(), sequence.typeIds(), ReferenceBertEncoder.range(length));
            double[][] actual = bert.encoder(embedded, mask);
            float[][] reference = expected.get(i);
            assertThat(reference).hasDimensions(length, 384);
            double largest = 0;
            for (int token = 0; token < length; token++) {
                for (int unit = 0; unit < 384; unit++) {
                    largest = Math.max(largest, Math.abs(actual[token][unit] - reference[token][unit]));
                }
            }
            assertThat(largest).as("largest difference in sequence %d", i).isLessThan(TOLERANCE);
        }
    }

    /** Returns one token between two special ones, a sentence, and a pair. */
    private List<TokenSequence> sequences() throws IOException {
        List<TokenSequence> sequences = new ArrayList<>();
        try (CheckpointTokenizer tokenizer =
                CheckpointTokenizer.open(directory, TokenizerOptions.of(512, InputFormat.RESPONSE_ONLY))) {
            assertThat(tokenizer.remarks()).isEmpty();
            TokenSequence hello = tokenizer.encode("", "Hello WORLD").windows().get(0);
            assertThat(hello.inputIds()).containsExactly(101, 7592, 2088, 102);
            sequences.add(tokenizer.encode("", "tea").windows().get(0));
            sequences.add(tokenizer
                    .encode("", "Photosynthesis turns light, water and carbon dioxide into sugar.")
                    .windows()
                    .get(0));
        }
        try (CheckpointTokenizer tokenizer =
                CheckpointTokenizer.open(directory, TokenizerOptions.of(512, InputFormat.PAIR))) {
            TokenSequence pair = tokenizer
                    .encode("How long do eggs boil?", "Ten minutes, if you like them hard.")
                    .windows()
                    .get(0);
            assertThat(pair.typeIds()).contains(0, 1);
            sequences.add(pair);
        }
        return sequences;
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = EncoderArtifactParityTest.class.getResourceAsStream("/" + resource)) {
            return Objects.requireNonNull(in, resource).readAllBytes();
        }
    }

    private static float[][] hidden(OrtEnvironment environment, OrtSession session, TokenSequence sequence)
            throws OrtException {
        long[] mask = new long[sequence.length()];
        Arrays.fill(mask, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {sequence.inputIds()});
                OnnxTensor attention = OnnxTensor.createTensor(environment, new long[][] {mask});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {sequence.typeIds()});
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", attention, "token_type_ids", types))) {
            float[][][] states =
                    (float[][][]) result.get("last_hidden_state").orElseThrow().getValue();
            return states[0];
        }
    }
}
