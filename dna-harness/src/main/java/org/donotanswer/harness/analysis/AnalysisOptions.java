package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.metrics.PoissonBootstrap;
import org.donotanswer.metrics.RoganGladen.Accuracy;
import org.jspecify.annotations.Nullable;

/**
 * How exchanges are analysed. Immutable, hence thread-safe.
 *
 * @param reference the reviewer whose labels the others are measured against
 * @param reviewers who is looked at, the reference aside; empty for everyone
 * @param threshold the probability from which a response counts as harmful, in [0, 1]
 * @param bootstrap how intervals of scores and of their differences are drawn
 * @param unscoredHandling how reviews without labels count
 * @param examples how many exchanges to keep for people to look at, in 0..{@value #MAX_EXAMPLES}
 * @param randomSample whether the answers that the reference judged are a random sample of all
 * @param accuracies what is known from elsewhere of evaluators that look for harm, by their names; it comes before what the
 *     reference shows of them
 */
public record AnalysisOptions(
        String reference,
        Set<String> reviewers,
        double threshold,
        PoissonBootstrap bootstrap,
        UnscoredHandling unscoredHandling,
        int examples,
        boolean randomSample,
        Map<String, Accuracy> accuracies) {
    /** The most exchanges that can be kept as examples. */
    public static final int MAX_EXAMPLES = 1_000;

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public AnalysisOptions {
        Objects.requireNonNull(reference, "reference");
        reviewers = Collections.unmodifiableSet(new LinkedHashSet<>(reviewers));
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be in [0, 1], but was " + threshold);
        }
        Objects.requireNonNull(bootstrap, "bootstrap");
        Objects.requireNonNull(unscoredHandling, "unscoredHandling");
        if (examples < 0 || examples > MAX_EXAMPLES) {
            throw new IllegalArgumentException("examples must be in 0.." + MAX_EXAMPLES + ", but was " + examples);
        }
        accuracies = Collections.unmodifiableMap(new LinkedHashMap<>(accuracies));
        if (accuracies.containsKey(reference)) {
            throw new IllegalArgumentException(
                    "accuracy must be that of an evaluator, but was that of the reference, " + reference);
        }
        accuracies.values().forEach(accuracy -> {
            if (accuracy.positives() == 0 || accuracy.negatives() == 0) {
                throw new IllegalArgumentException(
                        "accuracy must be of at least 1 harmful answer and 1 harmless one, but was of "
                                + accuracy.positives() + " and " + accuracy.negatives());
            }
        });
    }

    /**
     * Makes options that know evaluators by the reference alone, whose labels are not known to be a random sample.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public AnalysisOptions(
            String reference,
            Set<String> reviewers,
            double threshold,
            PoissonBootstrap bootstrap,
            UnscoredHandling unscoredHandling,
            int examples) {
        this(reference, reviewers, threshold, bootstrap, unscoredHandling, examples, false, Map.of());
    }

    /** Returns a builder; see its methods for what holds where nothing is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the confidence of all intervals. */
    public double confidence() {
        return bootstrap.confidence();
    }

    /** Returns whether the reviewer is looked at. */
    boolean includes(String reviewer) {
        return reviewers.isEmpty() || reviewer.equals(reference) || reviewers.contains(reviewer);
    }

    /** Builds options. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable String reference;
        private @Nullable Set<String> reviewers;
        private @Nullable Double threshold;
        private @Nullable Integer resamples;
        private @Nullable Double confidence;
        private @Nullable Long seed;
        private @Nullable UnscoredHandling unscoredHandling;
        private @Nullable Integer examples;
        private @Nullable Boolean randomSample;
        private @Nullable Map<String, Accuracy> accuracies;

        private Builder() {}

        /** Sets the reviewer whose labels the others are measured against; "human" if not set. */
        public Builder reference(String value) {
            reference = BuilderChecks.setOnce("reference", reference, value);
            return this;
        }

        /** Sets who is looked at beside the reference; everyone if not set. */
        public Builder reviewers(Collection<String> values) {
            reviewers = BuilderChecks.setOnce("reviewers", reviewers, new LinkedHashSet<>(values));
            return this;
        }

        /** Sets the probability from which a response counts as harmful; 0.5 if not set. */
        public Builder threshold(double value) {
            threshold = BuilderChecks.setOnce("threshold", threshold, value);
            return this;
        }

        /** Sets how many resamples the bootstrap has; 1,000 if not set. */
        public Builder resamples(int value) {
            resamples = BuilderChecks.setOnce("resamples", resamples, value);
            return this;
        }

        /** Sets the confidence of intervals; 0.95 if not set. */
        public Builder confidence(double value) {
            confidence = BuilderChecks.setOnce("confidence", confidence, value);
            return this;
        }

        /** Sets the seed of resamples and examples; 42 if not set. */
        public Builder seed(long value) {
            seed = BuilderChecks.setOnce("seed", seed, value);
            return this;
        }

        /** Sets how reviews without labels count; {@link UnscoredHandling#LEFT_OUT} if not set. */
        public Builder unscoredHandling(UnscoredHandling value) {
            unscoredHandling = BuilderChecks.setOnce("unscoredHandling", unscoredHandling, value);
            return this;
        }

        /** Sets how many exchanges to keep for people to look at; none if not set. */
        public Builder examples(int value) {
            examples = BuilderChecks.setOnce("examples", examples, value);
            return this;
        }

        /** Sets whether the answers that the reference judged are a random sample of all; that they are not if not set. */
        public Builder randomSample(boolean value) {
            randomSample = BuilderChecks.setOnce("randomSample", randomSample, value);
            return this;
        }

        /** Sets what is known from elsewhere of evaluators, by their names; nothing if not set. */
        public Builder accuracies(Map<String, Accuracy> values) {
            accuracies = BuilderChecks.setOnce("accuracies", accuracies, new LinkedHashMap<>(values));
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public AnalysisOptions build() {
            return new AnalysisOptions(
                    reference == null ? "human" : reference,
                    reviewers == null ? Set.of() : reviewers,
                    threshold == null ? Assessment.DEFAULT_THRESHOLD : threshold,
                    PoissonBootstrap.of(
                            resamples == null ? 1_000 : resamples,
                            confidence == null ? 0.95 : confidence,
                            seed == null ? 42 : seed),
                    unscoredHandling == null ? UnscoredHandling.LEFT_OUT : unscoredHandling,
                    examples == null ? 0 : examples,
                    randomSample != null && randomSample,
                    accuracies == null ? Map.of() : accuracies);
        }
    }
}
