package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tokenizer for random checkpoints when no real one is available, and texts for it. Its tokens are the words
 * {@code w0}, {@code w1} and so on, separated by spaces. Thread-safe.
 */
final class WordTokenizer {
    private static final JsonMapper JSON = new JsonMapper();

    private WordTokenizer() {}

    /** The special tokens of an architecture, in the order of their ids from 0, and those before and after a text. */
    private record SpecialTokens(List<String> names, String first, String last, boolean doubled) {
        static SpecialTokens of(BenchmarkArchitecture architecture) {
            return switch (architecture) {
                case BERT, DISTILBERT, DEBERTA_V2 ->
                    new SpecialTokens(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"), "[CLS]", "[SEP]", false);
                case ROBERTA, LONGFORMER ->
                    new SpecialTokens(List.of("<s>", "<pad>", "</s>", "<unk>"), "<s>", "</s>", true);
            };
        }

        String unknown() {
            return doubled ? names.get(3) : names.get(1);
        }
    }

    /**
     * Writes a {@code tokenizer.json} with the special tokens of an architecture.
     *
     * @param vocabulary the number of tokens, including special ones
     * @return the file
     * @throws IOException if it cannot be written
     */
    static Path write(Path file, BenchmarkArchitecture architecture, int vocabulary) throws IOException {
        SpecialTokens special = SpecialTokens.of(architecture);
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Map<String, Object>> added = new ArrayList<>();
        for (String name : special.names()) {
            added.add(added(ids.size(), name));
            ids.put(name, ids.size());
        }
        for (int word = 0; ids.size() < vocabulary; word++) {
            ids.put("w" + word, ids.size());
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("truncation", null);
        root.put("padding", null);
        root.put("added_tokens", added);
        root.put("normalizer", null);
        root.put("pre_tokenizer", Map.of("type", "WhitespaceSplit"));
        root.put("post_processor", template(special, ids));
        root.put("decoder", null);
        root.put("model", Map.of("type", "WordLevel", "vocab", ids, "unk_token", special.unknown()));
        Files.write(file, JSON.writeValueAsBytes(root));
        return file;
    }

    /** Returns all fields, since the native code requires them. */
    private static Map<String, Object> added(int id, String name) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", name);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
        return token;
    }

    private static Map<String, Object> template(SpecialTokens special, Map<String, Integer> ids) {
        Map<String, Object> first = special(special.first());
        Map<String, Object> last = special(special.last());
        List<Object> pair = new ArrayList<>(List.of(first, text("A", 0), last));
        if (special.doubled()) {
            pair.add(last);
        }
        pair.add(text("B", special.doubled() ? 0 : 1));
        pair.add(last);
        Map<String, Object> tokens = new LinkedHashMap<>();
        for (String name : List.of(special.first(), special.last())) {
            tokens.put(name, Map.of("id", name, "ids", List.of(ids.get(name)), "tokens", List.of(name)));
        }
        return Map.of(
                "type",
                "TemplateProcessing",
                "single",
                List.of(first, text("A", 0), last),
                "pair",
                pair,
                "special_tokens",
                tokens);
    }

    private static Map<String, Object> special(String name) {
        return Map.of("SpecialToken", Map.of("id", name, "type_id", 0));
    }

    private static Map<String, Object> text(String id, int type) {
        return Map.of("Sequence", Map.of("id", id, "type_id", type));
    }

    /** Returns a text of random tokens from a vocabulary. */
    static String text(int tokens, int vocabulary, SplittableRandom random) {
        int words = vocabulary
                - SpecialTokens.of(BenchmarkArchitecture.BERT).names().size();
        return random.ints(tokens, 0, words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }
}
