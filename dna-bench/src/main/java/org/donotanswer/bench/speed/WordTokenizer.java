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
 * A tokenizer for random checkpoints where no real one is at hand: the words {@code w0}, {@code w1} and so on, parted by
 * spaces, are a token each. It makes texts of a wanted number of tokens.
 */
final class WordTokenizer {
    private static final JsonMapper JSON = new JsonMapper();

    private WordTokenizer() {}

    /** The special tokens of an architecture, in the order of their ids from 0, and those around texts. */
    private record Specials(List<String> names, String first, String last, boolean doubled) {
        static Specials of(BenchmarkArchitecture architecture) {
            return switch (architecture) {
                case BERT, DISTILBERT, DEBERTA_V2 ->
                    new Specials(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"), "[CLS]", "[SEP]", false);
                case ROBERTA, LONGFORMER -> new Specials(List.of("<s>", "<pad>", "</s>", "<unk>"), "<s>", "</s>", true);
            };
        }

        String unknown() {
            return doubled ? names.get(3) : names.get(1);
        }
    }

    /**
     * Writes a {@code tokenizer.json} with the special tokens of an architecture.
     *
     * @param vocabulary the number of tokens, special ones included
     * @return the file
     * @throws IOException if it cannot be written
     */
    static Path write(Path file, BenchmarkArchitecture architecture, int vocabulary) throws IOException {
        Specials specials = Specials.of(architecture);
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<Map<String, Object>> added = new ArrayList<>();
        for (String name : specials.names()) {
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
        root.put("post_processor", template(specials, ids));
        root.put("decoder", null);
        root.put("model", Map.of("type", "WordLevel", "vocab", ids, "unk_token", specials.unknown()));
        Files.write(file, JSON.writeValueAsBytes(root));
        return file;
    }

    /** All fields, for the native code wants them all. */
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

    private static Map<String, Object> template(Specials specials, Map<String, Integer> ids) {
        Map<String, Object> first = special(specials.first());
        Map<String, Object> last = special(specials.last());
        List<Object> pair = new ArrayList<>(List.of(first, text("A", 0), last));
        if (specials.doubled()) {
            pair.add(last);
        }
        pair.add(text("B", specials.doubled() ? 0 : 1));
        pair.add(last);
        Map<String, Object> tokens = new LinkedHashMap<>();
        for (String name : List.of(specials.first(), specials.last())) {
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

    /** Returns a text of as many tokens, drawn from a vocabulary. */
    static String text(int tokens, int vocabulary, SplittableRandom random) {
        int words = vocabulary - Specials.of(BenchmarkArchitecture.BERT).names().size();
        return random.ints(tokens, 0, words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }
}
