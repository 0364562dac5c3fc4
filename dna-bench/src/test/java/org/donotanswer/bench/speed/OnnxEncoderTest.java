package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEncoderTest {
    @TempDir
    private Path directory;

    private Path checkpoint(BenchmarkArchitecture architecture) throws IOException {
        return TinyCheckpoints.write(
                TinyCheckpoints.of(architecture).build(), directory.resolve(architecture.modelType()));
    }

    private static long[] ids(int length, long seed) {
        return new SplittableRandom(seed)
                .longs(length, 5, TinyCheckpoints.VOCABULARY)
                .toArray();
    }

    private static long[] filled(int length, long value) {
        long[] row = new long[length];
        Arrays.fill(row, value);
        return row;
    }

    @Test
    void logits_equalThoseOfTheNaiveForwardPass() throws IOException {
        Path bert = checkpoint(BenchmarkArchitecture.BERT);
        NaiveBert naive = new NaiveBert(bert, 3, 4);
        try (OnnxEncoder encoder = OnnxEncoder.open(bert, 1)) {
            for (int length : new int[] {1, 7, 64, 400}) {
                long[] ids = ids(length, length);
                long[] types = filled(length, 0);
                Arrays.fill(types, length / 2, length, 1);

                double[] expected = naive.logits(ids, types);
                float[] logits =
                        encoder.logits(new long[][] {ids}, new long[][] {filled(length, 1)}, new long[][] {types})[0];

                assertThat(logits).hasSize(2);
                for (int i = 0; i < logits.length; i++) {
                    assertThat((double) logits[i]).isCloseTo(expected[i], within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BERT", "ROBERTA", "DISTILBERT"})
    void logits_dependOnInputsAndNotOnPadding(BenchmarkArchitecture architecture) throws IOException {
        try (OnnxEncoder encoder = OnnxEncoder.open(checkpoint(architecture), 2)) {
            long[] shorter = ids(20, 1);
            long[] longer = ids(33, 2);
            float[] alone = encoder.logits(
                            new long[][] {shorter}, new long[][] {filled(20, 1)}, new long[][] {filled(20, 0)})[0];
            long[] mask = filled(33, 1);
            Arrays.fill(mask, 20, 33, 0);
            float[][] both = encoder.logits(
                    new long[][] {Arrays.copyOf(shorter, 33), longer},
                    new long[][] {mask, filled(33, 1)},
                    new long[][] {filled(33, 0), filled(33, 0)});

            assertThat(both[0]).containsExactly(alone, within(1e-5f));
            assertThat(Math.abs(both[1][0] - alone[0])).isGreaterThan(1e-3f);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BERT", "ROBERTA", "DISTILBERT"})
    void open_fusesOperators(BenchmarkArchitecture architecture) throws IOException {
        Path optimized = directory.resolve("optimized.onnx");
        OnnxEncoder.open(checkpoint(architecture), 1, Optional.of(optimized)).close();

        Map<String, Long> operators =
                ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
                        .collect(Collectors.groupingBy(NodeProto::getOpType, Collectors.counting()));
        assertThat(operators)
                .containsEntry("Attention", 3L)
                .containsEntry("BiasGelu", 3L)
                // One of attention and two of the feed-forward layers, in each layer
                .containsEntry("MatMul", 9L)
                .doesNotContainKeys("Softmax", "Erf", "Transpose");
        assertThat(operators.get("SkipLayerNormalization")).isGreaterThanOrEqualTo(6);
    }

    @Test
    void open_withUnsupportedArchitecture_throws() throws IOException {
        Path longformer = checkpoint(BenchmarkArchitecture.LONGFORMER);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> OnnxEncoder.open(longformer, 1))
                .withMessage("model_type must be bert, roberta or distilbert, but was longformer");
    }

    @Test
    void logits_ofRaggedRows_throws() throws IOException {
        try (OnnxEncoder encoder = OnnxEncoder.open(checkpoint(BenchmarkArchitecture.BERT), 1)) {
            long[][] one = {filled(3, 1)};

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> encoder.logits(one, new long[][] {filled(2, 1)}, one))
                    .withMessage("attention_mask must have rows of 3 tokens, but had 2");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> encoder.logits(new long[0][], one, one))
                    .withMessage("input_ids must contain tokens, but was empty");
        }
    }

    @Test
    void close_isIdempotent() throws IOException {
        OnnxEncoder encoder = OnnxEncoder.open(checkpoint(BenchmarkArchitecture.BERT), 1);
        encoder.close();
        encoder.close();

        long[][] one = {filled(3, 1)};
        assertThatIllegalStateException()
                .isThrownBy(() -> encoder.logits(one, one, one))
                .withMessage("OnnxEncoder is closed");
    }
}
