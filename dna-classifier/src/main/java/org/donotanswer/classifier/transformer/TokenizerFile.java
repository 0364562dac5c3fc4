package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The validated content of a checkpoint's {@code tokenizer.json}.
 *
 * @param textJson a tokenizer, in ASCII, that knows no special tokens, so that it reads their names as text; it neither
 *     truncates nor pads, regardless of the file
 * @param templates the placement of special tokens
 * @param separator the token that the file assigns to {@value #SEPARATOR}, if any
 * @param specialNames the names of the special tokens
 * @param specialIds the ids of the special tokens, except that of unknown words
 * @param vocabularySize the highest id plus one
 * @param splitsAtSpaces whether the tokens of a text up to a space do not depend on what follows
 */
record TokenizerFile(
        String textJson,
        SequenceTemplate.Templates templates,
        Optional<AddedToken> separator,
        List<String> specialNames,
        Set<Long> specialIds,
        int vocabularySize,
        boolean splitsAtSpaces) {
    static final String NAME = "tokenizer.json";

    /** The separator of instruction and response in a separated string. */
    static final String SEPARATOR = "[SEP]";

    private static final String CONFIG_NAME = "tokenizer_config.json";
    private static final long MAX_BYTES = 256L << 20;

    /** For a model without a limit, the configuration contains a number far beyond any limit. */
    private static final int UNLIMITED = 1_000_000;

    /** Field names are not interned, as the words of a vocabulary are field names. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** One of the {@code added_tokens}: a text that is a token wherever it occurs. */
    record AddedToken(String content, int id, boolean special, boolean stripsLeft, boolean stripsRight) {}

    /**
     * Reads a checkpoint's {@code tokenizer.json}.
     *
     * @throws CheckpointException if it is missing, malformed or not supported
     */
    static TokenizerFile read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(missing(directory, file));
        }
        String where = file.toString();
        JsonNode root = JsonFile.read(file, MAX_BYTES, MAPPER);
        if (!(root instanceof ObjectNode tokenizer) || !(root.path("model") instanceof ObjectNode model)) {
            throw new CheckpointException(NAME + " must be an object with a model, but was not (" + where + ")");
        }
        NativeTokenizerCheck.check(tokenizer, where);
        TokenizerVocabulary vocabulary = TokenizerVocabulary.read(model, where);
        List<AddedToken> added = addedTokens(tokenizer.path("added_tokens"), vocabulary, where);
        Map<String, Integer> ids = added.stream()
                .collect(
                        Collectors.toMap(AddedToken::content, AddedToken::id, (one, other) -> one, LinkedHashMap::new));
        SequenceTemplate.Templates templates = SequenceTemplate.read(
                tokenizer.path("post_processor"), name -> ids.getOrDefault(name, vocabulary.id(name)), where);
        Set<String> specialNames = specialNames(added, vocabulary, templates);
        Set<Long> specialIds = new TreeSet<>();
        specialNames.forEach(name -> specialIds.add((long) ids.getOrDefault(name, vocabulary.id(name))));
        specialIds.remove((long) vocabulary.unknownId());
        int highest = added.stream().mapToInt(AddedToken::id).max().orElse(0);
        boolean splits = TextSplitting.isAtSpaces(tokenizer)
                && added.stream().noneMatch(token -> token.content().contains(" "));
        vocabulary.hideSpecialTokens(specialNames, tokenizer);
        return new TokenizerFile(
                MAPPER.writeValueAsString(tokenizer),
                templates,
                added.stream()
                        .filter(token -> token.content().equals(SEPARATOR))
                        .findFirst(),
                List.copyOf(specialNames),
                Set.copyOf(specialIds),
                Math.max(highest, vocabulary.highestId()) + 1,
                splits);
    }

    /**
     * Returns the maximum number of tokens in a checkpoint's {@code tokenizer_config.json}, or the given limit if that
     * is lower.
     */
    static int limit(Path directory, int max) throws IOException {
        Path file = directory.resolve(CONFIG_NAME);
        if (!Files.isRegularFile(file)) {
            return max;
        }
        double length =
                JsonFile.read(file, MAX_BYTES, MAPPER).path("model_max_length").asDouble(0);
        return length >= 1 && length < UNLIMITED ? Math.min(max, (int) length) : max;
    }

    private static String missing(Path directory, Path file) {
        String message = NAME + " must be a file, but was missing (" + file + ")";
        String found = null;
        if (Files.exists(directory.resolve("vocab.txt"))) {
            found = "vocab.txt";
        } else if (Files.exists(directory.resolve("vocab.json")) && Files.exists(directory.resolve("merges.txt"))) {
            found = "vocab.json and merges.txt";
        }
        return found == null
                ? message
                : message + "; create it from " + found + " with Python's transformers:"
                        + " AutoTokenizer.from_pretrained(directory, use_fast=True).save_pretrained(directory)";
    }

    /** Reads the added tokens, and checks that their ids are those that the native code will assign. */
    private static List<AddedToken> addedTokens(JsonNode tokens, TokenizerVocabulary vocabulary, String where)
            throws CheckpointException {
        List<AddedToken> added = new ArrayList<>();
        Map<String, Integer> given = new LinkedHashMap<>();
        int highest = -1;
        for (JsonNode token : tokens) {
            String content = token.path("content").asText();
            if (!token.path("content").isTextual()
                    || content.isEmpty()
                    || !token.path("id").canConvertToInt()) {
                throw new CheckpointException(
                        "added token must have content and id, but was " + token + " (" + where + ")");
            }
            int id = given.getOrDefault(content, vocabulary.id(content));
            if (id < 0) {
                id = Math.max(highest + 1, vocabulary.size());
            }
            int stated = token.path("id").asInt();
            if (stated != id) {
                throw new CheckpointException("id of added token " + content + " must be " + id
                        + ", as the tokenizer assigns it, but was " + stated + " (" + where + ")");
            }
            given.put(content, id);
            highest = Math.max(highest, id);
            added.add(new AddedToken(
                    content,
                    id,
                    token.path("special").asBoolean(),
                    token.path("lstrip").asBoolean(),
                    token.path("rstrip").asBoolean()));
        }
        return added;
    }

    /**
     * Returns the names that a text must not be able to use: those of tokens marked as special, of the templates and of
     * the separator, and those with the same id as one of these.
     */
    private static Set<String> specialNames(
            List<AddedToken> added, TokenizerVocabulary vocabulary, SequenceTemplate.Templates templates) {
        Set<Long> ids = new TreeSet<>();
        for (SequenceTemplate template : List.of(templates.single(), templates.pair())) {
            for (SequenceTemplate.Piece piece : template.pieces()) {
                if (piece instanceof SequenceTemplate.Special special) {
                    ids.add(special.id());
                }
            }
        }
        Set<String> names = new TreeSet<>(vocabulary.names(ids));
        for (AddedToken token : added) {
            if (token.special() || token.content().equals(SEPARATOR) || ids.contains((long) token.id())) {
                names.add(token.content());
            }
        }
        return names;
    }
}
