package org.donotanswer.harness.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells JSON lines from other JSON by the first line. Stateless, hence thread-safe. */
final class JsonShape {
    /** Arrays of objects that are part of a record; normalized. */
    private static final Set<String> PARTS = Set.of(
            "messages",
            "conversations",
            "conversation",
            "annotations",
            "predictions",
            "choices",
            "turns",
            "content",
            "prompt",
            "completion",
            "chosen",
            "rejected",
            "toolcalls",
            "tools");

    private JsonShape() {}

    /** Returns whether an array of objects holds records rather than parts of the record that was read so far. */
    static boolean mayHoldRecords(String name, @Nullable ObjectNode before) {
        if (PARTS.contains(TableColumn.normalized(name))) {
            return false;
        }
        if (before != null) {
            for (var names = before.fieldNames(); names.hasNext(); ) {
                if (isText(names.next())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isText(String name) {
        TableColumn column = TableColumn.ofNormalized(TableColumn.normalized(name));
        return column == TableColumn.INSTRUCTION
                || column == TableColumn.RESPONSE
                || column == TableColumn.MESSAGES
                || column == TableColumn.TEMPLATE;
    }

    private enum Line {
        /** One object, or a broken one. */
        RECORD,
        /** Several objects, or an object with an array of records. */
        RECORDS,
        /** The beginning of an object. */
        BEGINNING
    }

    /** Returns whether text that starts with a brace is JSON lines: its first line is an object, or a broken one. */
    static boolean isLines(LookAhead in) throws IOException {
        int start = firstVisible(in, 0);
        int end = start;
        while (in.peek(end) != -1 && in.peek(end) != '\n') {
            end++;
        }
        byte[] peeked = in.peeked(end);
        Line line = read(Arrays.copyOfRange(peeked, start, end));
        // The beginning of a line too long to see, or of a line that the end of the file cut off, is that of a record.
        if (line != Line.BEGINNING || in.peek(end) == -1) {
            return line != Line.RECORDS;
        }
        int last = end - 1;
        while (last > start && peeked[last] >= 0 && peeked[last] <= ' ') {
            last--;
        }
        // Within a document, an object follows a colon or the beginning of an array; elsewhere, a line was cut off.
        return peeked[last] != ':' && peeked[last] != '[' && in.peek(firstVisible(in, end)) == '{';
    }

    private static int firstVisible(LookAhead in, int from) throws IOException {
        int offset = from;
        int c = in.peek(offset);
        while (c >= 0 && c <= ' ') {
            offset++;
            c = in.peek(offset);
        }
        return offset;
    }

    private static Line read(byte[] line) throws IOException {
        int depth = 0;
        boolean text = false;
        String member = "";
        JsonToken before = null;
        try (JsonParser parser = RecordJson.MAPPER.createParser(line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean another = depth == 0 && before != null;
                boolean inArray = depth == 2 && before == JsonToken.START_ARRAY && !text;
                if (token == JsonToken.START_OBJECT && (another || (inArray && mayHoldRecords(member, null)))) {
                    return Line.RECORDS;
                }
                if (token == JsonToken.FIELD_NAME && depth == 1) {
                    member = parser.currentName();
                    text |= isText(member);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                before = token;
            }
            return Line.RECORD;
        } catch (JsonEOFException e) {
            // No string of JSON has a line break in it.
            JsonToken open = e.getTokenBeingDecoded();
            return open == JsonToken.VALUE_STRING || open == JsonToken.FIELD_NAME ? Line.RECORD : Line.BEGINNING;
        } catch (JsonProcessingException e) {
            // What Jackson says if the end comes between two members.
            boolean ended = String.valueOf(e.getOriginalMessage()).startsWith("Unexpected end-of-input");
            return ended ? Line.BEGINNING : Line.RECORD;
        } catch (CharConversionException e) {
            return Line.RECORD;
        }
    }
}
