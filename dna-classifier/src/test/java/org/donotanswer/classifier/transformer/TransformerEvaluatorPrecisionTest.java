package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.AssessmentAssertions;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Half precision either works, or loading reports that the processor does not support it. */
class TransformerEvaluatorPrecisionTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, bert-action", "FLOAT16, longformer-harmful", "FLOAT16, deberta-v2-harmful",
        "FLOAT16, distilbert-harmful", "FLOAT16, roberta-harmful", "BFLOAT16, bert-action",
        "BFLOAT16, longformer-harmful", "BFLOAT16, deberta-v2-harmful", "BFLOAT16, distilbert-harmful",
        "BFLOAT16, roberta-harmful"
    })
    void build_halfPrecision_isCloseOrRefused(Precision precision, String name) throws IOException {
        Path path = TinyCheckpoint.copy(directory, name);
        List<Exchange> exchanges = TransformerEvaluatorTest.exchanges(20, 60);
        List<Assessment> expected;
        try (TransformerEvaluator exact = TinyCheckpoint.open(path)) {
            expected = exact.evaluateAll(exchanges);
        }
        try (TransformerEvaluator half =
                TinyCheckpoint.builder(path).precision(precision).build()) {
            assertThat(half.precisions()).containsExactly(precision);
            assertThat(half.provenance().parameters()).containsEntry(name + " precision", precision.name());
            List<Assessment> found = half.evaluateAll(exchanges);
            for (int i = 0; i < expected.size(); i++) {
                AssessmentAssertions.assertSame(found.get(i), expected.get(i), 0.05);
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("precision must be supported by this processor, but was " + precision);
        }
    }

    /** PyTorch's plain operations support half precision on every processor. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT16, bert-action",
        "BFLOAT16, bert-action",
        "BFLOAT16, longformer-harmful",
        "FLOAT16, deberta-v2-harmful"
    })
    void load_halfPrecisionNotPacked_isClose(Precision precision, String name) throws IOException {
        Path path = TinyCheckpoint.copy(directory, name);
        CheckpointConfig config = CheckpointConfig.read(path);
        List<TokenSequence> batch = List.of(
                new TokenSequence(new long[] {0, 9, 12, 2}, new long[4]),
                new TokenSequence(new long[] {0, 9}, new long[2]));
        try (CheckpointWeights weights = CheckpointWeights.open(path);
                CheckpointModel exact = load(config, weights, Precision.FLOAT32);
                CheckpointModel half = load(config, weights, precision)) {
            float[][] expected = exact.logits(batch);
            float[][] found = half.logits(batch);
            for (int row = 0; row < 2; row++) {
                assertThat(found[row]).containsExactly(expected[row], within(0.2f));
            }
        }
    }

    /** Packed products in half precision are close, or refused as this processor does not support them. */
    @ParameterizedTest
    @ValueSource(strings = {"electra", "albert", "mpnet", "modernbert"})
    void load_halfPrecisionOfGenerated_isCloseOrRefused(String type) throws IOException {
        Path path = TinyCheckpoint.of(type).write(directory);
        CheckpointConfig config = CheckpointConfig.read(path);
        List<TokenSequence> batch = TransformerEvaluatorVariantsTest.sequences();
        try (CheckpointWeights weights = CheckpointWeights.open(path);
                CheckpointModel exact = load(config, weights, Precision.FLOAT32)) {
            float[][] expected = exact.logits(batch);
            for (Precision precision : List.of(Precision.FLOAT16, Precision.BFLOAT16)) {
                for (boolean packed : new boolean[] {false, Torch.hasOneDnn()}) {
                    Kernels kernels = new Kernels(precision, packed);
                    try (CheckpointModel half = CheckpointModel.load(Architecture.of(config), 2, weights, kernels, 0)) {
                        float[][] found = half.logits(batch);
                        for (int row = 0; row < expected.length; row++) {
                            assertThat(found[row])
                                    .as(kernels + ", row " + row)
                                    .containsExactly(expected[row], within(0.2f));
                        }
                    } catch (IllegalStateException e) {
                        assertThat(packed).as(kernels.toString()).isTrue();
                        assertThat(e).hasMessage("precision must be supported by this processor, but was " + precision);
                    }
                }
            }
        }
    }

    private static CheckpointModel load(CheckpointConfig config, CheckpointWeights weights, Precision precision)
            throws IOException {
        return CheckpointModel.load(
                Architecture.of(config), config.labelCount(), weights, new Kernels(precision, false), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "longformer-harmful"})
    void build_auto_resolvesThePrecision(String name) throws IOException {
        Path path = TinyCheckpoint.copy(directory, name);
        try (TransformerEvaluator evaluator =
                TinyCheckpoint.builder(path).precision(Precision.AUTO).build()) {
            assertThat(evaluator.precisions()).hasSize(1).doesNotContain(Precision.AUTO);
            assertThat(evaluator.evaluate("", "yes tea").isScored()).isTrue();
        }
    }

    @Test
    void kernels_auto_areRefused() {
        assertThatThrownBy(() -> new Kernels(Precision.AUTO, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("precision must be resolved, but was AUTO");
    }

    @Test
    void agree_probabilities_mustBeClose() {
        float[][] exact = {{0, 1}, {2, -1}};
        assertThat(PrecisionProbe.agree(exact, exact)).isTrue();
        assertThat(PrecisionProbe.agree(exact, new float[][] {{0, 1.04f}, {2, -1}}))
                .isTrue();
        assertThat(PrecisionProbe.agree(exact, new float[][] {{100, 101}, {2, -1}}))
                .isTrue();
        assertThat(PrecisionProbe.agree(exact, new float[][] {{0, 1}, {2, -0.5f}}))
                .isFalse();
    }

    @Test
    void agree_decisions_mustBeEqual() {
        assertThat(PrecisionProbe.agree(new float[][] {{0.001f, 0}}, new float[][] {{0, 0.001f}}))
                .isFalse();
        assertThat(PrecisionProbe.agree(new float[][] {{0.001f}}, new float[][] {{-0.001f}}))
                .isFalse();
        assertThat(PrecisionProbe.agree(new float[][] {{0.5f}}, new float[][] {{0.51f}}))
                .isTrue();
        assertThat(PrecisionProbe.agree(new float[][] {{0.5f}}, new float[][] {{0.6f}}))
                .isFalse();
    }

    @Test
    void agree_nonFiniteLogits_returnsFalse() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThat(PrecisionProbe.agree(new float[][] {{0, 1}}, new float[][] {{0, value}}))
                    .isFalse();
        }
        assertThat(PrecisionProbe.agree(new float[][] {{Float.NaN}}, new float[][] {{0}}))
                .isFalse();
        assertThat(PrecisionProbe.agree(new float[][] {{Float.NaN, 0}}, new float[][] {{Float.NaN, 0}}))
                .isFalse();
        assertThat(PrecisionProbe.agree(new float[0][], new float[0][])).isTrue();
    }
}
