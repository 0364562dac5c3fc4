package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The configuration of a Longformer that a base is extended to, and of its tokenizer.
 *
 * @param from the base
 * @param to the Longformer
 * @param root its config.json
 * @param tokenizer its tokenizer.json
 * @param tokenizerSettings its tokenizer_config.json
 * @param hasHead whether the base has a head that fits
 * @param summary what is said about it
 */
record LongformerConfig(
        Architecture from,
        Longformer to,
        ObjectNode root,
        ObjectNode tokenizer,
        ObjectNode tokenizerSettings,
        boolean hasHead,
        LongformerExtension.Extended summary) {
    private static final String CLASSIFIER = "ForSequenceClassification";
    private static final long MAX_BYTES = 256L << 20;

    /** Entries that Longformer does not have, or that describe how the base was made or is used. */
    private static final List<String> REMOVED = List.of(
            "_name_or_path",
            "architectures",
            "classifier_dropout",
            "finetuning_task",
            "position_embedding_type",
            "problem_type",
            "task_specific_params",
            "tokenizer_class",
            "use_cache");

    /** Entries about a head. */
    private static final List<String> OF_HEAD =
            List.of("heads", "id2label", Checkpoint.INPUT_FORMAT, "label2id", "num_labels");

    /**
     * Returns the configuration.
     *
     * @throws CheckpointException if the base is not a BERT or RoBERTa, or has more positions
     */
    static LongformerConfig of(LongformerExtension extension, CheckpointConfig base) throws IOException {
        Path directory = extension.base();
        String type = base.text("model_type");
        Architecture from = architecture(base, type);
        if (extension.positions() < from.maxTokens()) {
            throw new CheckpointException("positions must be at least those of the base (" + from.maxTokens()
                    + "), but were " + extension.positions() + " (" + base.file() + ")");
        }
        boolean hasHead = from instanceof Roberta
                && base.architecture().filter(name -> name.endsWith(CLASSIFIER)).isPresent();
        ObjectNode tokenizer = tokenizer(directory);
        ObjectNode settings = settings(directory, base, type, extension.positions());
        SpecialIds special = SpecialIds.of(from, base, tokenizer, settings);
        ObjectNode root = base.root().deepCopy();
        root.remove(REMOVED);
        if (!hasHead) {
            root.remove(OF_HEAD);
        }
        root.put("model_type", "longformer");
        root.putArray("architectures").add("Longformer" + (hasHead ? CLASSIFIER : "Model"));
        int layers = base.positive("num_hidden_layers");
        ArrayNode windows = root.putArray("attention_window");
        for (int layer = 0; layer < layers; layer++) {
            windows.add(extension.window());
        }
        root.put("max_position_embeddings", special.pad() + 1 + extension.positions());
        root.put("hidden_act", base.optionalText("hidden_act").orElse("gelu"));
        root.put("type_vocab_size", from.tokenTypes());
        root.put("layer_norm_eps", base.epsilon("layer_norm_eps", 1e-12));
        root.put("torch_dtype", "float32");
        special.put(root);
        ObjectNode complete = root.deepCopy();
        complete.remove("architectures");
        Longformer to = Longformer.of(CheckpointConfig.of(base.file(), complete));
        return new LongformerConfig(
                from,
                to,
                root,
                tokenizer,
                settings,
                hasHead,
                new LongformerExtension.Extended(type, from.maxTokens(), layers, hasHead));
    }

    private static Architecture architecture(CheckpointConfig base, String type) throws CheckpointException {
        if (!List.of("bert", "camembert", "data2vec-text", "roberta", "xlm-roberta")
                .contains(type)) {
            throw base.invalid(
                    "model_type of the base", "must be bert, camembert, data2vec-text, roberta or xlm-roberta", type);
        }
        ObjectNode encoder = base.root().deepCopy();
        encoder.remove("architectures"); // may be of another task, such as masked language modelling
        return Architecture.of(CheckpointConfig.of(base.file(), encoder));
    }

    /** Returns the base's tokenizer.json without its limits. */
    private static ObjectNode tokenizer(Path directory) throws IOException {
        Path file = directory.resolve(TokenizerFile.NAME);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(SlowTokenizer.missing(directory, file));
        }
        if (!(JsonFile.read(file, MAX_BYTES) instanceof ObjectNode tokenizer)) {
            throw new CheckpointException(TokenizerFile.NAME + " must be an object, but was not (" + file + ")");
        }
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        return tokenizer;
    }

    /** Returns the base's tokenizer_config.json with the new limit, and with the class that the base's type implies. */
    private static ObjectNode settings(Path directory, CheckpointConfig base, String type, int positions)
            throws IOException {
        ObjectNode settings = TokenizerSettings.read(directory).entries().deepCopy();
        if (!settings.hasNonNull("tokenizer_class")) {
            String named = base.optionalText("tokenizer_class")
                    .orElse(TokenizerClass.ofModelType(type).orElseThrow().name() + "Fast");
            settings.put("tokenizer_class", named);
        }
        settings.remove("max_len"); // the name before 2020
        settings.put("model_max_length", positions);
        return settings;
    }

    /**
     * The ids of special tokens.
     *
     * @param pad positions are counted from here, so that no text may contain it
     */
    private record SpecialIds(int pad, OptionalInt first, OptionalInt separator) {
        static SpecialIds of(Architecture from, CheckpointConfig base, ObjectNode tokenizer, ObjectNode settings)
                throws CheckpointException {
            // BERT's configuration may name any id, as it only matters to Longformer's and RoBERTa's positions.
            int pad = from instanceof Bert
                    ? id(tokenizer, settings, "pad_token", "[PAD]", "<pad>").orElse(from.padTokenId())
                    : from.padTokenId();
            OptionalInt first = id(tokenizer, settings, "cls_token", "[CLS]", "<s>");
            if (first.isPresent() && first.getAsInt() == pad) {
                throw base.invalid("pad_token_id", "must differ from the id of the first token of a text", pad);
            }
            return new SpecialIds(pad, first, id(tokenizer, settings, "sep_token", "[SEP]", "</s>"));
        }

        void put(ObjectNode root) {
            root.put("pad_token_id", pad);
            if (first.isPresent() && !root.hasNonNull("bos_token_id")) {
                root.put("bos_token_id", first.getAsInt());
            }
            if (separator.isPresent()) {
                root.put("sep_token_id", separator.getAsInt());
                if (!root.hasNonNull("eos_token_id")) {
                    root.put("eos_token_id", separator.getAsInt());
                }
            }
        }

        /** Returns the id of a special token: the one that the settings name, or the first of the usual names. */
        private static OptionalInt id(ObjectNode tokenizer, ObjectNode settings, String entry, String... names) {
            JsonNode named = settings.path(entry);
            String own = named.isObject() ? named.path("content").asText() : named.asText();
            OptionalInt id = own.isEmpty() ? OptionalInt.empty() : id(tokenizer, own);
            for (int i = 0; i < names.length && id.isEmpty(); i++) {
                id = id(tokenizer, names[i]);
            }
            return id;
        }

        private static OptionalInt id(ObjectNode tokenizer, String name) {
            for (JsonNode added : tokenizer.path("added_tokens")) {
                if (added.path("content").asText().equals(name)) {
                    return OptionalInt.of(added.path("id").asInt());
                }
            }
            JsonNode vocabulary = tokenizer.path("model").path("vocab");
            if (vocabulary.isObject()) {
                JsonNode id = vocabulary.path(name);
                return id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
            }
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.path(id).path(0).asText().equals(name)) {
                    return OptionalInt.of(id);
                }
            }
            return OptionalInt.empty();
        }
    }
}
