package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.classifier.transformer.AddedTokens.AddedToken;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * The validated content of a checkpoint's {@code tokenizer.json}, as its {@link TokenizerSettings} change it.
 *
 * @param textJson a tokenizer, in ASCII, that knows no special tokens, so that it reads their names as text; it neither
 *     truncates nor pads, regardless of the file
 * @param templates the placement of special tokens
 * @param separator the token that the file assigns to {@value #SEPARATOR}, if any
 * @param specialNames the names of the special tokens
 * @param specialIds the ids of the special tokens, except that of unknown words
 * @param vocabularySize the highest id that a sequence can have, plus one
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

    private static final long MAX_BYTES = 256L << 20;

    private static final List<String> PARTS = List.of(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");

    /**
     * Reads a checkpoint's {@code tokenizer.json}.
     *
     * @throws CheckpointException if it is missing, malformed or not supported
     */
    static TokenizerFile read(Path directory) throws IOException {
        return read(directory, TokenizerSettings.read(directory));
    }

    /**
     * Reads a checkpoint's {@code tokenizer.json}, as the settings change it.
     *
     * @throws CheckpointException if it is missing, malformed or not supported
     */
    static TokenizerFile read(Path directory, TokenizerSettings settings) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(SlowTokenizer.missing(directory, file));
        }
        return of(
                JsonFile.read(file, MAX_BYTES),
                settings,
                new AddedTokens.OtherFiles(Optional.of(directory)),
                file.toString());
    }

    /**
     * Returns what a {@code tokenizer.json} holds, as the settings change it.
     *
     * @param root its content, which is changed
     * @param where what messages call the file
     * @throws CheckpointException if it is malformed or not supported
     */
    static TokenizerFile of(JsonNode root, TokenizerSettings settings, AddedTokens.OtherFiles others, String where)
            throws IOException {
        if (!(root instanceof ObjectNode tokenizer) || !(root.path("model") instanceof ObjectNode model)) {
            throw new CheckpointException(NAME + " must be an object with a model, but was not (" + where + ")");
        }
        tokenizer.retain(PARTS); // the native code accepts no others
        settings.apply(tokenizer);
        NativeTokenizerCheck.check(tokenizer, where);
        TokenizerVocabulary vocabulary = TokenizerVocabulary.read(model, where);
        AddedTokens addedTokens = AddedTokens.read(tokenizer, vocabulary, settings, others, where);
        List<AddedToken> added = addedTokens.tokens();
        SequenceTemplate.Templates given =
                SequenceTemplate.read(tokenizer.path("post_processor"), addedTokens::id, where);
        SequenceTemplate.Templates templates = settings.tokenTypes() ? given : given.withoutTypes();
        Set<String> specialNames = specialNames(added, vocabulary, templates);
        Set<Long> specialIds = new TreeSet<>();
        specialNames.forEach(name -> specialIds.add((long) addedTokens.id(name)));
        specialIds.remove((long) vocabulary.unknownId());
        boolean splits = TextSplitting.isAtSpaces(tokenizer)
                && added.stream().noneMatch(token -> token.content().contains(" "));
        vocabulary.hideSpecialTokens(specialNames, tokenizer);
        return new TokenizerFile(
                JsonFile.write(tokenizer),
                templates,
                added.stream()
                        .filter(token -> token.content().equals(SEPARATOR))
                        .reduce((first, last) -> last),
                List.copyOf(specialNames),
                Set.copyOf(specialIds),
                highestId(added, vocabulary, templates) + 1,
                splits);
    }

    /** Returns the highest id that a sequence can have; special tokens outside the templates never come from a text. */
    private static int highestId(
            List<AddedToken> added, TokenizerVocabulary vocabulary, SequenceTemplate.Templates templates) {
        int highest = vocabulary.highestId();
        for (AddedToken token : added) {
            if (!token.special() || token.content().equals(SEPARATOR)) {
                highest = Math.max(highest, token.id());
            }
        }
        for (long id : templates.specialIds()) {
            highest = Math.max(highest, (int) id);
        }
        return highest;
    }

    /**
     * Returns the names that a text must not be able to use: those of tokens marked as special, of the templates and of
     * the separator, and those with the same id as one of these.
     */
    private static Set<String> specialNames(
            List<AddedToken> added, TokenizerVocabulary vocabulary, SequenceTemplate.Templates templates) {
        Set<Long> ids = templates.specialIds();
        Set<String> names = new TreeSet<>(vocabulary.names(ids));
        for (AddedToken token : added) {
            if (token.special() || token.content().equals(SEPARATOR) || ids.contains((long) token.id())) {
                names.add(token.content());
            }
        }
        return names;
    }
}
