package org.donotanswer.classifier.transformer;

import java.util.Objects;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CheckpointTokenizer} makes of an exchange. Thread-safe; its builder is not.
 *
 * @param maxTokens the most tokens in a sequence, incl. specials
 * @param format what is put before the model
 * @param maxWindows the most windows that a long response is read in; 1 reads its beginning alone
 * @param windowOverlap how many of the response's tokens a window repeats of the one before
 * @param maxInstructionRatio which part of the tokens the instruction may take, of those that are not special, where instruction
 *     and response do not both fit
 */
record TokenizerOptions(
        int maxTokens, InputFormat format, int maxWindows, int windowOverlap, double maxInstructionRatio) {
    static final double DEFAULT_MAX_INSTRUCTION_RATIO = 0.5;

    TokenizerOptions {
        Objects.requireNonNull(format, "format");
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, but was " + maxTokens);
        }
        if (maxWindows < 1) {
            throw new IllegalArgumentException("maxWindows must be at least 1, but was " + maxWindows);
        }
        if (windowOverlap < 0) {
            throw new IllegalArgumentException("windowOverlap must be at least 0, but was " + windowOverlap);
        }
        if (!(maxInstructionRatio > 0 && maxInstructionRatio < 1)) {
            throw new IllegalArgumentException(
                    "maxInstructionRatio must be between 0 and 1, but was " + maxInstructionRatio);
        }
    }

    static TokenizerOptions of(int maxTokens, InputFormat format) {
        return builder().maxTokens(maxTokens).format(format).build();
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds options: the length and the format have to be given. */
    static final class Builder {
        private @Nullable Integer maxTokens;
        private @Nullable InputFormat format;
        private @Nullable Integer maxWindows;
        private int windowOverlap;
        private @Nullable Double maxInstructionRatio;

        private Builder() {}

        /** Sets the most tokens in a sequence, incl. specials. */
        Builder maxTokens(int value) {
            maxTokens = BuilderChecks.setOnce("maxTokens", maxTokens, value);
            return this;
        }

        Builder format(InputFormat value) {
            format = BuilderChecks.setOnce("format", format, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Reads a long response in windows; without this, at its beginning alone. */
        Builder windows(int most, int overlap) {
            maxWindows = BuilderChecks.setOnce("windows", maxWindows, most);
            windowOverlap = overlap;
            return this;
        }

        /** Sets which part the instruction may take where both do not fit; {@value #DEFAULT_MAX_INSTRUCTION_RATIO} without this. */
        Builder maxInstructionRatio(double value) {
            maxInstructionRatio = BuilderChecks.setOnce("maxInstructionRatio", maxInstructionRatio, value);
            return this;
        }

        TokenizerOptions build() {
            if (maxTokens == null || format == null) {
                throw new IllegalStateException(
                        "maxTokens and format must be set, but were " + maxTokens + " and " + format);
            }
            return new TokenizerOptions(
                    maxTokens,
                    format,
                    maxWindows == null ? 1 : maxWindows,
                    windowOverlap,
                    maxInstructionRatio == null ? DEFAULT_MAX_INSTRUCTION_RATIO : maxInstructionRatio);
        }
    }
}
