package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * A transformer with a head for sequence classification, as configured by one checkpoint. It knows its limits and
 * writes its forward pass as a program. Architectures share no base class, so that each file can be read on its own
 * next to the reference implementation.
 *
 * <p>To add an architecture, write its record beside {@link Bert} (settings, names and shapes of its tensors, forward
 * pass), permit it here and name its {@code model_type} in {@link #of} and {@link #MODEL_TYPES}. A new
 * operation goes into {@link Kernels}, a new layer into {@link Layers}, and what its configuration says of dropout into
 * {@link Dropout}. {@link WeightMatching}, {@link HeadLabels} and {@link CheckpointTokenizer} work for all of them.
 * Tests: a plain transcription of the reference for {@code TranscribedParityTest}, or a checkpoint with the reference's
 * logits in the test resources {@code checkpoints}, for {@code CheckpointParityTest}; its settings in
 * {@code TinyCheckpoint}; and its rows in {@code DropoutTest} and {@code GradientTest}.
 */
sealed interface Architecture
        permits Albert, Bert, DebertaV2, DistilBert, Electra, Longformer, ModernBert, Mpnet, Roberta {
    /** The supported values of {@code model_type}, for messages. */
    String MODEL_TYPES =
            "albert, bert, camembert, data2vec-text, deberta-v2, distilbert, electra, longformer, modernbert,"
                    + " mpnet, roberta or xlm-roberta";

    /** Name of the pass over sequences of equal length. */
    String FULL = "full";

    /** Name of the pass over sequences padded on the right. */
    String PADDED = "padded";

    /** Returns the maximum number of tokens that have positions, including special tokens. */
    int maxTokens();

    /** Returns the number of rows of the token embeddings. */
    int vocabularySize();

    /** Returns the number of token types; 0 or 1 if the model does not distinguish them. */
    int tokenTypes();

    /** Returns the id of the padding token. */
    int padTokenId();

    /** Returns the prefix of the encoder's tensor names, including the dot; a checkpoint may omit it. */
    String basePrefix();

    /** Returns name prefixes of tensors that a checkpoint may contain although they are not needed. */
    List<String> ignoredTensors();

    /**
     * Returns the program of this model, which has the functions {@link #FULL} and {@link #PADDED}. These two accept any
     * length up to {@link #maxTokens}, and with plain kernels all their operations have gradients, so a model is trained
     * by them; they apply {@link Kernels#dropout}. Other functions of a program are for inference only.
     */
    TorchScriptProgram program(Kernels kernels);

    /** Returns the name of the function for one sequence of the given length. */
    default String functionFor(int length) {
        return FULL;
    }

    /** Returns the length above which a sequence is run on its own. */
    default int maxBatchedLength() {
        return Integer.MAX_VALUE;
    }

    /**
     * Returns the name of the reference's class for a {@code model_type}, without what follows the architecture's name; empty if
     * the type is not supported.
     */
    static Optional<String> referenceClass(String modelType) {
        String name =
                switch (modelType) {
                    case "albert" -> "Albert";
                    case "bert" -> "Bert";
                    case "camembert" -> "Camembert";
                    case "data2vec-text" -> "Data2VecText";
                    case "deberta-v2" -> "DebertaV2";
                    case "distilbert" -> "DistilBert";
                    case "electra" -> "Electra";
                    case "longformer" -> "Longformer";
                    case "modernbert" -> "ModernBert";
                    case "mpnet" -> "MPNet";
                    case "roberta" -> "Roberta";
                    case "xlm-roberta" -> "XLMRoberta";
                    default -> "";
                };
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /**
     * Returns the architecture that a configuration describes.
     *
     * @throws CheckpointException if it is not supported, or one of its values is missing or out of range
     */
    static Architecture of(CheckpointConfig config) throws CheckpointException {
        String type = config.text("model_type");
        Optional<String> task = config.architecture();
        Architecture architecture =
                switch (type) {
                    case "albert" -> Albert.of(config);
                    case "bert" -> Bert.of(config);
                    case "camembert", "roberta", "xlm-roberta" -> Roberta.of(config, "roberta.");
                    case "data2vec-text" -> Roberta.of(config, "data2vec_text.");
                    case "deberta-v2" -> DebertaV2.of(config);
                    case "distilbert" -> DistilBert.of(config);
                    case "electra" -> Electra.of(config);
                    case "longformer" -> Longformer.of(config);
                    case "modernbert" -> ModernBert.of(config);
                    case "mpnet" -> Mpnet.of(config);
                    default ->
                        throw config.invalid(
                                "model_type",
                                "must be " + MODEL_TYPES
                                        + " (for others, trace the model to TorchScript and put the .pt file into"
                                        + " the directory)",
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
