package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that only checkpoints have. Not thread-safe. */
final class CheckpointOptions {
    @Option(
            names = "--action-model",
            paramLabel = "DIR",
            converter = ModelLocationConverter.class,
            description = "Checkpoint that judges the action, beside one in --model that judges harmfulness.")
    private @Nullable ModelLocation action;

    @Option(
            names = "--model-input",
            paramLabel = "FORM",
            description =
                    "How a checkpoint is given an exchange: ${COMPLETION-CANDIDATES}; by default what its config.json"
                            + " says, or else the response only.")
    private @Nullable InputFormat form;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            description = "What a checkpoint is computed in: ${COMPLETION-CANDIDATES}; by default FLOAT32.")
    private @Nullable Precision precision;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens that a checkpoint is given; by default all it takes.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "Read a long response in as many windows at most; by default its beginning alone is read.")
    private @Nullable Integer windows;

    @Option(
            names = "--window-overlap",
            paramLabel = "N",
            description = "Tokens that a window repeats of the one before; by default 0.")
    private @Nullable Integer windowOverlap;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            description = "Most tokens of a batch, padding included; by default 4096.")
    private @Nullable Integer batchTokens;

    @Nullable
    ModelLocation action() {
        return action;
    }

    /** Returns the names of the options that were given. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        add(given, "--action-model", action);
        add(given, "--model-input", form);
        add(given, "--precision", precision);
        add(given, "--max-tokens", maxTokens);
        add(given, "--windows", windows);
        add(given, "--window-overlap", windowOverlap);
        add(given, "--batch-tokens", batchTokens);
        return given;
    }

    private static void add(List<String> given, String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    /**
     * Checks what can be checked without a model.
     *
     * @throws IllegalArgumentException if a number is out of range, or an option without the one it belongs to
     */
    void check() {
        atLeast("--max-tokens", 1, maxTokens);
        atLeast("--windows", 1, windows);
        atLeast("--window-overlap", 0, windowOverlap);
        atLeast("--batch-tokens", 1, batchTokens);
        if (windowOverlap != null && windows == null) {
            throw new IllegalArgumentException("--window-overlap must go with --windows, but was without");
        }
    }

    private static void atLeast(String name, int least, @Nullable Integer value) {
        if (value != null && value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
    }

    /** Sets what was given. */
    void apply(TransformerEvaluator.Builder builder, @Nullable Integer threads) {
        if (form != null) {
            builder.inputFormat(form);
        }
        if (precision != null) {
            builder.precision(precision);
        }
        if (maxTokens != null) {
            builder.maxTokens(maxTokens);
        }
        if (windows != null) {
            builder.windows(windows, windowOverlap == null ? 0 : windowOverlap);
        }
        if (batchTokens != null) {
            builder.batchTokens(batchTokens);
        }
        if (threads != null) {
            builder.threads(threads);
        }
    }
}
