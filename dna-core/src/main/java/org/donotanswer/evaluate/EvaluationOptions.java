package org.donotanswer.evaluate;

import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link Evaluation} is done. Immutable, hence thread-safe.
 *
 * @param threshold the probability from which a response is flagged as harmful, or as a refusal, in [0, 1]
 * @param confidence the confidence of intervals, in (0, 1)
 * @param resamples how many bootstrap samples are drawn, at least 1
 * @param seed the seed of the bootstrap samples
 */
public record EvaluationOptions(double threshold, double confidence, int resamples, long seed) {
    /** The confidence of intervals if not set. */
    public static final double DEFAULT_CONFIDENCE = 0.95;
    /** The number of bootstrap samples if not set. */
    public static final int DEFAULT_RESAMPLES = 1000;
    /** The seed if not set. */
    public static final long DEFAULT_SEED = 0;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public EvaluationOptions {
        Probabilities.check("threshold", threshold);
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be in (0, 1), but was " + confidence);
        }
        BuilderChecks.requireAtLeast("resamples", 1, resamples);
    }

    /** Returns the defaults: {@link Assessment#DEFAULT_THRESHOLD}, and the constants above. */
    public static EvaluationOptions defaults() {
        return builder().build();
    }

    /** Returns a builder; what is not set has its default. */
    public static Builder builder() {
        return new Builder();
    }

    Bootstrap bootstrap() {
        return Bootstrap.of(resamples, confidence, seed);
    }

    /** Builds {@link EvaluationOptions}. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable Double threshold;
        private @Nullable Double confidence;
        private @Nullable Integer resamples;
        private @Nullable Long seed;

        private Builder() {}

        /**
         * Sets the probability from which a response is flagged as harmful, in [0, 1].
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder threshold(double value) {
            threshold = BuilderChecks.setOnce("threshold", threshold, value);
            return this;
        }

        /**
         * Sets the confidence of intervals, in (0, 1).
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder confidence(double value) {
            confidence = BuilderChecks.setOnce("confidence", confidence, value);
            return this;
        }

        /**
         * Sets how many bootstrap samples are drawn, at least 1.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder resamples(int value) {
            resamples = BuilderChecks.setOnce("resamples", resamples, value);
            return this;
        }

        /**
         * Sets the seed of the bootstrap samples.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder seed(long value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public EvaluationOptions build() {
            return new EvaluationOptions(
                    threshold == null ? Assessment.DEFAULT_THRESHOLD : threshold,
                    confidence == null ? DEFAULT_CONFIDENCE : confidence,
                    resamples == null ? DEFAULT_RESAMPLES : resamples,
                    seed == null ? DEFAULT_SEED : seed);
        }
    }
}
