package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The vocabulary in the {@code model} of a {@code tokenizer.json}. It validates what the native code takes for granted,
 * as that code terminates the process on a violation. Not thread-safe.
 */
final class TokenizerVocabulary {
    private static final String VOCAB = "vocab";
    private static final String UNKNOWN = "unk_token";

    private final ObjectNode model;
    private final String where;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int size;
    private int highestId = -1;
    private int unknownId = -1;

    private TokenizerVocabulary(ObjectNode model, String where) throws CheckpointException {
        this.model = model;
        this.where = where;
        String type = type(model);
        JsonNode vocab = model.path(VOCAB);
        size = vocab.size();
        switch (type) {
            case "Unigram" -> readPieces(vocab);
            case "BPE", "WordPiece", "WordLevel" -> readWords(vocab);
            default ->
                throw invalid("model must be WordPiece, BPE, Unigram or WordLevel, but was " + model.path("type"));
        }
        if (size == 0) {
            throw invalid("vocabulary must have at least one entry, but was empty");
        }
        if (type.equals("BPE")) {
            checkMerges();
        }
    }

    static TokenizerVocabulary read(ObjectNode model, String where) throws CheckpointException {
        return new TokenizerVocabulary(model, where);
    }

    /** Returns the type of the model, which is inferred in old files that do not name it. */
    private static String type(JsonNode model) {
        if (model.has("type")) {
            return model.path("type").asText();
        }
        if (model.has("merges")) {
            return "BPE";
        }
        if (model.path(VOCAB).isArray()) {
            return "Unigram";
        }
        return model.has("continuing_subword_prefix") ? "WordPiece" : "WordLevel";
    }

    private void readPieces(JsonNode vocab) throws CheckpointException {
        JsonNode unknown = model.path("unk_id");
        if (!vocab.isArray() || !unknown.canConvertToInt() || unknown.asInt() < 0 || unknown.asInt() >= size) {
            throw invalid("unk_id must be the id of a piece in the vocabulary, but was " + unknown);
        }
        unknownId = unknown.asInt();
        highestId = size - 1;
        for (int id = 0; id < size; id++) {
            JsonNode piece = vocab.path(id);
            if (piece.size() != 2
                    || !piece.path(0).isTextual()
                    || !Double.isFinite(piece.path(1).asDouble(Double.NaN))) {
                throw invalid("piece " + id + " of the vocabulary must be a string and a score, but was " + piece);
            }
            ids.put(piece.path(0).asText(), id);
        }
    }

    private void readWords(JsonNode vocab) throws CheckpointException {
        if (!vocab.isObject()) {
            throw invalid("vocabulary must be an object that maps words to ids, but was not");
        }
        BitSet taken = new BitSet();
        for (Map.Entry<String, JsonNode> word : vocab.properties()) {
            int id = word.getValue().asInt(-1);
            // A few unused ids are fine, but the bit set must not grow to two billion.
            if (!word.getValue().isInt() || id < 0 || id > 10_000_000) {
                throw invalid("id in the vocabulary must be in 0..10000000, but was " + word.getValue());
            }
            if (taken.get(id)) {
                throw invalid("id in the vocabulary must be unique, but was " + id + " twice");
            }
            taken.set(id);
            ids.put(word.getKey(), id);
        }
        highestId = taken.length() - 1;
        JsonNode unknown = model.path(UNKNOWN);
        if (unknown.isTextual() && ids.containsKey(unknown.asText())) {
            unknownId = ids.get(unknown.asText());
        } else if (unknown.isTextual() || !type(model).equals("BPE")) {
            throw invalid("unk_token must be in the vocabulary, but was " + unknown);
        }
    }

    private void checkMerges() throws CheckpointException {
        String prefix = model.path("continuing_subword_prefix").asText("");
        for (JsonNode merge : model.path("merges")) {
            String[] pair = pair(merge);
            if (pair.length != 2 || !pair[1].startsWith(prefix)) {
                throw invalid("merge must be two pieces, the second with continuing_subword_prefix, but was " + merge);
            }
        }
    }

    private static String[] pair(JsonNode merge) {
        return merge.isArray()
                ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
                : merge.asText().split(" ", 2);
    }

    /** Returns a word's id, or -1. */
    int id(String word) {
        return ids.getOrDefault(word, -1);
    }

    /** Returns the number of entries. */
    int size() {
        return size;
    }

    int highestId() {
        return highestId;
    }

    /** Returns the id of unknown words, or -1. */
    int unknownId() {
        return unknownId;
    }

    /** Returns the words with the given ids. */
    List<String> names(Set<Long> some) {
        List<String> names = new ArrayList<>();
        ids.forEach((word, id) -> {
            if (some.contains((long) id)) {
                names.add(word);
            }
        });
        return names;
    }

    /**
     * Renames the special tokens of a tokenizer to names that no text can contain, as they are random, and removes
     * everything that is not needed to read text: limits, padding, templates and the decoder. The ids of other tokens
     * do not change.
     *
     * <p>Omitting the special tokens from {@code added_tokens} would not suffice: a Unigram model, or one with whole
     * words, finds them in its vocabulary, and tokens beyond the vocabulary are numbered by their order.
     */
    void hideSpecialTokens(Set<String> names, ObjectNode tokenizer) {
        for (String part : List.of("truncation", "padding", "post_processor", "decoder")) {
            tokenizer.putNull(part);
        }
        if (model.has("dropout")) {
            model.putNull("dropout"); // would make the tokens random
        }
        String secret = UUID.randomUUID() + "-";
        Map<String, String> hidden = new HashMap<>();
        for (String name : names) {
            hidden.put(name, secret + hidden.size());
        }
        for (JsonNode token : tokenizer.path("added_tokens")) {
            String name = hidden.get(token.path("content").asText());
            if (name != null) {
                ((ObjectNode) token).put("content", name);
            }
        }
        String unknown = hidden.get(model.path(UNKNOWN).asText(""));
        if (unknown != null) {
            model.put(UNKNOWN, unknown);
        }
        if (model.path(VOCAB) instanceof ArrayNode pieces) {
            for (JsonNode piece : pieces) {
                String name = hidden.get(piece.path(0).asText());
                if (name != null) {
                    ((ArrayNode) piece).set(0, TextNode.valueOf(name));
                }
            }
        } else if (model.path(VOCAB) instanceof ObjectNode words) {
            hidden.forEach((name, newName) -> {
                if (words.remove(name) instanceof IntNode id) {
                    words.set(newName, id);
                }
            });
        }
        hideMerges(hidden);
    }

    /** Removes the merges that produce a special token, or continue one. */
    private void hideMerges(Map<String, String> hidden) {
        if (!(model.path("merges") instanceof ArrayNode merges)) {
            return;
        }
        int prefix = model.path("continuing_subword_prefix").asText("").length();
        ArrayNode kept = model.arrayNode(merges.size());
        for (JsonNode merge : merges) {
            String[] pair = pair(merge);
            if (!hidden.containsKey(pair[0])
                    && !hidden.containsKey(pair[1])
                    && !hidden.containsKey(pair[0] + pair[1].substring(prefix))) {
                kept.add(merge);
            }
        }
        model.set("merges", kept);
    }

    private CheckpointException invalid(String message) {
        return new CheckpointException(message + " (" + where + ")");
    }
}
