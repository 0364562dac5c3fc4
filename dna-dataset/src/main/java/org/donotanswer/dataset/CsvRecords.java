package org.donotanswer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Parses CSV text into records that know their lines. Empty lines between records are passed over. */
final class CsvRecords {
    private static final CsvFactory FACTORY = CsvFactory.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            // The text is in memory already, so a long field costs nothing more.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    /** Without an escape character: RFC 4180 has none, and answers hold backslashes. */
    private static final CsvSchema SCHEMA = CsvSchema.emptySchema().withoutEscapeChar();

    private CsvRecords() {}

    /**
     * One record.
     *
     * @param line the physical line on which it starts, from 1; a quoted field can make it span several
     */
    record Entry(long line, List<String> values) {
        Entry {
            values = List.copyOf(values);
        }
    }

    /** Returns the records, the header being the first. */
    static List<Entry> parse(Utf8File source) throws IOException {
        List<Entry> entries = new ArrayList<>();
        List<String> values = new ArrayList<>();
        long line = 1;
        try (CsvParser parser = FACTORY.createParser(source.text())) {
            parser.setSchema(SCHEMA);
            try {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    if (token == JsonToken.START_ARRAY) {
                        values.clear();
                        line = parser.currentLocation().getLineNr();
                    } else if (token == JsonToken.VALUE_STRING) {
                        if (values.isEmpty()) {
                            line = parser.currentTokenLocation().getLineNr();
                        }
                        values.add(parser.getText());
                    } else if (!values.isEmpty()) {
                        entries.add(new Entry(line, values));
                        values.clear();
                    }
                }
            } catch (JsonProcessingException e) {
                throw broken(source, entries, values.size(), line);
            }
        }
        return entries;
    }

    /** The parser's own exception is left out, also as a cause: it quotes the text. */
    private static DatasetFormatException broken(Utf8File source, List<Entry> entries, int field, long line) {
        String column = entries.isEmpty() || field >= entries.get(0).values().size()
                ? String.valueOf(field + 1)
                : entries.get(0).values().get(field);
        return new DatasetFormatException(
                "quoted field must end with a quote before the next comma or line break, but was not closed there",
                source.path(),
                line,
                column);
    }
}
