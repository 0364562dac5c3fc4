package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Training reproduces that of the reference implementation: for every {@code expected_training.json} in the directories of
 * {@link CheckpointParityTest}, each step's loss, gradient norm before clipping and, at the end, the logits.
 */
class FinetuneParityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Path> checkpoints() {
        return CheckpointParityTest.checkpoints().stream()
                .filter(directory -> Files.exists(directory.resolve("expected_training.json")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void train_stepsOfTheReference_haveItsLossesNormsAndLogits(Path directory) throws IOException {
        JsonNode expected =
                JSON.readTree(directory.resolve("expected_training.json").toFile());
        ClassifierSetup setup =
                ClassifierSetup.builder(directory).dropout(0).threads(1).build();
        try (TrainableClassifier classifier = setup.open()) {
            int number = 0;
            for (JsonNode step : expected.get("steps")) {
                number++;
                List<TokenSequence> batch = sequences(step.get("input_ids"));
                double loss = classifier.addGradients(batch, targets(step.get("labels"), classifier.outputs()));
                double norm = classifier.gradientNorm();
                assertThat(loss)
                        .as("loss of step %d", number)
                        .isCloseTo(step.get("loss").doubleValue(), Percentage.withPercentage(0.1));
                assertThat(norm)
                        .as("gradient norm of step %d", number)
                        .isCloseTo(step.get("grad_norm_before_clipping").doubleValue(), Percentage.withPercentage(1));
                classifier.update(
                        AdamW.DEFAULT, number, step.get("learning_rate").doubleValue(), Math.min(1, 1 / (norm + 1e-6)));
            }
            assertFinalLogits(classifier, expected);
        }
    }

    private static void assertFinalLogits(TrainableClassifier classifier, JsonNode expected) {
        JsonNode after = expected.get("after");
        float[][] logits = classifier.logits(sequences(after.get("input_ids")));
        for (int row = 0; row < logits.length; row++) {
            JsonNode reference = after.get("logits").get(row);
            assertThat(logits[row]).hasSize(reference.size());
            for (int output = 0; output < logits[row].length; output++) {
                assertThat((double) logits[row][output])
                        .as("logit %d of row %d", output, row)
                        .isCloseTo(reference.get(output).doubleValue(), within(1e-3));
            }
        }
    }

    private static List<TokenSequence> sequences(JsonNode rows) {
        List<TokenSequence> sequences = new ArrayList<>();
        for (JsonNode row : rows) {
            long[] ids = new long[row.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = row.get(i).longValue();
            }
            sequences.add(new TokenSequence(ids, new long[ids.length]));
        }
        return sequences;
    }

    /** Returns the targets of mean cross entropy. */
    private static float[][] targets(JsonNode labels, int outputs) {
        float[][] targets = new float[labels.size()][outputs];
        for (int row = 0; row < targets.length; row++) {
            targets[row][labels.get(row).intValue()] = 1f / targets.length;
        }
        return targets;
    }
}
