package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * What a tokenizer's normalizer may delete of an added token. The native code aborts the JVM if nothing is left of one that is
 * normalized: an empty token is found everywhere in a text, also within a character. What the map of a {@code Precompiled}
 * normalizer deletes is not looked at, but taken to be what NFKC of SentencePiece does. Immutable once read; not thread-safe
 * before.
 */
final class TokenNormalization {
    private static final Pattern SPACES =
            Pattern.compile("(?: |\\\\[snrt]|\\[(?: |\\\\[snrt])+])(?:[+*]|\\{\\d+,?\\d*})?");
    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    private boolean deletesControls;
    private boolean deletesMarks;
    private boolean deletesSpaces;
    private boolean deletesText;

    private TokenNormalization() {}

    /** Returns what the {@code normalizer} of a {@code tokenizer.json} may delete; nothing if it is null or missing. */
    static TokenNormalization of(JsonNode normalizer) {
        TokenNormalization normalization = new TokenNormalization();
        normalization.add(normalizer);
        // Whether a replacement is as good as none depends on all other parts.
        normalization.addReplacements(normalizer);
        return normalization;
    }

    private void add(JsonNode normalizer) {
        switch (normalizer.path("type").asText()) {
            case "BertNormalizer", "Precompiled", "Nmt" -> {
                deletesControls = true;
                deletesMarks = true;
            }
            case "StripAccents" -> deletesMarks = true;
            case "Strip" -> deletesSpaces = true;
            default -> normalizer.path("normalizers").forEach(this::add);
        }
    }

    private void addReplacements(JsonNode normalizer) {
        normalizer.path("normalizers").forEach(this::addReplacements);
        if (!normalizer.path("type").asText().equals("Replace")
                || !deletesAllOf(normalizer.path("content").asText())) {
            return;
        }
        JsonNode pattern = normalizer.path("pattern");
        if (pattern.path("String").asText("-").isBlank()
                || SPACES.matcher(pattern.path("Regex").asText()).matches()) {
            deletesSpaces = true;
        } else {
            deletesText = true;
        }
    }

    /** Returns whether nothing may be left of a text. */
    boolean mayDelete(String text) {
        return deletesText || deletesAllOf(text);
    }

    private boolean deletesAllOf(String text) {
        return text.codePoints().allMatch(this::deletes);
    }

    private boolean deletes(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return deletesSpaces;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> deletesControls;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> deletesMarks;
            default -> deletesControls && c == REPLACEMENT_CHARACTER;
        };
    }
}
