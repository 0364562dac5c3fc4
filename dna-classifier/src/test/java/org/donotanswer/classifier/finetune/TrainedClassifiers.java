package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;

/** Trains classifiers on random tokens, and compares logits. */
final class TrainedClassifiers {
    /** Sequences that classifiers are compared on. */
    static final List<TokenSequence> SEQUENCES = CheckpointAccess.sequences(5, 17);

    private TrainedClassifiers() {}

    /** Takes a few large steps. */
    static void train(TrainableClassifier classifier) {
        Random random = new Random(5);
        for (int step = 1; step <= 3; step++) {
            List<TokenSequence> batch = CheckpointAccess.sequences(4, step);
            float[][] targets = new float[batch.size()][classifier.outputs()];
            for (float[] target : targets) {
                target[random.nextInt(target.length)] = 0.25f;
            }
            classifier.addGradients(batch, targets);
            classifier.update(AdamW.DEFAULT, step, 0.02, 1);
        }
    }

    static void assertClose(float[][] found, float[][] expected) {
        assertThat(found.length).isEqualTo(expected.length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(found[row]).hasSameSizeAs(expected[row]);
            for (int output = 0; output < expected[row].length; output++) {
                assertThat((double) found[row][output])
                        .as("logit %d of row %d", output, row)
                        .isCloseTo(expected[row][output], within(1e-5));
            }
        }
    }

    static double maxDifference(float[][] one, float[][] other) {
        double max = 0;
        for (int row = 0; row < one.length; row++) {
            for (int output = 0; output < one[row].length; output++) {
                max = Math.max(max, Math.abs(one[row][output] - other[row][output]));
            }
        }
        return max;
    }
}
