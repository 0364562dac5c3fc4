package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The added tokens of a {@code tokenizer.json}: texts that are tokens wherever they occur. Those in the other files of a
 * checkpoint are added to them as Hugging Face's transformers adds them: {@code added_tokens_decoder} of
 * {@code tokenizer_config.json}, or, in checkpoints before that entry, {@code added_tokens.json}. Not thread-safe.
 */
final class AddedTokens {
    private static final String KEY = "added_tokens";
    private static final String DECODER = "added_tokens_decoder";
    private static final String OLD_FILE = "added_tokens.json";
    private static final String CONTENT = "content";
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");
    private static final List<String> SPECIAL_KEYS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final long MAX_BYTES = 64L << 20;

    private final TokenizerVocabulary vocabulary;
    private final TokenNormalization normalization;
    private final String where;
    private final List<AddedToken> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private int highest = -1;

    /** One of the tokens; the last one of the same content counts. */
    record AddedToken(String content, int id, boolean special, boolean stripsLeft, boolean stripsRight) {}

    /**
     * The other files of a checkpoint that have tokens.
     *
     * @param directory where they are; empty if there are none
     */
    record OtherFiles(Optional<Path> directory) {
        static final OtherFiles NONE = new OtherFiles(Optional.empty());

        /** Returns the object in a file; an empty one if there is no such file. */
        JsonNode object(String name) throws IOException {
            return directory.isPresent()
                    ? AddedTokens.object(directory.get().resolve(name))
                    : JsonNodeFactory.instance.objectNode();
        }

        /** Returns what messages call a file. */
        String where(String name) {
            return directory.map(path -> path.resolve(name).toString()).orElse(name);
        }
    }

    private AddedTokens(TokenizerVocabulary vocabulary, TokenNormalization normalization, String where) {
        this.vocabulary = vocabulary;
        this.normalization = normalization;
        this.where = where;
    }

    /**
     * Reads the added tokens of a tokenizer, to which it adds those of the other files, and checks that their ids are
     * those that the native code will assign.
     */
    static AddedTokens read(
            ObjectNode tokenizer,
            TokenizerVocabulary vocabulary,
            TokenizerSettings settings,
            OtherFiles others,
            String where)
            throws IOException {
        AddedTokens added = new AddedTokens(vocabulary, TokenNormalization.of(tokenizer.path("normalizer")), where);
        for (JsonNode token : tokenizer.path(KEY)) {
            added.add(token);
        }
        ArrayNode list = tokenizer.path(KEY) instanceof ArrayNode array ? array : tokenizer.putArray(KEY);
        Set<String> specialNames = specialNames(settings, others);
        boolean legacy = !settings.entries().hasNonNull(DECODER);
        for (ObjectNode token : legacy ? ofOldFile(others) : ofDecoder(settings)) {
            String content = token.path(CONTENT).asText();
            if (legacy && added.ids.containsKey(content)) {
                continue;
            }
            if (specialNames.contains(content)) {
                token.put("special", true);
            }
            token.put("id", added.idOf(content));
            added.add(token);
            list.add(token);
        }
        for (String name : specialNames) {
            // One that is in no vocabulary can never come from a text.
            if (!added.ids.containsKey(name) && vocabulary.id(name) >= 0) {
                ObjectNode token = token(name, true);
                token.put("id", vocabulary.id(name));
                added.add(token);
                list.add(token);
            }
        }
        return added;
    }

    List<AddedToken> tokens() {
        return tokens;
    }

    /** Returns the id of a token by its text, or -1. */
    int id(String content) {
        return ids.getOrDefault(content, vocabulary.id(content));
    }

    private int idOf(String content) {
        int id = id(content);
        return id >= 0 ? id : Math.max(highest + 1, vocabulary.size());
    }

    private void add(JsonNode token) throws CheckpointException {
        String content = token.path(CONTENT).asText();
        if (!token.path(CONTENT).isTextual()
                || content.isEmpty()
                || !token.path("id").canConvertToInt()) {
            throw new CheckpointException(
                    "added token must have content and id, but was " + token + " (" + where + ")");
        }
        checkNormalized(token, content);
        int id = idOf(content);
        int stated = token.path("id").asInt();
        if (stated != id) {
            throw new CheckpointException("id of added token " + content + " must be " + id
                    + ", as the tokenizer assigns it, but was " + stated + " (" + where + ")");
        }
        ids.put(content, id);
        highest = Math.max(highest, id);
        tokens.add(new AddedToken(
                content,
                id,
                token.path("special").asBoolean(),
                token.path("lstrip").asBoolean(),
                token.path("rstrip").asBoolean()));
    }

