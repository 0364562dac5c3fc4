package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Tokenizers of a few words, written into a directory, whose ids can be told by looking at them. */
final class SmallTokenizer {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SmallTokenizer() {}

    /**
     * Writes whole words with a normalizer: {@code Tea} is 5, {@code tea} 6, {@code caf\u00e9} 7, {@code cafe} 8, one
     * character for tea 9, and two of them 10.
     *
     * @param normalizer JSON
     */
    static void words(Path directory, String normalizer) throws IOException {
        List<String> words = List.of(
                "[PAD]",
                "[UNK]",
                "[CLS]",
                "[SEP]",
                "[MASK]",
                "Tea",
                "tea",
                "caf\u00e9",
                "cafe",
                "\u8336",
                "\u8336\u8336");
        ObjectNode root = root("{\"type\":\"BertPreTokenizer\"}", normalizer, "[CLS]", 2, "[SEP]", 3);
        ObjectNode model = root.putObject("model");
        model.put("type", "WordPiece").put("unk_token", "[UNK]").put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab");
        words.forEach(word -> vocab.put(word, vocab.size()));
        write(directory, root);
    }

    /** Returns the JSON of BERT's normalizer. */
    static String bertNormalizer(boolean lowerCase, String stripAccents, boolean chinese) {
        return "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":" + chinese
                + ",\"strip_accents\":" + stripAccents + ",\"lowercase\":" + lowerCase + "}";
    }

    /**
     * Writes a tokenizer of bytes: {@code t} is 3, and 5 after a space.
     *
     * @param splitter JSON
     */
    static void bytes(Path directory, String splitter) throws IOException {
        ObjectNode root = root(splitter, "null", "<s>", 0, "</s>", 1);
        ObjectNode model =
                root.putObject("model").put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        List.of("<s>", "</s>", "<unk>", "t", "\u0120", "\u0120t").forEach(word -> vocab.put(word, vocab.size()));
        ArrayNode merges = model.putArray("merges");
        merges.add("\u0120 t");
        write(directory, root);
    }

    /** Returns the JSON of the splitter of GPT-2 and RoBERTa. */
    static String byteLevel(boolean prefixSpace) {
        return "{\"type\":\"ByteLevel\",\"add_prefix_space\":" + prefixSpace
                + ",\"trim_offsets\":true,\"use_regex\":true}";
    }

    private static ObjectNode root(String splitter, String normalizer, String cls, int clsId, String sep, int sepId)
            throws IOException {
        ObjectNode root = MAPPER.createObjectNode()
                .put("version", "1.0")
                .putNull("truncation")
                .putNull("padding");
        root.putArray("added_tokens");
        root.set("normalizer", MAPPER.readTree(normalizer));
        root.set("pre_tokenizer", MAPPER.readTree(splitter));
        ObjectNode processor = root.putObject("post_processor").put("type", "BertProcessing");
        processor.putArray("sep").add(sep).add(sepId);
        processor.putArray("cls").add(cls).add(clsId);
        root.putNull("decoder");
        return root;
    }

    private static void write(Path directory, ObjectNode root) throws IOException {
        MAPPER.writeValue(directory.resolve("tokenizer.json").toFile(), root);
    }

    /** Writes the directory's tokenizer_config.json. */
    static void settings(Path directory, String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
    }

    /** Writes a config.json that has only this model type. */
    static void modelType(Path directory, String type) throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"" + type + "\"}");
    }

    /** Returns the ids of a text, without the special tokens at both ends. */
    static List<Long> ids(Path directory, String text) throws IOException {
        try (CheckpointTokenizer tokenizer =
                CheckpointTokenizer.open(directory, TokenizerOptions.of(64, InputFormat.RESPONSE_ONLY))) {
            long[] ids = tokenizer.encode("", text).windows().get(0).inputIds();
            return Arrays.stream(ids, 1, ids.length - 1).boxed().toList();
        }
    }
}
