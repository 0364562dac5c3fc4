package org.donotanswer.classifier.finetune;

import static org.donotanswer.internal.BuilderChecks.setOnce;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * How a classifier is fine-tuned. The defaults are those of Wang et al., "Do-Not-Answer", arXiv 2308.13387, section 5.2,
 * where they say, and of Devlin et al., "BERT", arXiv 1810.04805, appendix A.3. Immutable, hence thread-safe; its builder is
 * not.
 *
 * @param epochs how often every example is seen; default 3
 * @param batchSize the number of examples of a step; default 16
 * @param learningRate the highest learning rate; default 5e-5
 * @param warmUp the share of the steps in which the learning rate rises to the highest, from 0; it falls to 0 in the rest;
 *     default .1
 * @param weightDecay default .01
 * @param maxGradientNorm gradients with a larger norm are scaled down to it; default 1
 * @param labelSmoothing the share of each target that is spread evenly over all labels; default 0
 * @param headWeights factors of the losses of heads; default 1
 * @param classWeights whether rare classes weigh more; default {@link ClassWeights#NONE}
 * @param patience how many epochs without improvement on the examples held out end the training; empty for none
 * @param tokensPerPass the maximum number of tokens, padding included, that are computed at once: a step with more takes
 *     several passes, whose gradients are added; default 4,096
 * @param stepsPerSave after how many steps the state is saved; default 200
 * @param seed of the order of the examples and of dropout; default 42
 */
public record FineTuningOptions(
        int epochs,
        int batchSize,
        double learningRate,
        double warmUp,
        double weightDecay,
        double maxGradientNorm,
        double labelSmoothing,
        Map<HeadKind, Double> headWeights,
        ClassWeights classWeights,
        OptionalInt patience,
        int tokensPerPass,
        int stepsPerSave,
        long seed) {
    /** How much the classes of a head weigh. Immutable, hence thread-safe. */
    public enum ClassWeights {
        /** All examples weigh the same. */
        NONE,
        /** An example weighs the square root of what it weighs with {@link #BALANCED}. */
        SQUARE_ROOT,
        /** All classes of a head weigh the same together, as with {@code class_weight="balanced"} in scikit-learn. */
        BALANCED
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public FineTuningOptions {
        requireFrom1To("epochs", epochs, 1_000);
        requireFrom1To("batchSize", batchSize, 65_536);
        requireFrom1To("tokensPerPass", tokensPerPass, 1 << 24);
        BuilderChecks.requireAtLeast("stepsPerSave", 1, stepsPerSave);
        patience.ifPresent(value -> BuilderChecks.requireAtLeast("patience", 1, value));
        requireIn("learningRate", learningRate, 0, true, 1);
        requireIn("warmUp", warmUp, 0, false, 1);
        requireIn("weightDecay", weightDecay, 0, false, 1);
        requireIn("labelSmoothing", labelSmoothing, 0, false, 1);
        requireIn("maxGradientNorm", maxGradientNorm, 0, true, 1e6);
        Map<HeadKind, Double> copy = new EnumMap<>(HeadKind.class);
        headWeights.forEach((head, weight) -> {
            requireIn("weight of the head " + head, weight, 0, true, 1_000);
            copy.put(head, weight);
        });
        headWeights = Collections.unmodifiableMap(copy);
    }

    private static void requireFrom1To(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be from 1 to " + max + ", but was " + value);
        }
    }

    private static void requireIn(String name, double value, double min, boolean above, double max) {
        if (!(value < max) || !(above ? value > min : value >= min)) {
            throw new IllegalArgumentException(name + " must be " + (above ? "above " : "at least ") + min
                    + " and below " + max + ", but was " + value);
        }
    }

    /** Returns the factor of the loss of a head. */
    public double weight(HeadKind head) {
        return headWeights.getOrDefault(head, 1.0);
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds options. Each value can be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable Integer epochs;
        private @Nullable Integer batchSize;
        private @Nullable Double learningRate;
        private @Nullable Double warmUp;
        private @Nullable Double weightDecay;
        private @Nullable Double maxGradientNorm;
        private @Nullable Double labelSmoothing;
        private @Nullable ClassWeights classWeights;
        private @Nullable Integer patience;
        private @Nullable Integer tokensPerPass;
        private @Nullable Integer stepsPerSave;
        private @Nullable Long seed;
        private final Map<HeadKind, Double> headWeights = new EnumMap<>(HeadKind.class);

        private Builder() {}

        /** Sets how often every example is seen. */
        public Builder epochs(int value) {
            epochs = setOnce("epochs", epochs, value);
            return this;
        }

        /** Sets the number of examples of a step. */
        public Builder batchSize(int value) {
            batchSize = setOnce("batchSize", batchSize, value);
            return this;
        }

        /** Sets the highest learning rate. */
        public Builder learningRate(double value) {
            learningRate = setOnce("learningRate", learningRate, value);
            return this;
        }

        /** Sets the share of the steps in which the learning rate rises. */
        public Builder warmUp(double value) {
            warmUp = setOnce("warmUp", warmUp, value);
            return this;
        }

        /** Sets the weight decay. */
        public Builder weightDecay(double value) {
            weightDecay = setOnce("weightDecay", weightDecay, value);
            return this;
        }

        /** Sets the norm to which gradients are scaled down. */
        public Builder maxGradientNorm(double value) {
            maxGradientNorm = setOnce("maxGradientNorm", maxGradientNorm, value);
            return this;
        }

        /** Sets the share of each target that is spread evenly. */
        public Builder labelSmoothing(double value) {
            labelSmoothing = setOnce("labelSmoothing", labelSmoothing, value);
            return this;
        }

        /** Sets the factor of the loss of a head. */
        public Builder headWeight(HeadKind head, double value) {
            headWeights.put(head, setOnce("headWeight of " + head, headWeights.get(head), value));
            return this;
        }

        /** Sets how much rare classes weigh. */
        public Builder classWeights(ClassWeights value) {
            classWeights = setOnce("classWeights", classWeights, value);
            return this;
        }

        /** Sets how many epochs without improvement end the training. */
        public Builder patience(int value) {
            patience = setOnce("patience", patience, value);
            return this;
        }

        /** Sets the maximum number of tokens that are computed at once. */
        public Builder tokensPerPass(int value) {
            tokensPerPass = setOnce("tokensPerPass", tokensPerPass, value);
            return this;
        }

        /** Sets after how many steps the state is saved. */
        public Builder stepsPerSave(int value) {
            stepsPerSave = setOnce("stepsPerSave", stepsPerSave, value);
            return this;
        }

        /** Sets the seed. */
        public Builder seed(long value) {
            seed = setOnce("seed", seed, value);
            return this;
        }

        /** Returns the options. */
        public FineTuningOptions build() {
            return new FineTuningOptions(
                    epochs == null ? 3 : epochs,
                    batchSize == null ? 16 : batchSize,
                    learningRate == null ? 5e-5 : learningRate,
                    warmUp == null ? 0.1 : warmUp,
                    weightDecay == null ? 0.01 : weightDecay,
                    maxGradientNorm == null ? 1 : maxGradientNorm,
                    labelSmoothing == null ? 0 : labelSmoothing,
                    headWeights,
                    classWeights == null ? ClassWeights.NONE : classWeights,
                    patience == null ? OptionalInt.empty() : OptionalInt.of(patience),
                    tokensPerPass == null ? 4_096 : tokensPerPass,
                    stepsPerSave == null ? 200 : stepsPerSave,
                    seed == null ? 42 : seed);
        }
    }
}
