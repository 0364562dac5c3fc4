package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import org.donotanswer.dataset.csv.CsvHeader;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.SeenIds;
import org.jspecify.annotations.Nullable;

/**
 * Reads exchanges from CSV with the columns id, instruction (or question) and response; others are ignored. A malformed row
 * ends the input, because it is unknown where the next one starts. Not thread-safe.
 */
final class CsvSource implements ExchangeSource {
    private static final String ID = "id";
    private static final String INSTRUCTION = "instruction";
    private static final String QUESTION = "question";
    private static final String RESPONSE = "response";

    private final CsvReader reader;
    private final String instruction;
    private final SeenIds seen = new SeenIds();

    CsvSource(InputStream in, String file) throws IOException {
        reader = CsvReader.open(in, file);
        CsvHeader header = reader.header();
        header.require(ID, RESPONSE);
        if (header.has(INSTRUCTION) && header.has(QUESTION)) {
            throw header.error("header must name one of instruction and question, but named both", QUESTION);
        }
        instruction = header.has(QUESTION) ? QUESTION : INSTRUCTION;
        header.require(instruction);
    }

    @Override
    public @Nullable RawItem next() throws IOException {
        if (!reader.next()) {
            return null;
        }
        CsvRow row = reader.row();
        String id = row.text(ID);
        if (id.isBlank()) {
            throw row.error("id must not be blank, but was", ID);
        }
        if (!seen.add(id)) {
            throw row.error("id must be unique, but was repeated", ID);
        }
        return new Parsed(id, Exchange.of(row.text(instruction), row.text(RESPONSE)));
    }

    @Override
    public boolean ready() throws IOException {
        return reader.ready();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private record Parsed(String id, Exchange exchange) implements RawItem {
        @Override
        public InputItem parse() {
            return new InputItem.Valid(id, exchange);
        }

        @Override
        public long size() {
            return (long) exchange.instruction().length() + exchange.response().length();
        }
    }
}