    private void checkNormalized(JsonNode token, String content) throws CheckpointException {
        boolean special = token.path("special").asBoolean();
        if (token.path("normalized").asBoolean(!special) && normalization.mayDelete(content)) {
            throw new CheckpointException(
                    "added token must have a character that the normalizer never deletes, but was " + token + " ("
                            + where + "); state \"normalized\": false");
        }
    }

    /** Returns the tokens of the settings in the order of their ids there, which are not otherwise used. */
    private static List<ObjectNode> ofDecoder(TokenizerSettings settings) throws CheckpointException {
        Map<Integer, ObjectNode> tokens = new TreeMap<>();
        JsonNode decoder = settings.entries().path(DECODER);
        for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
            JsonNode given = entry.getValue();
            if (!entry.getKey().matches("\\d{1,9}") || !given.path(CONTENT).isTextual()) {
                throw settings.invalid(DECODER, "must map ids to tokens with content");
            }
            ObjectNode token =
                    token(given.path(CONTENT).asText(), given.path("special").asBoolean());
            for (String flag : FLAGS) {
                if (given.hasNonNull(flag)) {
                    token.put(flag, given.path(flag).asBoolean());
                }
            }
            tokens.put(Integer.valueOf(entry.getKey()), token);
        }
        if (!decoder.isObject()) {
            throw settings.invalid(DECODER, "must map ids to tokens with content");
        }
        tokens.values().removeIf(token -> token.path(CONTENT).asText().isEmpty());
        return List.copyOf(tokens.values());
    }

    private static List<ObjectNode> ofOldFile(OtherFiles others) throws IOException {
        Map<Integer, ObjectNode> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : others.object(OLD_FILE).properties()) {
            if (!entry.getValue().canConvertToInt() || entry.getKey().isEmpty()) {
                throw new CheckpointException(OLD_FILE + " must map tokens to ids, but was " + entry.getValue() + " ("
                        + others.where(OLD_FILE) + ")");
            }
            tokens.put(entry.getValue().asInt(), token(entry.getKey(), false));
        }
        return List.copyOf(tokens.values());
    }

    private static ObjectNode token(String content, boolean special) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(CONTENT, content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", !special)
                .put("special", special);
    }

    /** Returns the special tokens of the settings, of the file that held them before, and of the tokenizer class. */
    private static Set<String> specialNames(TokenizerSettings settings, OtherFiles others) throws IOException {
        Set<String> names = new TreeSet<>(settings.defaultSpecialTokens());
        JsonNode entries = settings.entries();
        for (String key : SPECIAL_KEYS) {
            JsonNode token = entries.path(key);
            if (!token.isMissingNode() && !token.isNull() && name(token).isEmpty()) {
                throw settings.invalid(key, "must be a token");
            }
        }
        List<JsonNode> sources = new ArrayList<>(List.of(entries, entries.path("extra_special_tokens")));
        if (!entries.hasNonNull(DECODER)) {
            sources.add(others.object("special_tokens_map.json"));
        }
        for (JsonNode source : sources) {
            SPECIAL_KEYS.forEach(key -> names.add(name(source.path(key))));
            source.path("additional_special_tokens").forEach(token -> names.add(name(token)));
        }
        sources.get(1).forEach(token -> names.add(name(token)));
        names.remove("");
        return names;
    }

    /** Returns the text of a token that is given as a string or an object; empty if it is neither. */
    private static String name(JsonNode token) {
        return token.isTextual() ? token.asText() : token.path(CONTENT).asText();
    }

    /** Returns the object in a file; an empty one if there is no such file. */
    private static JsonNode object(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode root = JsonFile.read(file, MAX_BYTES);
        if (!root.isObject()) {
            throw new CheckpointException(
                    file.getFileName() + " must be a JSON object, but was " + root.getNodeType() + " (" + file + ")");
        }
        return root;
    }
}
