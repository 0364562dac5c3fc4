package org.donotanswer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file with one JSON object per line, in UTF-8; blank lines are passed over. */
final class JsonLines {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Utf8File source;
    private final List<Line> lines;

    private JsonLines(Utf8File source, List<Line> lines) {
        this.source = source;
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a file.
     *
     * @throws DatasetFormatException if it is not UTF-8, or a line is no JSON object
     */
    static JsonLines read(Path file) throws IOException {
        Utf8File source = Utf8File.read(file);
        List<Line> lines = new ArrayList<>();
        long number = 0;
        // Not String.lines: a lone carriage return does not end a line of JSON.
        for (String text : source.text().split("\n", -1)) {
            number++;
            if (!text.isBlank()) {
                lines.add(new Line(file, number, parse(file, number, text)));
            }
        }
        return new JsonLines(source, lines);
    }

    /** The parser's own exception is left out, also as a cause: it quotes the text. */
    private static JsonNode parse(Path file, long number, String text) throws DatasetFormatException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DatasetFormatException(
                    "line must be a JSON object, but was broken",
                    file,
                    number,
                    e.getLocation() == null
                            ? null
                            : String.valueOf(e.getLocation().getColumnNr()));
        }
        if (!node.isObject()) {
            throw new DatasetFormatException(
                    "line must be a JSON object, but was " + node.getNodeType(), file, number, null);
        }
        return node;
    }

    String sha256() {
        return source.sha256();
    }

    List<Line> lines() {
        return lines;
    }

    /** One object, on a line numbered from 1. */
    record Line(Path file, long number, JsonNode object) {
        /** The field as a string, which may be empty. */
        String text(String field) throws DatasetFormatException {
            return text(object.get(field), field);
        }

        String nonBlank(String field) throws DatasetFormatException {
            String value = text(field);
            if (value.isBlank()) {
                throw error(field + " must have text, but was blank", field);
            }
            return value;
        }

        String text(@Nullable JsonNode node, String field) throws DatasetFormatException {
            if (node == null || !node.isTextual()) {
                throw error(
                        field + " must be a string, but was " + (node == null ? "missing" : node.getNodeType()), field);
            }
            return node.textValue();
        }

        JsonNode array(String field) throws DatasetFormatException {
            JsonNode node = object.get(field);
            if (node == null || !node.isArray() || node.isEmpty()) {
                throw error(
                        field + " must be an array with elements, but was "
                                + (node == null ? "missing" : node.isArray() ? "empty" : node.getNodeType()),
                        field);
            }
            return node;
        }

        DatasetFormatException error(String problem, String field) {
            return new DatasetFormatException(problem, file, number, field);
        }
    }
}
