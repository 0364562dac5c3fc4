package org.donotanswer.harness.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.internal.Utf8;

/**
 * A JSON object read from a file. Its errors name the file and the line and never quote text. Thread-safe as long as nobody
 * modifies the node.
 *
 * @param node an object
 * @param file the name of the file in messages
 * @param line the line on which the object starts, from 1
 */
public record JsonRecord(JsonNode node, String file, long line) {
    private static final JsonMapper MAPPER = StrictJson.mapper();
    private static final String FORMAT_VERSION = "formatVersion";

    /** Creates a value from a record; an {@link IllegalArgumentException} becomes an error of the record. */
    @FunctionalInterface
    public interface Mapping<T> {
        T map(JsonRecord json) throws IOException;
    }

    /**
     * Reads a file that holds one object.
     *
     * @throws BadInputException if the file is not UTF-8 or not a JSON object
     * @throws IOException if the file cannot be read
     */
    public static JsonRecord read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int mark = Utf8.byteOrderMark(bytes, bytes.length);
        String text = Utf8.decodeOrNull(Arrays.copyOfRange(bytes, mark, bytes.length), bytes.length - mark);
        if (text == null) {
            throw new BadInputException("file must be UTF-8, but was not", file.toString(), 1, null);
        }
        return parse("file", text, file.toString(), 1);
    }

    private static JsonRecord parse(String subject, String text, String file, long line) throws BadInputException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // Not the cause: its message quotes the text.
            throw new BadInputException(subject + " must be a JSON object, but was broken", file, line, null);
        }
        if (!node.isObject()) {
            throw new BadInputException(subject + " must be a JSON object, but was " + type(node), file, line, null);
        }
        return new JsonRecord(node, file, line);
    }

    /**
     * Parses a line of JSON lines.
     *
     * @throws BadInputException if the line has no text, or the text is not a JSON object
     */
    public static JsonRecord parse(LineReader.Line line, String file) throws BadInputException {
        if (line.text() == null) {
            throw new BadInputException("line " + line.problem(), file, line.number(), null);
        }
        return parse("line", line.text(), file, line.number());
    }

    /** Returns the JSON type of a node, in lower case. */
    public static String type(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Checks the member {@code formatVersion}.
     *
     * @throws BadInputException if it is another version, or missing
     */
    public void requireFormatVersion(int version) throws BadInputException {
        JsonNode found = node.path(FORMAT_VERSION);
        if (found.asInt(-1) != version) {
            throw error(FORMAT_VERSION + " must be " + version + ", but was " + found.asText("missing"));
        }
    }

    /**
     * Returns a member that must be a string.
     *
     * @throws BadInputException if it is missing or of another type
     */
    public String string(String name) throws BadInputException {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw error(name + " must be a string, but was " + type(value));
        }
        return value.textValue();
    }

    /**
     * Returns a member that must be a string if it is present and not null.
     *
     * @throws BadInputException if it is of another type
     */
    public Optional<String> optionalString(String name) throws BadInputException {
        return node.hasNonNull(name) ? Optional.of(string(name)) : Optional.empty();
    }

    /**
     * Returns a member that must name a constant if it is present and not null.
     *
     * @throws BadInputException if it does not
     */
    public <E extends Enum<E>> Optional<E> constant(Class<E> type, String name) throws BadInputException {
        Optional<String> value = optionalString(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<E> constant = Arrays.stream(type.getEnumConstants())
                .filter(candidate -> candidate.name().equals(value.get()))
                .findFirst();
        if (constant.isEmpty()) {
            throw error(name + " must be the name of a " + type.getSimpleName() + ", but was another");
        }
        return constant;
    }

    /** Returns a member as a map. */
    public static Map<String, Object> toMap(JsonNode object) {
        return MAPPER.convertValue(object, new TypeReference<Map<String, Object>>() {});
    }

    /**
     * Returns the value that the mapping creates.
     *
     * @throws BadInputException if the mapping throws an {@link IllegalArgumentException}; it has the same message
     */
    public <T> T as(Mapping<T> mapping) throws IOException {
        try {
            return mapping.map(this);
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    /** Returns an exception about this object, for the caller to throw. */
    public BadInputException error(String problem) {
        return new BadInputException(problem, file, line, null);
    }

    /** Returns the position; the node may hold text. */
    @Override
    public String toString() {
        return "JsonRecord[" + file + ", line " + line + "]";
    }
}
