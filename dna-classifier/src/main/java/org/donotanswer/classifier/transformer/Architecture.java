package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * A kind of transformer with a head for sequence classification, as configured by one checkpoint: knows its limits and can
 * write its forward pass. Architectures share no base class: each file reads on its own, next to the reference.
 */
sealed interface Architecture permits Bert, DebertaV2, DistilBert, Longformer, Roberta {
    /** Name of the pass over sequences of one length. */
    String FULL = "full";

    /** Name of the pass over sequences with padding on the right. */
    String PADDED = "padded";

    /** Returns the number of tokens that positions are there for, specials included. */
    int maxTokens();

    /** Returns the number of rows of the table of token embeddings. */
    int vocabularySize();

    /** Returns the number of segments, 0 or 1 if the model knows none. */
    int tokenTypes();

    /** Returns the id that padding has. */
    int padTokenId();

    /** Returns what the names of the encoder's tensors begin with, dot included; a checkpoint may leave it out. */
    String basePrefix();

    /** Returns the starts of names of tensors that a checkpoint may have beside those that are needed. */
    List<String> ignoredTensors();

    /** Returns the program of this model; it has the functions {@link #FULL} and {@link #PADDED}. */
    TorchScriptProgram program(Kernels kernels);

    /** Returns the name of the function for one sequence of the given length. */
    default String functionFor(int length) {
        return FULL;
    }

    /** Returns the number of tokens above which a sequence goes alone. */
    default int maxBatchedLength() {
        return Integer.MAX_VALUE;
    }

    /**
     * Returns the architecture that a configuration describes.
     *
     * @throws CheckpointException if none of ours is, or a value of it is missing or out of range
     */
    static Architecture of(CheckpointConfig config) throws CheckpointException {
        String type = config.text("model_type");
        Optional<String> task = config.architecture();
        Architecture architecture =
                switch (type) {
                    case "bert" -> Bert.of(config);
                    case "deberta-v2" -> DebertaV2.of(config);
                    case "distilbert" -> DistilBert.of(config);
                    case "longformer" -> Longformer.of(config);
                    case "roberta", "xlm-roberta" -> Roberta.of(config);
                    default ->
                        throw config.invalid(
                                "model_type",
                                "must be bert, roberta, xlm-roberta, distilbert, longformer or deberta-v2 (for others, trace the model"
                                        + " to TorchScript and put the .pt file into the directory)",
                                type);
                };
        if (architecture.padTokenId() >= architecture.vocabularySize()) {
            throw config.invalid(
                    "pad_token_id",
                    "must be less than vocab_size (" + architecture.vocabularySize() + ")",
                    architecture.padTokenId());
        }
        if (task.isPresent() && !task.get().endsWith("ForSequenceClassification")) {
            throw config.invalid("architectures", "must name a model for sequence classification", task.get());
        }
        return architecture;
    }
}
