package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.donotanswer.bench.UsageException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.NameSuggestion;
import picocli.CommandLine.Option;

/** The option {@code --evaluator} of commands that evaluate with one model. Not thread-safe. */
@InSection(HelpSection.EVALUATOR)
final class EvaluatorOption {
    /** The name of the option. */
    static final String NAME = "--evaluator";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    @Option(
            names = {NAME, "--model"},
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            defaultValue = EvaluatorChoice.EMBEDDED,
            description = "Evaluator: " + EvaluatorChoice.SYNTAX + ". Default: ${DEFAULT-VALUE}.")
    private EvaluatorChoice choice;

    /** Returns the evaluator that was chosen. */
    EvaluatorChoice choice() {
        return choice;
    }

    /** Returns the location of the model; empty for an evaluator that comes with dna. */
    Optional<ModelLocation> location() {
        return choice instanceof EvaluatorChoice.Model model ? Optional.of(model.location()) : Optional.empty();
    }

    /**
     * Checks the name of the evaluator.
     *
     * @throws UsageException if it is none, or that of an LLM, which needs further options
     */
    void check() {
        if (choice instanceof EvaluatorChoice.LlmJudge) {
            throw new UsageException(requirement(EvaluatorChoice.SHIPPED) + EvaluatorChoice.LLM
                    + " (dna judge and dna measure ask LLMs)");
        }
        checkName(choice, EvaluatorChoice.SHIPPED);
    }

    /**
     * Checks that a word is the name of an evaluator or a file; otherwise, it is a misspelt name. A missing file at a path of
     * several is told when it is read.
     *
     * @param names the names of evaluators
     * @throws UsageException if not
     */
    static void checkName(EvaluatorChoice choice, List<String> names) {
        if (choice instanceof EvaluatorChoice.Model model
                && model.location() instanceof ModelLocation.Local local
                && WORD.matcher(local.toString()).matches()
                && Files.notExists(local.path())) {
            throw new UsageException(
                    requirement(names) + "'" + local + "'" + NameSuggestion.suggestion(local.toString(), names));
        }
    }

    private static String requirement(List<String> names) {
        return "evaluator must be " + String.join(", ", names) + ", a model file, a checkpoint directory or "
                + ModelLocation.SYNTAX + ", but was ";
    }

    /**
     * Returns the evaluator.
     *
     * @param model how to open a model, unless another evaluator was chosen
     * @throws UsageException if an option does not fit a checkpoint
     * @throws IOException if the model cannot be fetched or read
     */
    SafetyEvaluator open(EvaluatorFactory evaluators, ModelChoice model) throws IOException, InterruptedException {
        return choice instanceof EvaluatorChoice.Named named
                ? evaluators.create(named.name())
                : evaluators.openFitting(model);
    }
}
