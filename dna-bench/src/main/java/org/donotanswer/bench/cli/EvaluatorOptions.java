package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.donotanswer.bench.UsageException;
import org.donotanswer.evaluate.SafetyEvaluator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The options of the evaluators that {@code --evaluator} names, and how these are opened. Not thread-safe. */
final class EvaluatorOptions {
    /** How help describes an evaluator. */
    static final String SYNTAX = EvaluatorChoice.SHIPPED_OR_LOCAL + EvaluatorChoice.HOSTED + "; or "
            + EvaluatorChoice.LLM + ", the LLM at --endpoint";

    private static final List<String> NAMES = Stream.concat(
                    EvaluatorChoice.SHIPPED.stream(), Stream.of(EvaluatorChoice.LLM))
            .toList();

    @Mixin
    private final CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private final LlmJudgeOptions llmJudge = new LlmJudgeOptions();

    /** Returns the options of an LLM as judge. */
    LlmJudgeOptions llmJudge() {
        return llmJudge;
    }

    /**
     * Checks that the options fit the evaluators.
     *
     * @throws UsageException if an option is given that none of the evaluators has, or a value is missing or out of range
     */
    void check(CommandSpec spec, List<EvaluatorChoice> choices) {
        choices.forEach(choice -> EvaluatorOption.checkName(choice, NAMES));
        long llms = count(choices, EvaluatorChoice.LlmJudge.class);
        UsageException.require(llms <= 1, "LLMs as judge must be at most 1", llms);
        if (llms == 0) {
            Options.firstGiven(spec, Set.of(HelpSection.LLM_JUDGE, HelpSection.REQUESTS))
                    .ifPresent(option -> {
                        throw new UsageException(
                                option + " must go with the evaluator " + EvaluatorChoice.LLM + ", but was without");
                    });
        } else {
            llmJudge.check();
        }
        List<ModelLocation> models = choices.stream()
                .filter(EvaluatorChoice.Model.class::isInstance)
                .map(choice -> ((EvaluatorChoice.Model) choice).location())
                .toList();
        Options.firstGiven(spec, Set.of(HelpSection.CHECKPOINT)).ifPresent(option -> {
            UsageException.require(
                    models.size() == 1, option + " must go with one checkpoint", "with " + models.size());
            UsageException.require(
                    !models.get(0).isFile(), option + " must go with a checkpoint", "with the file " + models.get(0));
        });
        checkpoint.check();
    }

    private static long count(List<EvaluatorChoice> choices, Class<? extends EvaluatorChoice> kind) {
        return choices.stream().filter(kind::isInstance).count();
    }

    /**
     * Returns an evaluator.
     *
     * @throws UsageException if an option does not fit the evaluator
     * @throws IOException if the model cannot be fetched or read, or the cache cannot be written
     */
    SafetyEvaluator open(CommandSpec spec, EvaluatorFactory evaluators, EvaluatorChoice choice)
            throws IOException, InterruptedException {
        if (choice instanceof EvaluatorChoice.LlmJudge) {
            return llmJudge.open();
        }
        if (choice instanceof EvaluatorChoice.Named named) {
            return evaluators.create(named.name());
        }
        boolean options = choice instanceof EvaluatorChoice.Model
                && Options.firstGiven(spec, Set.of(HelpSection.CHECKPOINT)).isPresent();
        ModelChoice model = checkpoint.choice(
                choice instanceof EvaluatorChoice.Model named ? Optional.of(named.location()) : Optional.empty(),
                options);
        return evaluators.openFitting(model);
    }
}
