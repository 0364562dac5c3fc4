package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a processor makes of packed matrices, models have the logits that plain products yield. */
class PackedCheckTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"16, 48", "24, 20", "48, 80", "64, 128", "80, 48", "96, 96", "128, 144"})
    void load_packedKernels_equalPlainOnes(int hidden, int intermediate) throws IOException {
        Path path = TinyCheckpoint.of("bert")
                .set("hidden_size", String.valueOf(hidden))
                .set("intermediate_size", String.valueOf(intermediate))
                .write(directory);
        CheckpointConfig config = CheckpointConfig.read(path);
        List<TokenSequence> sequences = TransformerEvaluatorVariantsTest.sequences();
        try (CheckpointWeights weights = CheckpointWeights.open(path);
                CheckpointModel preferred = load(config, weights, Torch.hasOneDnn());
                CheckpointModel plain = load(config, weights, false)) {
            assertThat(plain.kernels().packed()).isFalse();
            float[][] found = preferred.logits(sequences);
            float[][] expected = plain.logits(sequences);
            for (int row = 0; row < expected.length; row++) {
                assertThat(found[row]).as("row " + row).containsExactly(expected[row], within(1e-4f));
            }
        }
    }

    private static CheckpointModel load(CheckpointConfig config, CheckpointWeights weights, boolean packed)
            throws IOException {
        return CheckpointModel.load(Architecture.of(config), 2, weights, new Kernels(Precision.FLOAT32, packed), 0);
    }
}
