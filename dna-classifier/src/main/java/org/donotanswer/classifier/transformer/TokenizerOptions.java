package org.donotanswer.classifier.transformer;

import java.util.Objects;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link CheckpointTokenizer}. Thread-safe; its builder is not.
 *
 * @param maxTokens the maximum number of tokens in a sequence, including special tokens
 * @param format how the exchange is fed to the model
 * @param maxWindows the maximum number of windows for a long response; with 1, only its beginning is read
 * @param windowOverlap the number of response tokens that a window repeats from the previous one
 * @param lastWindows how many of the windows are for the end of a response that is too long for all of them; its middle is
 *     then cut; less than {@code maxWindows}
 * @param maxInstructionRatio the maximum proportion of the instruction among the tokens that are not special, if
 *     instruction and response do not fit together
 */
record TokenizerOptions(
        int maxTokens,
        InputFormat format,
        int maxWindows,
        int windowOverlap,
        int lastWindows,
        double maxInstructionRatio) {
    static final double DEFAULT_MAX_INSTRUCTION_RATIO = 0.5;

    TokenizerOptions {
        Objects.requireNonNull(format, "format");
        BuilderChecks.requireAtLeast("maxTokens", 1, maxTokens);
        BuilderChecks.requireAtLeast("maxWindows", 1, maxWindows);
        BuilderChecks.requireAtLeast("windowOverlap", 0, windowOverlap);
        if (lastWindows < 0 || lastWindows >= maxWindows) {
            throw new IllegalArgumentException(
                    "lastWindows must be in 0.." + (maxWindows - 1) + ", but was " + lastWindows);
        }
        if (!(maxInstructionRatio > 0 && maxInstructionRatio < 1)) {
            throw new IllegalArgumentException("maxInstructionRatio must be in (0, 1), but was " + maxInstructionRatio);
        }
    }

    static TokenizerOptions of(int maxTokens, InputFormat format) {
        return builder().maxTokens(maxTokens).format(format).build();
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds options. The maximum number of tokens and the format are required. Not thread-safe. */
    static final class Builder {
        private @Nullable Integer maxTokens;
        private @Nullable InputFormat format;
        private @Nullable Integer maxWindows;
        private int windowOverlap;
        private @Nullable Integer lastWindows;
        private @Nullable Double maxInstructionRatio;

        private Builder() {}

        /** Sets the maximum number of tokens in a sequence, including special tokens. */
        Builder maxTokens(int value) {
            maxTokens = BuilderChecks.setOnce("maxTokens", maxTokens, value);
            return this;
        }

        Builder format(InputFormat value) {
            format = BuilderChecks.setOnce("format", format, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Reads a long response in windows. By default, only its beginning is read. */
        Builder windows(int max, int overlap) {
            maxWindows = BuilderChecks.setOnce("windows", maxWindows, max);
            windowOverlap = overlap;
            return this;
        }

        /** Reads the end of a response that is too long in so many of the windows. By default, its end is cut. */
        Builder lastWindows(int value) {
            lastWindows = BuilderChecks.setOnce("lastWindows", lastWindows, value);
            return this;
        }

        /**
         * Sets the maximum proportion of the instruction if both texts do not fit; default
         * {@value #DEFAULT_MAX_INSTRUCTION_RATIO}.
         */
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
                    lastWindows == null ? 0 : lastWindows,
                    maxInstructionRatio == null ? DEFAULT_MAX_INSTRUCTION_RATIO : maxInstructionRatio);
        }
    }
}
