package org.donotanswer.spark;

import java.io.Serializable;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * How the exchanges of a dataset are evaluated. Immutable, hence thread-safe.
 *
 * @param evaluator {@code embedded}, {@code encoder}, {@code cascade}, or the path of a model file or of a checkpoint's
 *     directory. Every executor looks for an absolute path in its own file system, and for a relative one among the files that
 *     were shipped with {@code --files} or {@code --archives}
 * @param column the name of the column that is added, not blank
 * @param batchSize how many exchanges are given to the evaluator at a time, at least 1; as many rows are in memory per task
 */
public record SparkEvaluationOptions(String evaluator, String column, int batchSize) implements Serializable {
    /** The evaluator if not set: the embedded model. */
    public static final String DEFAULT_EVALUATOR = EvaluatorSource.EMBEDDED;
    /** The name of the column if not set. */
    public static final String DEFAULT_COLUMN = "assessment";
    /** The size of a batch if not set. */
    public static final int DEFAULT_BATCH_SIZE = 128;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the evaluator is neither a name nor a path, the name of the column is blank, or the
     *     size of a batch is out of its range
     */
    public SparkEvaluationOptions {
        EvaluatorSource.check(evaluator);
        if (column.isBlank()) {
            throw new IllegalArgumentException("column must not be blank, but was '" + column + "'");
        }
        BuilderChecks.requireAtLeast("batchSize", 1, batchSize);
    }

    /** Returns the defaults: the constants above. */
    public static SparkEvaluationOptions defaults() {
        return builder().build();
    }

    /** Returns a builder; what is not set has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SparkEvaluationOptions}. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable String evaluator;
        private @Nullable String column;
        private @Nullable Integer batchSize;

        private Builder() {}

        /**
         * Sets the evaluator: a name or a path, see {@link SparkEvaluationOptions#evaluator()}.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder evaluator(String value) {
            evaluator = BuilderChecks.setOnce("evaluator", evaluator, value);
            return this;
        }

        /**
         * Sets the name of the column that is added.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder column(String value) {
            column = BuilderChecks.setOnce("column", column, value);
            return this;
        }

        /**
         * Sets how many exchanges are given to the evaluator at a time, at least 1.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder batchSize(int value) {
            batchSize = BuilderChecks.setOnce("batchSize", batchSize, value);
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public SparkEvaluationOptions build() {
            return new SparkEvaluationOptions(
                    evaluator == null ? DEFAULT_EVALUATOR : evaluator,
                    column == null ? DEFAULT_COLUMN : column,
                    batchSize == null ? DEFAULT_BATCH_SIZE : batchSize);
        }
    }
}
