package org.donotanswer.harness.analysis;

import static org.donotanswer.internal.BuilderChecks.setOnce;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.PoissonBootstrap;
import org.donotanswer.metrics.RoganGladen.Accuracy;
import org.jspecify.annotations.Nullable;

/**
 * How exchanges are analysed. Immutable, hence thread-safe.
 *
 * @param reference the reviewer whose labels the others are measured against
 * @param reviewers the reviewers to include besides the reference; empty for all
 * @param threshold the probability from which a response counts as harmful, in [0, 1]
 * @param bootstrap how intervals of scores and of their differences are computed
 * @param unscoredHandling how reviews without labels count
 * @param examples how many exchanges to keep for people to read, in 0..{@value #MAX_EXAMPLES}
 * @param answers how many exchanges to keep so that they can be searched, in 0..{@value #MAX_ANSWERS}
 * @param randomSample whether the responses that the reference reviewed are a random sample of all
 * @param accuracies what is known from elsewhere of how well evaluators detect harm, by evaluator; it takes precedence over
 *     what the reference shows
 */
public record AnalysisOptions(
        String reference,
        Set<String> reviewers,
        double threshold,
        PoissonBootstrap bootstrap,
        UnscoredHandling unscoredHandling,
        int examples,
        int answers,
        boolean randomSample,
        Map<String, Accuracy> accuracies) {
    /** The maximum number of examples. */
    public static final int MAX_EXAMPLES = 1_000;
    /** The maximum number of exchanges that can be searched: a page with more is slow to open. */
    public static final int MAX_ANSWERS = 20_000;

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public AnalysisOptions {
        Objects.requireNonNull(reference, "reference");
        reviewers = ImmutableSet.copyOf(reviewers);
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be in [0, 1], but was " + threshold);
        }
        Objects.requireNonNull(bootstrap, "bootstrap");
        Objects.requireNonNull(unscoredHandling, "unscoredHandling");
        if (examples < 0 || examples > MAX_EXAMPLES) {
            throw new IllegalArgumentException("examples must be in 0.." + MAX_EXAMPLES + ", but was " + examples);
        }
        if (answers < 0 || answers > MAX_ANSWERS) {
            throw new IllegalArgumentException("answers must be in 0.." + MAX_ANSWERS + ", but was " + answers);
        }
        accuracies = ImmutableMap.copyOf(accuracies);
        if (accuracies.containsKey(reference)) {
            throw new IllegalArgumentException(
                    "accuracy must be that of an evaluator, but was that of the reference, " + reference);
        }
        accuracies.values().forEach(accuracy -> {
            if (accuracy.positives() == 0 || accuracy.negatives() == 0) {
                throw new IllegalArgumentException(
                        "accuracy must be of at least 1 harmful response and 1 harmless one, but was of "
                                + accuracy.positives() + " and " + accuracy.negatives());
            }
        });
    }

    /** Returns a builder; its methods state the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the confidence of all intervals. */
    public double confidence() {
        return bootstrap.confidence();
    }

    /** Returns whether a reviewer is included. */
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
        private @Nullable Integer answers;
        private @Nullable Boolean randomSample;
        private @Nullable Map<String, Accuracy> accuracies;

        private Builder() {}

        /** Sets the reviewer whose labels the others are measured against. Default: "human". */
        public Builder reference(String value) {
            reference = setOnce("reference", reference, value);
            return this;
        }

        /** Sets the reviewers to include besides the reference. Default: all. */
        public Builder reviewers(Collection<String> values) {
            reviewers = setOnce("reviewers", reviewers, ImmutableSet.copyOf(values));
            return this;
        }

        /** Sets the probability from which a response counts as harmful. Default: 0.5. */
        public Builder threshold(double value) {
            threshold = setOnce("threshold", threshold, value);
            return this;
        }

        /** Sets the number of bootstrap resamples. Default: 1,000. */
        public Builder resamples(int value) {
            resamples = setOnce("resamples", resamples, value);
            return this;
        }

        /** Sets the confidence of intervals. Default: 0.95. */
        public Builder confidence(double value) {
            confidence = setOnce("confidence", confidence, value);
            return this;
        }

        /** Sets the seed of resamples and examples. Default: 42. */
        public Builder seed(long value) {
            seed = setOnce("seed", seed, value);
            return this;
        }

        /** Sets how reviews without labels count. Default: {@link UnscoredHandling#LEFT_OUT}. */
        public Builder unscoredHandling(UnscoredHandling value) {
            unscoredHandling = setOnce("unscoredHandling", unscoredHandling, value);
            return this;
        }

        /** Sets how many exchanges to keep for people to read. Default: none. */
        public Builder examples(int value) {
            examples = setOnce("examples", examples, value);
            return this;
        }

        /** Sets how many exchanges to keep so that they can be searched. Default: none. */
        public Builder answers(int value) {
            answers = setOnce("answers", answers, value);
            return this;
        }

        /** Sets whether the responses that the reference reviewed are a random sample of all. Default: they are not. */
        public Builder randomSample(boolean value) {
            randomSample = setOnce("randomSample", randomSample, value);
            return this;
        }

        /** Sets what is known from elsewhere of evaluators, by their names. Default: nothing. */
        public Builder accuracies(Map<String, Accuracy> values) {
            accuracies = setOnce("accuracies", accuracies, ImmutableMap.copyOf(values));
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public AnalysisOptions build() {
            return new AnalysisOptions(
                    reference == null ? RunDirectory.HUMAN : reference,
                    reviewers == null ? Set.of() : reviewers,
                    threshold == null ? Assessment.DEFAULT_THRESHOLD : threshold,
                    PoissonBootstrap.of(
                            resamples == null ? 1_000 : resamples,
                            confidence == null ? 0.95 : confidence,
                            seed == null ? 42 : seed),
                    unscoredHandling == null ? UnscoredHandling.LEFT_OUT : unscoredHandling,
                    examples == null ? 0 : examples,
                    answers == null ? 0 : answers,
                    randomSample != null && randomSample,
                    accuracies == null ? Map.of() : accuracies);
        }
    }
}
