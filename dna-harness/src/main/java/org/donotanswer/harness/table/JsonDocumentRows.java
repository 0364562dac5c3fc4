package org.donotanswer.harness.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Records of JSON on any number of lines: objects one after the other, arrays of objects, or an object with one array of
 * objects. One record is in memory at a time. Broken JSON ends the file, as it is unknown where the next record starts. Not
 * thread-safe, but its rows are.
 */
final class JsonDocumentRows implements RowSource {
    private final JsonParser parser;
    private final InputStream in;
    private final String file;
    private final TableSettings settings;
    private Level level = Level.TOP;
    private long records;

    private enum Level {
        /** Outside of every object and array. */
        TOP,
        /** In an array of records. */
        RECORDS,
        /** In the array of records of an object. */
        RECORDS_OF_OBJECT,
        /** After the array of records of an object. */
        MEMBERS
    }

    JsonDocumentRows(InputStream in, String file, TableSettings settings) throws IOException {
        this.parser = parser(in, file);
        this.in = in;
        this.file = file;
        this.settings = settings;
    }

    private static JsonParser parser(InputStream in, String file) throws IOException {
        try {
            return RecordJson.STREAM_MAPPER.createParser(in);
        } catch (CharConversionException e) {
            throw wrongEncoding(file);
        }
    }

    /** Zero bytes at the start look like an encoding that the text is not in. */
    private static BadInputException wrongEncoding(String file) {
        return new BadInputException("text must be UTF-8 or --encoding be given, but was not", file, 1, null);
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        try {
            return read();
        } catch (JsonProcessingException e) {
            // Not the cause: its message quotes the text.
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            boolean encoding = String.valueOf(e.getOriginalMessage()).startsWith("Invalid UTF-8");
            String problem = encoding
                    ? "text must be UTF-8 or --encoding be given, but was not"
                    : "file must be JSON, but was broken"
                            + (e.getLocation() == null
                                    ? ""
                                    : " at character " + e.getLocation().getColumnNr());
            throw new BadInputException(problem, file, line, null);
        } catch (CharConversionException e) {
            throw wrongEncoding(file);
        }
    }

    private @Nullable RawRow read() throws IOException {
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return null;
            }
            if (level == Level.MEMBERS) {
                passMember(token);
            } else if (token == JsonToken.END_ARRAY) {
                level = level == Level.RECORDS_OF_OBJECT ? Level.MEMBERS : Level.TOP;
            } else if (token == JsonToken.START_ARRAY && level == Level.TOP) {
                level = Level.RECORDS;
            } else if (token == JsonToken.START_OBJECT && level == Level.TOP) {
                return object();
            } else if (token == JsonToken.START_OBJECT) {
                Place place = place();
                return new Parsed(parser.readValueAsTree(), place, settings);
            } else {
                Place place = place();
                String type =
                        token.name().replaceAll("START_|VALUE_|_INT|_FLOAT", "").toLowerCase(Locale.ROOT);
                parser.skipChildren();
                return new Broken("record must be a JSON object, but was " + type, place);
            }
        }
    }

    private Place place() {
        records++;
        return new Place(file, parser.currentTokenLocation().getLineNr(), records);
    }

    /** Reads an object, unless it turns out to hold an array of records; then, returns the first of these. */
    private RawRow object() throws IOException {
        Place place = place();
        ObjectNode object = RecordJson.STREAM_MAPPER.createObjectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                object.set(name, parser.readValueAsTree());
                continue;
            }
            ArrayNode array = object.putArray(name);
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT && JsonShape.mayHoldRecords(name, object)) {
                level = Level.RECORDS_OF_OBJECT;
                records--;
                Place inner = place();
                return new Parsed(parser.readValueAsTree(), inner, settings);
            }
            for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                array.add((JsonNode) parser.readValueAsTree());
            }
        }
        return new Parsed(object, place, settings);
    }

    private void passMember(JsonToken token) throws IOException {
        if (token == JsonToken.END_OBJECT) {
            level = Level.TOP;
            return;
        }
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.START_OBJECT) {
            throw new BadInputException(
                    "file must have one array of records, but had another",
                    file,
                    parser.currentTokenLocation().getLineNr(),
                    name);
        }
        skipRest();
    }

    /** Skips what is left of a value whose first tokens were read. */
    private void skipRest() throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            parser.skipChildren();
        } else if (parser.getParsingContext().inArray() && parser.currentToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private record Parsed(JsonNode object, Place place, TableSettings settings) implements PlacedRow {
        Parsed {
            Objects.requireNonNull(object, "object");
        }

        @Override
        public long size() {
            long size = 0;
            for (JsonNode member : object) {
                size += member.isTextual() ? member.textValue().length() : 1;
            }
            return size;
        }

        @Override
        public TableRow parse() {
            return RecordJson.row((ObjectNode) object, place, settings.names());
        }

        /** The object may hold text. */
        @Override
        public String toString() {
            return "Parsed[" + place + "]";
        }
    }

    private record Broken(String problem, Place place) implements PlacedRow {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public TableRow parse() throws BadInputException {
            throw place.error(problem, null);
        }
    }

    @Override
    public boolean ready() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void close() throws IOException {
        parser.close();
        in.close();
    }
}
