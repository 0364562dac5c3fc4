package org.donotanswer.classifier.transformer;

import java.util.OptionalInt;

/**
 * Options for running checkpoints.
 *
 * @param maxTokens the maximum number of tokens of a sequence, including special tokens, or empty for that of the
 *     checkpoint
 * @param maxWindows the maximum number of windows for a long response
 * @param windowOverlap the number of response tokens that a window repeats from the previous one
 * @param threads the maximum number of threads per operation, or 0 for the engine's default
 * @param batches the options of the batch queue
 * @param warmUp whether the model is run on loading
 */
record TransformerOptions(
        OptionalInt maxTokens,
        int maxWindows,
        int windowOverlap,
        Precision precision,
        int threads,
        BatchOptions batches,
        boolean warmUp) {
    /**
     * Returns the tokenizer options for a checkpoint with the given maximum number of tokens.
     *
     * @throws IllegalArgumentException if this requires more tokens
     */
    TokenizerOptions tokenizer(int limit, InputFormat format) {
        if (maxTokens.isPresent() && maxTokens.getAsInt() > limit) {
            throw new IllegalArgumentException(
                    "maxTokens must be at most " + limit + " for this checkpoint, but was " + maxTokens.getAsInt());
        }
        TokenizerOptions.Builder builder =
                TokenizerOptions.builder().maxTokens(maxTokens.orElse(limit)).format(format);
        if (maxWindows > 1) {
            builder.windows(maxWindows, windowOverlap);
        }
        return builder.build();
    }

    /**
     * Returns whether all limits come from the checkpoint, so that a mismatch is a fault of the checkpoint rather than
     * of an option.
     */
    boolean usesCheckpointLength() {
        return maxTokens.isEmpty() && maxWindows == 1;
    }

    /** Throws if a checkpoint takes fewer tokens than requested. */
    void requireTokens(int taken) {
        if (maxTokens.isPresent() && maxTokens.getAsInt() > taken) {
            throw new IllegalArgumentException("maxTokens must be at most " + taken
                    + ", the model_max_length of tokenizer_config.json, but was " + maxTokens.getAsInt());
        }
    }

    void requireFullPrecision(String kind) {
        if (precision.isHalf()) {
            throw new IllegalArgumentException(
                    "precision must be FLOAT32 or AUTO for " + kind + ", but was " + precision);
        }
    }
}
