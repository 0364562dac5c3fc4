package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;
import org.donotanswer.classifier.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Element by element, the gradients that a classifier sums are those of its loss, as its logits have it. {@link GradientTest}
 * checks the passes of the architectures as a whole, dropout included.
 */
class GradientCheckTest {
    /** Large enough for 32-bit floats. */
    private static final float STEP = 4e-3f;

    private static final int HEADS_OUTPUTS = 2 + 6 + 2;

    /** What softmax over keys does not depend on. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("key.bias", "attn.k.bias", "k_lin.bias", "key_global.bias", "pos_key_proj.bias");

    /** The head reads the first token alone, which attends to all others by weights of its own in Longformer's last layer. */
    private static final Pattern OF_OTHER_TOKENS =
            Pattern.compile("longformer\\.encoder\\.layer\\.1\\.attention\\.self\\.(query|key|value)\\..*");

    @TempDir
    private Path directory;

    private final Random random = new Random(7);

    private ClassifierSetup.Builder setup(String type) throws IOException {
        // Large weights of the heads, so that the gradients of the encoder are not small.
        Path base = TinyCheckpoint.of(type).set("initializer_range", "0.4").write(directory);
        return ClassifierSetup.builder(base)
                .heads(List.of(HeadKind.HARMFUL, HeadKind.ACTION, HeadKind.REFUSAL))
                .dropout(0)
                .threads(1);
    }

    /** Sequences of several lengths with both types of tokens. */
    private static List<TokenSequence> batch() {
        List<TokenSequence> batch = new ArrayList<>();
        for (TokenSequence tokens : CheckpointAccess.sequences(4, 3)) {
            long[] types = new long[tokens.length()];
            for (int i = types.length / 2; i < types.length; i++) {
                types[i] = 1;
            }
            batch.add(new TokenSequence(tokens.inputIds(), types));
        }
        return batch;
    }

    /** Labels, soft labels, and rows that lack the label of a head, with several weights. */
    private static float[][] targets() {
        return new float[][] {
            {0.25f, 0, 0, 0, 0.25f, 0, 0, 0, 0, 0},
            {0, 0.5f, 0.1f, 0, 0.05f, 0, 0, 0.35f, 0, 0.25f},
            {0, 0, 0, 0.25f, 0, 0, 0, 0, 0.1f, 0.15f},
            {0.05f, 0.2f, 0, 0, 0, 0, 0, 0, 0, 0}
        };
    }

    /** Returns the loss by its definition. */
    private static double loss(float[][] logits, float[][] targets) {
        double loss = 0;
        int[] ends = {2, 8, HEADS_OUTPUTS};
        for (int row = 0; row < logits.length; row++) {
            int from = 0;
            for (int end : ends) {
                double sum = 0;
                for (int output = from; output < end; output++) {
                    sum += Math.exp(logits[row][output]);
                }
                for (int output = from; output < end; output++) {
                    loss -= targets[row][output] * (logits[row][output] - Math.log(sum));
                }
                from = end;
            }
        }
        return loss;
    }

    private static Map<String, float[]> weights(TrainableClassifier classifier) throws IOException {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (Map.Entry<String, WeightSource> weight :
                classifier.trainedWeights().entrySet()) {
            weights.put(weight.getKey(), weight.getValue().values().get());
        }
        return weights;
    }

    /** Compares a few gradients of every tensor with differences of the loss, and returns the names of those that have any. */
    private Set<String> check(TrainableClassifier classifier) throws IOException {
        List<TokenSequence> batch = batch();
        double found = classifier.addGradients(batch, targets());
        assertThat(found).isCloseTo(loss(classifier.logits(batch), targets()), within(1e-5));
        Map<String, float[]> weights = weights(classifier);
        Set<String> effective = new TreeSet<>();
        classifier.gradients().forEach((name, gradients) -> {
            int greatest = greatest(gradients);
            if (Math.abs(gradients[greatest]) > 1e-5) {
                effective.add(name);
            }
            for (int element : List.of(greatest, random.nextInt(gradients.length))) {
                assertThat((double) gradients[element])
                        .as("%s[%d]", name, element)
                        .isCloseTo(
                                derivative(classifier, weights, name, element),
                                within(5e-4 + 0.01 * Math.abs(gradients[element])));
            }
        });
        return effective;
    }

