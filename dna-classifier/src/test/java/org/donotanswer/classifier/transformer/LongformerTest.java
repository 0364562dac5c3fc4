package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The band yields the same result as the mask over all pairs, at every length and in every precision. */
class LongformerTest {
    private static final int[] LENGTHS = {1, 2, 5, 9, 17, 63, 64, 65, 66, 127, 128, 129, 200, 399, 400};

    private static CheckpointModel model(String name, Kernels kernels) throws IOException, URISyntaxException {
        Path directory =
                Path.of(LongformerTest.class.getResource("/checkpoints/" + name).toURI());
        CheckpointConfig config = CheckpointConfig.read(directory);
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            return CheckpointModel.load(Architecture.of(config), config.labelCount(), weights, kernels, 0);
        }
    }

    private static TokenSequence tokens(int length) {
        SplittableRandom random = new SplittableRandom(length);
        return new TokenSequence(random.longs(length, 3, 503).toArray(), new long[length]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"longformer-action", "longformer-harmful"})
    void banded_everyLength_equalsDense(String name) throws IOException, URISyntaxException {
        try (CheckpointModel model = model(name, new Kernels(Precision.FLOAT32, Torch.hasOneDnn()))) {
            for (int length : LENGTHS) {
                List<TokenSequence> batch = List.of(tokens(length));
                assertThat(model.run(Longformer.BANDED, batch)[0])
                        .as(length + " tokens")
                        .containsExactly(model.run(Architecture.FULL, batch)[0], within(2e-5f));
            }
        }
    }

    /** PyTorch's plain operations support half precision on every processor. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, longformer-action", "FLOAT16, longformer-harmful"})
    void banded_halfPrecision_isClose(Precision precision, String name) throws IOException, URISyntaxException {
        try (CheckpointModel exact = model(name, new Kernels(Precision.FLOAT32, false));
                CheckpointModel half = model(name, new Kernels(precision, false))) {
            for (int length : LENGTHS) {
                List<TokenSequence> batch = List.of(tokens(length));
                assertThat(half.run(Longformer.BANDED, batch)[0])
                        .as(length + " tokens")
                        .containsExactly(exact.run(Architecture.FULL, batch)[0], within(0.1f));
            }
        }
    }
}
