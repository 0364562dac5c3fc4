package org.donotanswer.bench.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --model} of commands that evaluate with one model. Not thread-safe. */
@InSection(HelpSection.EVALUATOR)
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            converter = ModelLocationConverter.class,
            description = "Model that evaluates: a model file; a checkpoint directory; or " + ModelLocation.SYNTAX
                    + ", a checkpoint of the Hugging Face hub. Default: the model that comes with dna.")
    private @Nullable ModelLocation model;

    /** Returns the location of the model; empty for the one that comes with dna. */
    Optional<ModelLocation> location() {
        return Optional.ofNullable(model);
    }
}
