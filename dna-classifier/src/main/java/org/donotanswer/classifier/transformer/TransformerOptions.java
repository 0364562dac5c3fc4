package org.donotanswer.classifier.transformer;

import java.util.OptionalInt;

/**
 * How checkpoints are run.
 *
 * @param maxTokens the most tokens of a sequence, specials included, or empty for what the checkpoint takes
 * @param maxWindows the most windows that a long response is read in
 * @param windowOverlap how many tokens of the response a window repeats of the one before
 * @param threads how many threads an operation may use, or 0 for the engine's own number
 * @param batches how batches are made
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
    /** Returns the options of the tokenizer of a checkpoint that takes as many tokens. */
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

    /** Returns whether all that is asked of the tokenizer comes from the checkpoint, so that what does not fit is its fault. */
    boolean usesCheckpointLength() {
        return maxTokens.isEmpty() && maxWindows == 1;
    }

    /** Fails if a checkpoint takes fewer tokens than were asked for. */
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
