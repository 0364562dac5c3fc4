package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.donotanswer.classifier.weights.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens around one text or two, and the type ids of all tokens: the post-processor in
 * {@code tokenizer.json}.
 */
record SequenceTemplate(List<Piece> pieces) {
    SequenceTemplate {
        pieces = List.copyOf(pieces);
    }

    /** A part of a sequence. */
    sealed interface Piece permits Special, Text {}

    /** A special token. */
    record Special(long id, long typeId) implements Piece {}

    /** The first text, or the second text of a pair. */
    record Text(boolean second, long typeId) implements Piece {}

    /** The templates for one text and for two. */
    record Templates(SequenceTemplate single, SequenceTemplate pair) {
        /** Returns these templates with type 0 for all tokens. */
        Templates withoutTypes() {
            return new Templates(single.withoutTypes(), pair.withoutTypes());
        }

        /** Returns the ids of all special tokens. */
        Set<Long> specialIds() {
            Set<Long> ids = new TreeSet<>();
            for (SequenceTemplate template : List.of(single, pair)) {
                for (Piece piece : template.pieces) {
                    if (piece instanceof Special special) {
                        ids.add(special.id);
                    }
                }
            }
            return ids;
        }
    }

    private SequenceTemplate withoutTypes() {
        return new SequenceTemplate(pieces.stream()
                .map(piece -> piece instanceof Text text
                        ? (Piece) new Text(text.second, 0)
                        : new Special(((Special) piece).id, 0))
                .toList());
    }

    /** Returns the number of special tokens. */
    int specials() {
        return (int) pieces.stream().filter(Special.class::isInstance).count();
    }

    /** Returns the highest type id. */
    long highestType() {
        return pieces.stream()
                .mapToLong(piece -> piece instanceof Text text ? text.typeId : ((Special) piece).typeId)
                .max()
                .orElse(0);
    }

