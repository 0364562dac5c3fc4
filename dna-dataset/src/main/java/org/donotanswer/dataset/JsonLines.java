package org.donotanswer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
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
    private static final int BUFFER_BYTES = 1 << 16;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Handles a line. */
    interface Handler {
        void handle(Line line) throws IOException;
    }

    /**
     * Reads a whole file.
     *
     * @throws DatasetFormatException if it is not UTF-8, or a line is not a JSON object
     */
    static JsonLines read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        String sha256 = forEach(file, lines::add);
        return new JsonLines(lines, sha256);
    }

    /**
     * Reads a file line by line, and returns its checksum.
     *
     * @throws DatasetFormatException if it is not UTF-8, or a line is not a JSON object
     */
    static String forEach(Path file, Handler handler) throws IOException {
        MessageDigest digest = Sha256.digest();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 1;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
                int start = 0;
                // A lone carriage return does not end a line of JSON, unlike a line of String.lines().
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == '\n') {
                        line.write(buffer, start, i - start);
                        handle(file, number, line.toByteArray(), handler);
                        line.reset();
                        number++;
                        start = i + 1;
                    }
                }
                line.write(buffer, start, length - start);
            }
        }
        handle(file, number, line.toByteArray(), handler);
        return Sha256.hex(digest.digest());
    }

    private static void handle(Path file, long number, byte[] bytes, Handler handler) throws IOException {
        String text = decode(file, number, bytes);
        if (!text.isBlank()) {
            handler.handle(new Line(file, number, parse(file, number, text)));
        }
    }

    private static String decode(Path file, long number, byte[] bytes) throws DatasetFormatException {
        try {
            String text = Utf8.decode(bytes);
            return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (MalformedUtf8Exception e) {
            String valid = new String(bytes, 0, e.offset(), StandardCharsets.UTF_8);
            throw new DatasetFormatException(
                    String.format(Locale.ROOT, "text must be UTF-8, but had byte 0x%02X", bytes[e.offset()]),
                    file,
                    number,
                    String.valueOf(valid.length() + 1));
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

        /** Returns the field as a string; empty if it is missing, null or blank. */
        Optional<String> optionalText(String field) throws DatasetFormatException {
            return isAbsent(field) ? Optional.empty() : Optional.of(text(field)).filter(text -> !text.isBlank());
        }

        /** Returns whether the field is 1 rather than 0; empty if it is missing or null. */
        Optional<Boolean> optionalFlag(String field) throws DatasetFormatException {
            if (isAbsent(field)) {
                return Optional.empty();
            }
            JsonNode node = object.get(field);
            if (!node.isInt() || node.intValue() < 0 || node.intValue() > 1) {
                // The value of any other node may be text of the data.
                throw error(
                        field + " must be 0 or 1, but was " + (node.isNumber() ? node.asText() : node.getNodeType()),
                        field);
            }
            return Optional.of(node.intValue() == 1);
        }

        /** Returns the constant that the field names; empty if the field is missing, null or blank. */
        <E extends Enum<E>> Optional<E> optionalConstant(String field, Function<String, E> parser)
                throws DatasetFormatException {
            Optional<String> name = optionalText(field);
            try {
                return name.map(parser);
            } catch (IllegalArgumentException e) {
                throw error(e.getMessage(), field);
            }
        }

        private boolean isAbsent(String field) {
            return !object.hasNonNull(field);
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

        DatasetFormatException error(String problem, @Nullable String field) {
            return new DatasetFormatException(problem, file, number, field);
        }
    }
}
