package org.donotanswer.harness.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.LineReader;
import org.jspecify.annotations.Nullable;

/** Records of JSON lines. A broken line leaves the next ones as they are. Not thread-safe, but its rows are. */
final class JsonLineRows implements RowSource {
    private final LineReader lines;
    private final String file;
    private final TableSettings settings;

    JsonLineRows(InputStream in, String file, TableSettings settings) {
        this.lines = new LineReader(in);
        this.file = file;
        this.settings = settings;
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        LineReader.Line line = lines.next();
        while (line != null && line.text() != null && line.text().isBlank()) {
            line = lines.next();
        }
        return line == null ? null : new JsonLine(line, new Place(file, line.number(), 0), settings);
    }

    private record JsonLine(LineReader.Line content, Place place, TableSettings settings) implements PlacedRow {
        @Override
        public long size() {
            return content.text() == null ? 0 : content.text().length();
        }

        @Override
        public TableRow parse() throws BadInputException {
            if (content.text() == null) {
                throw place.error(
                        "line " + content.problem().replace("must be UTF-8,", "must be UTF-8 or --encoding be given,"),
                        null);
            }
            JsonNode node;
            try {
                node = RecordJson.MAPPER.readTree(content.text());
            } catch (JsonProcessingException e) {
                // Its message quotes the text.
                throw place.error("line must be a JSON object, but was broken", null);
            }
            if (!(node instanceof ObjectNode object)) {
                throw place.error("line must be a JSON object, but was " + JsonRecord.type(node), null);
            }
            return RecordJson.row(object, place, settings.names());
        }

        /** The line may hold text. */
        @Override
        public String toString() {
            return "JsonLine[" + place + "]";
        }
    }

    @Override
    public boolean ready() throws IOException {
        return lines.ready();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