    /** Returns whether a special token is between the first text and the second. */
    boolean separates() {
        int first = -1;
        int second = -1;
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Text text) {
                first = text.second ? first : i;
                second = text.second ? i : second;
            }
        }
        return Math.abs(second - first) > 1;
    }

    /** Returns the sequence for two texts; a template for one text ignores the second. */
    TokenSequence fill(long[] first, long[] second) {
        int length = 0;
        for (Piece piece : pieces) {
            length += piece instanceof Text text ? (text.second ? second : first).length : 1;
        }
        long[] ids = new long[length];
        long[] typeIds = new long[length];
        int at = 0;
        for (Piece piece : pieces) {
            if (piece instanceof Text text) {
                long[] tokens = text.second ? second : first;
                System.arraycopy(tokens, 0, ids, at, tokens.length);
                Arrays.fill(typeIds, at, at + tokens.length, text.typeId);
                at += tokens.length;
            } else if (piece instanceof Special special) {
                ids[at] = special.id;
                typeIds[at++] = special.typeId;
            }
        }
        return new TokenSequence(ids, typeIds);
    }

    /**
     * Reads the templates of a file; without a post-processor, texts are joined without special tokens.
     *
     * @param idOf maps a special token's text to its id in the file's vocabulary, negative if it has none
     */
    static Templates read(JsonNode processor, ToLongFunction<String> idOf, String where) throws CheckpointException {
        Templates found = find(processor, new Reader(idOf, where));
        return found != null
                ? found
                : new Templates(
                        new SequenceTemplate(List.of(new Text(false, 0))),
                        new SequenceTemplate(List.of(new Text(false, 0), new Text(true, 1))));
    }

    private static @Nullable Templates find(JsonNode processor, Reader reader) throws CheckpointException {
        if (processor.isMissingNode() || processor.isNull()) {
            return null;
        }
        String type = processor.path("type").asText();
        switch (type) {
            case "BertProcessing" -> {
                return reader.bert(processor);
            }
            case "RobertaProcessing" -> {
                return reader.roberta(processor);
            }
            case "TemplateProcessing" -> {
                return reader.template(processor);
            }
            case "ByteLevel" -> {
                return null; // only adjusts offsets
            }
            case "Sequence" -> {
                Templates found = null;
                for (JsonNode part : processor.path("processors")) {
                    Templates next = find(part, reader);
                    if (found != null && next != null) {
                        throw reader.invalid(
                                "post_processor must add special tokens once, but was a sequence that adds them twice");
                    }
                    found = next != null ? next : found;
                }
                return found;
            }
            default ->
                throw reader.invalid(
                        "post_processor must be BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel or a Sequence of"
                                + " them, but was " + processor.path("type"));
        }
    }

    private record Reader(ToLongFunction<String> idOf, String where) {
        Templates bert(JsonNode processor) throws CheckpointException {
            long cls = named(processor, "cls");
            long sep = named(processor, "sep");
            List<Piece> single = List.of(new Special(cls, 0), new Text(false, 0), new Special(sep, 0));
            List<Piece> pair = new ArrayList<>(single);
            pair.add(new Text(true, 1));
            pair.add(new Special(sep, 1));
            return new Templates(new SequenceTemplate(single), new SequenceTemplate(pair));
        }

        Templates roberta(JsonNode processor) throws CheckpointException {
            long cls = named(processor, "cls");
            Special sep = new Special(named(processor, "sep"), 0);
            List<Piece> single = List.of(new Special(cls, 0), new Text(false, 0), sep);
            List<Piece> pair = new ArrayList<>(single);
            pair.addAll(List.of(sep, new Text(true, 0), sep));
            return new Templates(new SequenceTemplate(single), new SequenceTemplate(pair));
        }

        /** Returns the id of a token that is given as its text and its id. */
        private long named(JsonNode processor, String name) throws CheckpointException {
            JsonNode token = processor.path(name);
            if (!token.path(0).isTextual() || !token.path(1).canConvertToInt()) {
                throw invalid("post_processor." + name + " must be a token and its id, but was " + token);
            }
            return checked(token.path(0).asText(), token.path(1).asLong());
        }

        Templates template(JsonNode processor) throws CheckpointException {
            JsonNode tokens = processor.path("special_tokens");
            return new Templates(
                    template(processor.path("single"), tokens, false), template(processor.path("pair"), tokens, true));
        }

        private SequenceTemplate template(JsonNode parts, JsonNode tokens, boolean pair) throws CheckpointException {
            List<Piece> pieces = new ArrayList<>();
            int first = 0;
            int second = 0;
            for (JsonNode part : parts) {
                JsonNode text = part.path("Sequence");
                JsonNode special = part.path("SpecialToken");
                if (text.isObject()) {
                    boolean isSecond = text.path("id").asText().equals("B");
                    first += isSecond ? 0 : 1;
                    second += isSecond ? 1 : 0;
                    pieces.add(new Text(isSecond, typeId(text)));
                } else if (special.isObject()) {
                    addSpecial(pieces, special, tokens);
                } else {
                    throw invalid("part of post_processor must be Sequence or SpecialToken, but was " + part);
                }
            }
            if (first != 1 || second != (pair ? 1 : 0)) {
                throw invalid("post_processor."
                        + (pair ? "pair must contain each of the two texts" : "single must contain the text")
                        + " once, but was " + parts);
            }
            return new SequenceTemplate(pieces);
        }

        private void addSpecial(List<Piece> pieces, JsonNode special, JsonNode tokens) throws CheckpointException {
            JsonNode token = tokens.path(special.path("id").asText());
            JsonNode ids = token.path("ids");
            if (ids.isEmpty() || ids.size() != token.path("tokens").size()) {
                throw invalid("post_processor.special_tokens must have ids and tokens for " + special.path("id")
                        + ", but was " + token);
            }
            for (int i = 0; i < ids.size(); i++) {
                if (!ids.path(i).canConvertToInt()) {
                    throw invalid("ids in post_processor.special_tokens must be integers, but were " + ids);
                }
                long id = checked(
                        token.path("tokens").path(i).asText(), ids.path(i).asLong());
                pieces.add(new Special(id, typeId(special)));
            }
        }

        private long typeId(JsonNode part) throws CheckpointException {
            JsonNode type = part.path("type_id");
            if (type.isMissingNode()) {
                return 0;
            }
            if (!type.canConvertToInt() || type.asInt() < 0) {
                throw invalid("type_id in post_processor must be an integer of at least 0, but was " + type);
            }
            return type.asInt();
        }

        private long checked(String text, long id) throws CheckpointException {
            long known = idOf.applyAsLong(text);
            if (known != id || id < 0) {
                throw invalid("id of " + text + " in post_processor must be " + known
                        + ", as in the vocabulary, but was " + id);
            }
            return id;
        }

        CheckpointException invalid(String message) {
            return new CheckpointException(message + " (" + where + ")");
        }
    }
}
