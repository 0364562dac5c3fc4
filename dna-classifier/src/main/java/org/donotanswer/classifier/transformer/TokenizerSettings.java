package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.weights.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint's {@code tokenizer_config.json}, or the defaults of its tokenizer class, change in its
 * {@code tokenizer.json}, as in Hugging Face's transformers. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/huggingface/transformers/blob/v4.57.6/src/transformers/tokenization_utils_fast.py#L209-L220">how
 *     every class sets the space before a text</a>
 * @see <a
 *     href="https://github.com/huggingface/transformers/blob/v4.57.6/src/transformers/models/bert/tokenization_bert_fast.py#L103-L114">how
 *     those of BERT set case, accents and Chinese characters</a>
 */
final class TokenizerSettings {
    static final String NAME = "tokenizer_config.json";

    private static final String CLASS = "tokenizer_class";
    private static final String LOWER_CASE = "do_lower_case";
    private static final String STRIP_ACCENTS = "strip_accents";
    private static final String CHINESE = "tokenize_chinese_chars";
    private static final String PREFIX_SPACE = "add_prefix_space";
    private static final String LENGTH = "model_max_length";
    private static final String INPUTS = "model_input_names";
    private static final long MAX_BYTES = 64L << 20;

    /** For a model without a limit, the configuration contains a number far beyond any limit. */
    private static final int UNLIMITED = 1_000_000;

    private final String where;
    private final JsonNode root;
    private final @Nullable TokenizerClass type;

    private TokenizerSettings(String where, JsonNode root, @Nullable TokenizerClass type) {
        this.where = where;
        this.root = root;
        this.type = type;
    }

