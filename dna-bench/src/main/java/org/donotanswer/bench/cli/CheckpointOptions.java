package org.donotanswer.bench.cli;

import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that only checkpoints have. Not thread-safe. */
@InSection(HelpSection.CHECKPOINT)
final class CheckpointOptions {
    @Option(
            names = "--action-model",
            paramLabel = "MODEL",
            converter = ModelLocationConverter.class,
            description = "Second checkpoint, a directory or " + ModelLocation.SYNTAX
                    + ", that determines the action if the first one only determines harmfulness. Default: none.")
    private @Nullable ModelLocation action;

    @Option(
            names = "--model-input",
            paramLabel = "FORM",
            description = "How the exchange is fed to the checkpoint: ${COMPLETION-CANDIDATES}. Default: as"
                    + " specified in its config.json, otherwise RESPONSE_ONLY.")
    private @Nullable InputFormat form;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "FLOAT32",
            description = "Number format of the computation: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Maximum number of tokens of an exchange that the checkpoint reads. Default: as many as it"
                    + " supports.")
    private @Nullable Integer maxTokens;

    @ArgGroup(exclusive = false)
    private @Nullable WindowOptions window;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            description = "Maximum number of tokens in a batch, padding included. Default: 4096.")
    private @Nullable Integer batchTokens;

    /** How a long response is read in several windows. */
    @InSection(HelpSection.CHECKPOINT)
    static final class WindowOptions {
        @Option(
                names = "--windows",
                order = 1,
                required = true,
                paramLabel = "N",
                description = "Maximum number of windows in which a long response is read. Default: 1, its beginning.")
        private int windows;

        @Option(
                names = "--window-overlap",
                order = 1,
                paramLabel = "N",
                defaultValue = "0",
                description = "Number of tokens that a window repeats from the one before; needs --windows."
                        + " Default: ${DEFAULT-VALUE}.")
        private int overlap;
    }

    /** Returns the checkpoint that determines the action. */
    @Nullable
    ModelLocation action() {
        return action;
    }

    /**
     * Checks what can be checked without a model.
     *
     * @throws UsageException if a number is out of range
     */
    void check() {
        if (maxTokens != null) {
            UsageException.requireAtLeast("--max-tokens", 1, maxTokens);
        }
        if (window != null) {
            UsageException.requireAtLeast("--windows", 1, window.windows);
            UsageException.requireAtLeast("--window-overlap", 0, window.overlap);
        }
        if (batchTokens != null) {
            UsageException.requireAtLeast("--batch-tokens", 1, batchTokens);
        }
    }

    /** Sets what was given. */
    void apply(TransformerEvaluator.Builder builder, @Nullable Integer threads) {
        builder.precision(precision);
        if (form != null) {
            builder.inputFormat(form);
        }
        if (maxTokens != null) {
            builder.maxTokens(maxTokens);
        }
        if (window != null) {
            builder.windows(window.windows, window.overlap);
        }
        if (batchTokens != null) {
            builder.batchTokens(batchTokens);
        }
        if (threads != null) {
            builder.threads(threads);
        }
    }
}