    private static int greatest(float[] values) {
        int greatest = 0;
        for (int i = 0; i < values.length; i++) {
            greatest = Math.abs(values[i]) > Math.abs(values[greatest]) ? i : greatest;
        }
        return greatest;
    }

    /** Returns the derivative of the loss by differences over two distances, without the error of the second order. */
    private static double derivative(
            TrainableClassifier classifier, Map<String, float[]> weights, String name, int element) {
        double near = slope(classifier, weights, name, element, STEP);
        double far = slope(classifier, weights, name, element, 2 * STEP);
        return (4 * near - far) / 3;
    }

    private static double slope(
            TrainableClassifier classifier, Map<String, float[]> weights, String name, int element, float step) {
        float[] values = weights.get(name);
        float value = values[element];
        values[element] = value + step;
        classifier.restore(weights, false);
        double above = loss(classifier.logits(batch()), targets());
        values[element] = value - step;
        classifier.restore(weights, false);
        double below = loss(classifier.logits(batch()), targets());
        values[element] = value;
        classifier.restore(weights, false);
        return (above - below) / (2 * step);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "deberta-v2",
                "distilbert",
                "electra",
                "longformer",
                "modernbert",
                "mpnet",
                "roberta"
            })
    void gradients_everyTensor_areDifferencesOfTheLoss(String type) throws IOException {
        try (TrainableClassifier classifier = setup(type).build().open()) {
            Set<String> effective = check(classifier);

            assertThat(classifier.trainedNames())
                    .filteredOn(name -> !effective.contains(name))
                    .allMatch(name -> WITHOUT_EFFECT.stream().anyMatch(name::endsWith)
                            || OF_OTHER_TOKENS.matcher(name).matches());
            assertThat(effective).anyMatch(name -> name.contains("embeddings."));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "deberta-v2",
                "distilbert",
                "electra",
                "longformer",
                "modernbert",
                "mpnet",
                "roberta"
            })
    void gradients_lowRankFactors_areDifferencesOfTheLoss(String type) throws IOException {
        ClassifierSetup setup =
                setup(type).lowRank(new LowRank(2, 3, List.of())).build();
        try (TrainableClassifier classifier = setup.open()) {
            // B starts at zero, where A has no gradient.
            classifier.addGradients(batch(), targets());
            classifier.update(AdamW.DEFAULT, 1, 0.05, 1);

            Set<String> effective = check(classifier);

            assertThat(classifier.trainedNames())
                    .filteredOn(name -> name.contains(".lora_"))
                    .hasSizeGreaterThanOrEqualTo(8)
                    .allMatch(name -> effective.contains(name)
                            || OF_OTHER_TOKENS.matcher(name).matches());
        }
    }

    @Test
    void gradients_severalPasses_areAdded() throws IOException {
        try (TrainableClassifier classifier = setup("bert").build().open()) {
            classifier.addGradients(batch(), targets());
            Map<String, float[]> whole = classifier.gradients();
            double norm = classifier.gradientNorm();
            classifier.update(AdamW.DEFAULT, 1, 1e-30, 1);
            assertThat(classifier.gradientNorm()).isZero();

            for (int row = 0; row < 4; row++) {
                classifier.addGradients(batch().subList(row, row + 1), new float[][] {targets()[row]});
            }

            assertThat(classifier.gradientNorm()).isCloseTo(norm, within(1e-5));
            classifier.gradients().forEach((name, gradients) -> assertThat(gradients)
                    .as(name)
                    .containsExactly(whole.get(name), within(2e-5f)));
        }
    }
}
