package org.donotanswer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.internal.MalformedUtf8Exception;
import org.donotanswer.internal.Sha256;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A file with one JSON object per line, in UTF-8, with or without a byte order mark. Blank lines are skipped.
 *
 * @param sha256 the checksum of the file
 */
record JsonLines(List<Line> lines, String sha256) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a file.
     *
     * @throws DatasetFormatException if it is not UTF-8, or a line is not a JSON object
     */
    static JsonLines read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<Line> lines = new ArrayList<>();
        long number = 0;
        // A lone carriage return does not end a line of JSON, unlike a line of String.lines().
        for (String text : Splitter.on('\n').split(decode(file, bytes))) {
            number++;
            if (!text.isBlank()) {
                lines.add(new Line(file, number, parse(file, number, text)));
            }
        }
        return new JsonLines(lines, Sha256.of(bytes));
    }

    private static String decode(Path file, byte[] bytes) throws DatasetFormatException {
        try {
            String text = Utf8.decode(bytes);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (MalformedUtf8Exception e) {
            String valid = new String(bytes, 0, e.offset(), StandardCharsets.UTF_8);
            throw new DatasetFormatException(
                    String.format(Locale.ROOT, "text must be UTF-8, but had byte 0x%02X", bytes[e.offset()]),
                    file,
                    1 + CharMatcher.is('\n').countIn(valid),
                    String.valueOf(valid.length() - valid.lastIndexOf('\n')));
        }
    }

    /** Errors do not have the parser's exception as their cause, because its message quotes the text. */
    private static JsonNode parse(Path file, long number, String text) throws DatasetFormatException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DatasetFormatException(
                    "line must be a JSON object, but was malformed",
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

    /** One object, on a line numbered from 1. */
    record Line(Path file, long number, JsonNode object) {
        /** Returns the field as a string, which may be empty. */
        String text(String field) throws DatasetFormatException {
            return text(object.get(field), field);
        }

        String nonBlank(String field) throws DatasetFormatException {
            String value = text(field);
            if (value.isBlank()) {
                throw error(field + " must not be blank, but was", field);
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
                        field + " must be a non-empty array, but was "
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
