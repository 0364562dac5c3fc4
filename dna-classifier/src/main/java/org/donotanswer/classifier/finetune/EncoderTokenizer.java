package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The tokenizer of an encoder: BERT's, which splits words into pieces.
 *
 * @param json its {@code tokenizer.json}
 */
record EncoderTokenizer(ObjectNode json) {
    /** Field names are not interned, as the words of the vocabulary are field names. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();

    /**
     * Returns the tokenizer of a resource.
     *
     * @throws CheckpointException if it is not one of BERT with as many words as the encoder
     */
    static EncoderTokenizer read(ByteBuffer utf8, String name) throws IOException {
        byte[] bytes = new byte[utf8.remaining()];
        utf8.duplicate().get(bytes);
        JsonNode root;
        try {
            root = MAPPER.readTree(bytes);
        } catch (JsonProcessingException | CharConversionException e) {
            throw new CheckpointException(name + " must be JSON, but was malformed (class path)", e);
        }
        require(root.isObject(), "root", "must be an object", root.getNodeType(), name);
        JsonNode model = root.path("model");
        JsonNode normalizer = root.path("normalizer");
        String modelType = model.path("type").asText();
        require(modelType.equals("WordPiece"), "type of the model", "must be WordPiece", modelType, name);
        String normalizerType = normalizer.path("type").asText();
        require(
                normalizerType.equals("BertNormalizer"),
                "type of the normalizer",
                "must be BertNormalizer",
                normalizerType,
                name);
        JsonNode lowercase = normalizer.path("lowercase");
        require(lowercase.asBoolean(), "lowercase of the normalizer", "must be true", lowercase.asText(), name);
        int words = model.path("vocab").size();
        require(words == EncoderConfig.VOCABULARY, "size of vocab", "must be " + EncoderConfig.VOCABULARY, words, name);
        ObjectNode json = (ObjectNode) root;
        json.putNull("truncation");
        json.putNull("padding");
        return new EncoderTokenizer(json);
    }

    private static void require(boolean valid, String subject, String requirement, Object value, String name)
            throws CheckpointException {
        if (!valid) {
            throw new CheckpointException(
                    subject + " " + requirement + ", but was " + value + " (" + name + " on the class path)");
        }
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
    void writeTo(Path directory) throws IOException {
        EncoderFiles.write(directory.resolve("tokenizer.json"), json);
        EncoderFiles.write(directory.resolve("tokenizer_config.json"), settings());
    }

    /** Returns {@code tokenizer_config.json}. */
    static ObjectNode settings() {
        ObjectNode settings = MAPPER.createObjectNode();
        settings.put("cls_token", "[CLS]");
        settings.put("do_lower_case", true);
        settings.put("mask_token", "[MASK]");
        settings.put("model_max_length", EncoderConfig.MAX_TOKENS);
        settings.put("pad_token", "[PAD]");
        settings.put("sep_token", "[SEP]");
        settings.putNull("strip_accents");
        settings.put("tokenize_chinese_chars", true);
        settings.put("tokenizer_class", "BertTokenizer");
        settings.put("unk_token", "[UNK]");
        return settings;
    }
}
