package org.donotanswer.guard.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.donotanswer.internal.NameSuggestion;

/**
 * Reads a document with known members strictly: a value of another type than requested is an error that names its path
 * and location. Callers request each level, so no document nests deeper than they do. Not thread-safe.
 */
final class PolicyDocumentReader {
    /** Reads the value of a member. */
    @FunctionalInterface
    interface MemberReader {
        void read(String name) throws IOException;
    }

    private static final int MAX_SHOWN_LENGTH = 80;

    private final JsonParser parser;
    private final BooleanSupplier alias;
    private final String source;
    private final String subject;
    private final List<String> path = new ArrayList<>();
    /** The location of the name of the current member. */
    private JsonLocation nameLocation = JsonLocation.NA;

    /**
     * Creates a reader.
     *
     * @param parser the parser of the document, before its first token
     * @param alias whether the current value is an alias of another value, as in YAML
     * @param source the name of the file; empty if there is none
     * @param subject how messages call the document
     */
    PolicyDocumentReader(JsonParser parser, BooleanSupplier alias, String source, String subject) {
        this.parser = parser;
        this.alias = alias;
        this.source = source;
        this.subject = subject;
    }

    /** Moves to the document's value. Returns false if there is none, or it is null. */
    boolean start() throws IOException {
        JsonToken first = parser.nextToken();
        return first != null && first != JsonToken.VALUE_NULL;
    }

    /** Checks that nothing follows the value. */
    void end() throws IOException {
        if (parser.nextToken() != null) {
            throw bad("must be one document", "followed by more");
        }
    }

    /**
     * Reads the members of an object, whose names must differ.
     *
     * @param contents what an object without members lacks, for the message
     */
    void object(String contents, MemberReader member) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw bad("must be an object", found());
        }
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            path.add(shown(name));
            nameLocation = location();
            if (!names.add(name)) {
                throw badName("must be given once", "given twice");
            }
            parser.nextToken();
            member.read(name);
            path.remove(path.size() - 1);
        }
        if (names.isEmpty()) {
            throw bad("must have " + contents, "empty");
        }
    }

    /** Changes the name of the current member for later messages. */
    void rename(String name) {
        path.set(path.size() - 1, name);
    }

    /** Returns the exception for a name that the enclosing object does not have. */
    PolicyFormatException unknownMember(String name, List<String> known) {
        path.remove(path.size() - 1);
        return new PolicyFormatException(name() + " must have only the members " + String.join(", ", known)
                + ", but had '" + shown(name) + "'" + NameSuggestion.suggestion(name, known) + where(nameLocation));
    }

    /** Returns the current value, a number in [0, 1]. */
    double probability() throws IOException {
        if (!parser.currentToken().isNumeric()) {
            throw bad("must be a number in [0, 1]", found());
        }
        double value = number();
        if (!(value >= 0 && value <= 1)) {
            throw bad("must be a number in [0, 1]", shown(parser.getText()));
        }
        return value;
    }

    /** Returns the current number; NaN if it cannot be read, for example YAML's own NaN. */
    private double number() throws IOException {
        try {
            return parser.getDoubleValue();
        } catch (JsonParseException e) {
            return Double.NaN;
        }
    }

    /** Checks that the current value is the given whole number. */
    void requireNumber(int expected) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || !parser.getText().equals(Integer.toString(expected))) {
            throw bad("must be " + expected, found());
        }
    }

    /** Returns the current value, true or false. */
    boolean flag() throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw bad("must be true or false", found());
        }
        return parser.getBooleanValue();
    }

    /** Returns the current value, a text that is not blank. */
    String text() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || alias.getAsBoolean()) {
            throw bad("must be a text", found());
        }
        String text = parser.getText();
        if (text.isBlank()) {
            throw bad("must not be blank", "'" + shown(text) + "'");
        }
        return text;
    }

    /** Returns the constant whose name, in any case, is the current value. */
    <E extends Enum<E>> E constant(E[] constants) throws IOException {
        String text = text();
        List<String> names = new ArrayList<>();
        for (E constant : constants) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (name.equals(text.toLowerCase(Locale.ROOT))) {
                return constant;
            }
            names.add(name);
        }
        throw bad(
                "must be one of " + String.join(", ", names),
                "'" + shown(text) + "'" + NameSuggestion.suggestion(text, names));
    }

    /** Reads the texts of the current value, a list with at least one element. */
    void texts(String contents, MemberReader element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw bad("must be a list of " + contents, found());
        }
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            throw bad("must have " + contents, "empty");
        }
        do {
            element.read(text());
        } while (parser.nextToken() != JsonToken.END_ARRAY);
    }

    /** Returns the exception for the value at the current path. */
    PolicyFormatException bad(String requirement, String was) {
        return bad(requirement, was, location());
    }

    /** Returns the exception for the current member, located at its name, before its value is read. */
    PolicyFormatException badName(String requirement, String was) {
        return bad(requirement, was, nameLocation);
    }

    /** Returns the exception for the name of the current member, before its value is read. */
    PolicyFormatException badName(IllegalArgumentException cause) {
        return bad(cause, nameLocation);
    }

    private PolicyFormatException bad(String requirement, String was, JsonLocation location) {
        return new PolicyFormatException(name() + " " + requirement + ", but was " + was + where(location));
    }

    /** Returns the exception for a value at the current path that something else rejected. */
    PolicyFormatException bad(IllegalArgumentException cause, JsonLocation location) {
        return new PolicyFormatException(name() + ": " + cause.getMessage() + where(location), cause);
    }

    /** Returns the exception for a value at the current path and location that something else rejected. */
    PolicyFormatException bad(IllegalArgumentException cause) {
        return bad(cause, location());
    }

    /** Returns the exception for a document with a syntax error. */
    PolicyFormatException malformed(String syntax, String problem, int line, int column, Throwable cause) {
        return new PolicyFormatException(
                name() + " must be well-formed " + syntax + ", but was not: " + problem + where(line, column), cause);
    }

    /** Returns the exception for a document with a syntax error. */
    PolicyFormatException malformed(String syntax, JsonProcessingException cause) {
        // A number, name or nesting beyond Jackson's limits comes without a location.
        JsonLocation location = cause.getLocation() == null ? parser.currentLocation() : cause.getLocation();
        // For an unclosed object, Jackson adds the start and a note on its own settings.
        String problem = cause.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
        return malformed(syntax, problem, location.getLineNr(), location.getColumnNr(), cause);
    }

    /** Returns the current location. */
    JsonLocation location() {
        return parser.currentTokenLocation();
    }

    private String name() {
        return path.isEmpty() ? subject : String.join(".", path);
    }

    private String where(JsonLocation location) {
        return where(location.getLineNr(), location.getColumnNr());
    }

    private String where(int line, int column) {
        return " (" + (source.isEmpty() ? "" : source + ", ") + "line " + line + ", column " + Math.max(1, column)
                + ")";
    }

    /** Returns a description of the current value, for a message. */
    private String found() throws IOException {
        if (alias.getAsBoolean()) {
            return "an alias";
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "the text '" + shown(parser.getText()) + "'";
            case VALUE_NULL -> "nothing";
            // In YAML, an unquoted "no", as for Norwegian, is a truth value.
            case VALUE_TRUE, VALUE_FALSE -> "the truth value " + parser.getText();
            default -> shown(parser.getText());
        };
    }

    /** Returns a shortened text for a message. */
    private static String shown(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_SHOWN_LENGTH ? line : line.substring(0, MAX_SHOWN_LENGTH) + "...";
    }
}