    /**
     * Reads the settings of a checkpoint. Without the file, they are the defaults of the tokenizer class that
     * {@code config.json} implies; without that as well, they change nothing.
     *
     * @throws CheckpointException if a file is malformed, or the tokenizer class is not supported
     */
    static TokenizerSettings read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        JsonNode root =
                Files.isRegularFile(file) ? JsonFile.read(file, MAX_BYTES) : JsonNodeFactory.instance.objectNode();
        if (!root.isObject()) {
            throw new CheckpointException(
                    NAME + " must be a JSON object, but was " + root.getNodeType() + " (" + file + ")");
        }
        Optional<TokenizerClass> type = type(root, file.toString());
        if (type.isEmpty() && Files.isRegularFile(directory.resolve(CheckpointConfig.FILE))) {
            CheckpointConfig config = CheckpointConfig.read(directory);
            type = type(config.root(), config.file().toString());
            if (type.isEmpty()) {
                type = config.optionalText("model_type").flatMap(TokenizerClass::ofModelType);
            }
        }
        return of(root, type, file.toString());
    }

    /**
     * Returns the settings with these entries, as in the file.
     *
     * @throws CheckpointException if an entry is malformed, or the tokenizer class is not supported
     */
    static TokenizerSettings of(ObjectNode root, String where) throws CheckpointException {
        return of(root, type(root, where), where);
    }

    private static TokenizerSettings of(JsonNode root, Optional<TokenizerClass> type, String where)
            throws CheckpointException {
        TokenizerSettings settings = new TokenizerSettings(where, root, type.orElse(null));
        if (settings.flag("from_slow", false)) {
            throw settings.invalid("from_slow", "must be false, as only tokenizer.json is read");
        }
        return settings;
    }

    private static Optional<TokenizerClass> type(JsonNode root, String where) throws CheckpointException {
        JsonNode name = root.path(CLASS);
        if (name.isMissingNode() || name.isNull()) {
            return Optional.empty();
        }
        Optional<TokenizerClass> type = name.isTextual() ? TokenizerClass.named(name.textValue()) : Optional.empty();
        if (type.isEmpty()) {
            throw new CheckpointException(CLASS + " must be a class that reads tokenizer.json in a known way, but was "
                    + name + " (" + where + "); if tokenizer.json alone reads texts as the model needs them, set it to "
                    + "PreTrainedTokenizerFast");
        }
        return type;
    }

    /** Returns the entries of the file, none if it does not exist. */
    JsonNode entries() {
        return root;
    }

    /** Returns the special tokens that the tokenizer class has by default. */
    List<String> defaultSpecialTokens() {
        return type == null ? List.of() : type.specialTokens();
    }

    CheckpointException invalid(String name, String requirement) {
        return new CheckpointException(name + " " + requirement + ", but was " + root.path(name) + " (" + where + ")");
    }

    private boolean has(String name) {
        return root.hasNonNull(name);
    }

    /** Returns a flag; as in Python, the numbers 0 and 1 stand for false and true. */
    private boolean flag(String name, boolean defaultValue) throws CheckpointException {
        JsonNode node = root.path(name);
        if (node.isMissingNode()) {
            return defaultValue;
        }
        boolean number = node.isNumber() && (node.doubleValue() == 0 || node.doubleValue() == 1);
        if (!node.isBoolean() && !number) {
            throw invalid(name, "must be true or false");
        }
        return node.isBoolean() ? node.booleanValue() : node.doubleValue() == 1;
    }

    /** Returns the maximum number of tokens: that of the file, or the given one if that is lower. */
    int limit(int max) throws CheckpointException {
        String name = has(LENGTH) ? LENGTH : "max_len"; // the name before 2020
        if (!has(name)) {
            return max;
        }
        JsonNode node = root.path(name);
        double length = node.isTextual() ? node.asDouble(Double.NEGATIVE_INFINITY) : node.doubleValue();
        if ((!node.isNumber() && !node.isTextual()) || length == Double.NEGATIVE_INFINITY) {
            throw invalid(name, "must be a number");
        }
        return length >= 1 && length < UNLIMITED ? Math.min(max, (int) length) : max;
    }

    /** Returns whether the model is given token types; otherwise, all of them are 0. */
    boolean tokenTypes() throws CheckpointException {
        if (!has(INPUTS)) {
            return type == null || type.tokenTypes();
        }
        if (!root.path(INPUTS).isArray()) {
            throw invalid(INPUTS, "must be a list of names");
        }
        for (JsonNode name : root.path(INPUTS)) {
            if (name.asText().equals("token_type_ids")) {
                return true;
            }
        }
        return false;
    }

    /** Returns a remark if texts are cut at another end than the reference cuts them, or else nothing. */
    List<String> remarks() {
        return root.path("truncation_side").asText().equals("left")
                ? List.of("truncation_side left of " + NAME + " is not followed: long texts are cut at their end")
                : List.of();
    }

    /**
     * Changes a tokenizer as the tokenizer class does.
     *
     * @throws CheckpointException if an entry is not of its type, or asks for what the tokenizer cannot do
     */
    void apply(ObjectNode tokenizer) throws CheckpointException {
        if (type == null) {
            return;
        }
        setPrefixSpace(tokenizer.path("pre_tokenizer"));
        if (type.normalization() != TokenizerClass.Normalization.KEPT) {
            setCase(tokenizer.path("normalizer"), type.normalization());
        }
    }

    /** Parts of a sequence keep their own setting. */
    private void setPrefixSpace(JsonNode splitter) throws CheckpointException {
        boolean prefix = has(PREFIX_SPACE) && flag(PREFIX_SPACE, false);
        boolean given = !root.path(PREFIX_SPACE).isNull();
        if (given && splitter instanceof ObjectNode object && type(object).equals("ByteLevel")) {
            object.put(PREFIX_SPACE, prefix);
        }
    }

    /** Normalizers of other kinds, and parts of a sequence, are kept. */
    private void setCase(JsonNode normalizer, TokenizerClass.Normalization normalization) throws CheckpointException {
        boolean lowerCase = flag(LOWER_CASE, true);
        boolean decideAccents = has(STRIP_ACCENTS);
        boolean stripAccents = decideAccents && flag(STRIP_ACCENTS, false);
        boolean chinese = flag(CHINESE, true);
        if (normalizer instanceof ObjectNode object && type(object).equals("BertNormalizer")) {
            object.put("lowercase", lowerCase);
            if (decideAccents) {
                object.put(STRIP_ACCENTS, stripAccents);
            } else {
                object.putNull(STRIP_ACCENTS);
            }
            if (normalization == TokenizerClass.Normalization.CASE_AND_CHINESE) {
                object.put("handle_chinese_chars", chinese);
            }
        } else if (!normalizer.isObject() && ((has(LOWER_CASE) && lowerCase) || stripAccents)) {
            throw invalid(
                    stripAccents ? STRIP_ACCENTS : LOWER_CASE, "must be false, as tokenizer.json has no normalizer");
        }
    }

    private static String type(JsonNode part) {
        return part.path("type").asText();
    }
}
