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
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads a document of known members, strictly: what is not of the type that is asked for is an exception that names its path and
 * place. As the callers ask for every level by itself, no document nests deeper than they do. Not thread-safe.
 */
final class PolicyDocumentReader {
    /** Reads the value of a member. */
    @FunctionalInterface
    interface MemberReader {
        void read(String name) throws IOException;
    }

    private static final int LONGEST_SHOWN = 80;

    private final JsonParser parser;
    private final BooleanSupplier alias;
    private final String source;
    private final String subject;
    private final List<String> path = new ArrayList<>();
    /** Where the name of the member is whose value was come to last. */
    private JsonLocation nameLocation = JsonLocation.NA;

    /**
     * Makes a reader.
     *
     * @param parser the parser of the document, before its first token
     * @param alias whether the current value stands for another of the document, as in YAML
     * @param source the name of the file; empty if there is none
     * @param subject what the document is
     */
    PolicyDocumentReader(JsonParser parser, BooleanSupplier alias, String source, String subject) {
        this.parser = parser;
        this.alias = alias;
        this.source = source;
        this.subject = subject;
    }

    /** Goes to the document's value. Returns false if there is none, or null. */
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
     * Reads the members of an object, each name once.
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

    /** Calls the current member by another name, in the messages to come. */
    void rename(String name) {
        path.set(path.size() - 1, name);
    }

    /** Returns the exception for a name that the object around the current member does not have. */
    PolicyFormatException unknownMember(String name, List<String> known) {
        path.remove(path.size() - 1);
        return badName(
                "must have members of the names " + String.join(", ", known) + " only",
                "with '" + shown(name) + "'" + NameSuggestion.suggestion(name, known));
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

    /** Returns the current number; NaN if it is one that cannot be read, such as YAML's own NaN. */
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

    /** Reads the texts of the current value, a list of at least one. */
    void texts(String contents, MemberReader element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw bad("must be a list of " + contents, found());
        }
        int count = 0;
        for (; parser.nextToken() != JsonToken.END_ARRAY; count++) {
            element.read(text());
        }
        if (count == 0) {
            throw bad("must have " + contents, "empty");
        }
    }

    /** Returns the exception for what is at the current path, in the form of all messages. */
    PolicyFormatException bad(String requirement, String was) {
        return bad(requirement, was, location());
    }

    /** Returns the exception for the current member, before its value was read, at the place of its name. */
    PolicyFormatException badName(String requirement, String was) {
        return bad(requirement, was, nameLocation);
    }

    /** Returns the exception for the name of the current member, before its value was read, that something found fault with. */
    PolicyFormatException badName(IllegalArgumentException cause) {
        return bad(cause, nameLocation);
    }

    private PolicyFormatException bad(String requirement, String was, JsonLocation location) {
        return new PolicyFormatException(name() + " " + requirement + ", but was " + was + where(location));
    }

    /** Returns the exception for a value at the current path that something else found fault with. */
    PolicyFormatException bad(IllegalArgumentException cause, JsonLocation location) {
        return new PolicyFormatException(name() + ": " + cause.getMessage() + where(location), cause);
    }

    /** Returns the exception for a value at the current path, and place, that something else found fault with. */
    PolicyFormatException bad(IllegalArgumentException cause) {
        return bad(cause, location());
    }

    /** Returns the exception for a document that breaks the rules of its syntax. */
    PolicyFormatException malformed(String syntax, String problem, int line, int column, Throwable cause) {
        return new PolicyFormatException(
                name() + " must be well-formed " + syntax + ", but was not: " + problem + where(line, column), cause);
    }

    /** Returns the exception for a document that breaks the rules of its syntax. */
    PolicyFormatException malformed(String syntax, JsonProcessingException cause) {
        JsonLocation location = cause.getLocation();
        // For an unclosed object, Jackson adds the start and a note on its own settings.
        String problem = cause.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
        return malformed(syntax, problem, location.getLineNr(), location.getColumnNr(), cause);
    }

    /** Returns the current place. */
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

    /** Returns what the current value is, for a message. */
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
            // In YAML a language's no is one, unless it is quoted.
            case VALUE_TRUE, VALUE_FALSE -> "the truth value " + parser.getText();
            default -> shown(parser.getText());
        };
    }

    /** Shortens what a message shows. */
    private static String shown(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "...";
    }
}
