package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
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
            names = "--labels",
            paramLabel = "OUTPUT=LABEL",
            split = ",",
            description = "What the outputs of the checkpoint mean, by their names in its config.json or their"
                    + " numbers: harmful, harmless, refusal, compliance, an action, or unused; for example"
                    + " 0=harmless,1=harmful or OK=harmless. If only harmful outputs are named, all others are harmless,"
                    + " and the other way round. Not for a config.json with heads. Default: as their names tell.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--model-input",
            paramLabel = "FORM",
            description = "How the exchange is fed to the checkpoint: ${COMPLETION-CANDIDATES}. Default: as specified"
                    + " in its config.json, otherwise INSTRUCTION_ONLY if it detects injections or jailbreaks, and"
                    + " RESPONSE_ONLY if not.")
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
     * Returns the choice of a model with the options that were given, if any.
     *
     * @param given whether one of these options was given
     */
    ModelChoice choice(Optional<ModelLocation> model, boolean given) {
        return new ModelChoice(
                model,
                given ? Optional.ofNullable(action) : Optional.empty(),
                true,
                given ? Optional.of(builder -> apply(builder, null)) : Optional.empty());
    }

    /**
     * Checks that options of checkpoints, if given, go with one, and what else can be checked without a model.
     *
     * @return whether an option was given
     * @throws UsageException if an option is given without a checkpoint, or a number is out of range
     */
    boolean check(CommandSpec spec, EvaluatorChoice evaluator) {
        Optional<String> option = Options.firstGiven(spec, Set.of(HelpSection.CHECKPOINT));
        if (option.isPresent()) {
            UsageException.require(
                    evaluator instanceof EvaluatorChoice.Model model
                            && !model.location().isFile(),
                    option.get() + " must go with a checkpoint in " + EvaluatorOption.NAME,
                    evaluator instanceof EvaluatorChoice.Model model
                            ? "with the file " + model.location()
                            : "with " + evaluator.shortName());
            check();
        }
        return option.isPresent();
    }

    /**
     * Checks what can be checked without a model.
     *
     * @throws UsageException if a number is out of range
     */
    void check() {
        labels();
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

    /** Returns the labels by output. */
    private Map<String, String> labels() {
        Map<String, String> byOutput = new LinkedHashMap<>();
        for (String label : labels) {
            int separator = label.lastIndexOf('=');
            UsageException.require(
                    separator > 0 && separator < label.length() - 1,
                    "--labels must be OUTPUT=LABEL, for example 0=harmless,1=harmful",
                    "'" + label + "'");
            String other = byOutput.putIfAbsent(
                    label.substring(0, separator).strip(),
                    label.substring(separator + 1).strip());
            UsageException.require(other == null, "--labels must name each output once", "again " + label);
        }
        return byOutput;
    }

    /** Sets what was given. */
    void apply(TransformerEvaluator.Builder builder, @Nullable Integer threads) {
        builder.precision(precision);
        if (!labels.isEmpty()) {
            builder.labelsByName(labels());
        }
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
