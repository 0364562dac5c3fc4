package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Predicate;

/** Determines from a {@code tokenizer.json} whether the beginning of a long text can be tokenized without the rest. */
final class TextSplitting {
    /** Normalizers that consider no more than one character and those combined with it. */
    private static final Set<String> LOCAL_NORMALIZERS = Set.of(
            "BertNormalizer",
            "Lowercase",
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "Nmt",
            "Precompiled",
            "Strip",
            "StripAccents",
            "Prepend");

    private static final Set<String> SPACE_SPLITTERS = Set.of("BertPreTokenizer", "Whitespace", "WhitespaceSplit");
    private static final Set<String> OTHER_SPLITTERS = Set.of("Digits", "Punctuation");

    private TextSplitting() {}

    /**
     * Returns whether the tokens of a text up to a space after a visible character are always the first tokens of the
     * whole text. Returns false if in doubt.
     */
    static boolean isAtSpaces(JsonNode tokenizer) {
        JsonNode splitter = tokenizer.path("pre_tokenizer");
        return isLocal(tokenizer.path("normalizer")) && isKnown(splitter) && splitsAtSpaces(splitter);
    }

    private static boolean isLocal(JsonNode normalizer) {
        String type = normalizer.path("type").asText();
        return switch (type) {
            case "" -> normalizer.isMissingNode() || normalizer.isNull();
            case "Sequence" -> allMatch(normalizer.path("normalizers"), TextSplitting::isLocal);
            case "Replace" -> normalizer.path("pattern").path("Regex").asText().equals(" {2,}");
            default -> LOCAL_NORMALIZERS.contains(type);
        };
    }

    private static boolean isKnown(JsonNode splitter) {
        String type = splitter.path("type").asText();
        return switch (type) {
            case "Sequence" -> allMatch(splitter.path("pretokenizers"), TextSplitting::isKnown);
            case "ByteLevel", "Metaspace" -> true;
            default -> SPACE_SPLITTERS.contains(type) || OTHER_SPLITTERS.contains(type);
        };
    }

    private static boolean splitsAtSpaces(JsonNode splitter) {
        String type = splitter.path("type").asText();
        return switch (type) {
            case "Sequence" -> !allMatch(splitter.path("pretokenizers"), part -> !splitsAtSpaces(part));
            case "ByteLevel" -> splitter.path("use_regex").asBoolean(true);
            case "Metaspace" -> splitter.path("split").asBoolean(true);
            default -> SPACE_SPLITTERS.contains(type);
        };
    }

    private static boolean allMatch(JsonNode parts, Predicate<JsonNode> condition) {
        for (JsonNode part : parts) {
            if (!condition.test(part)) {
                return false;
            }
        }
        return true;
    }
}
