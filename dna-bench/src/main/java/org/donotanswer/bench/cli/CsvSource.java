package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.CsvHeader;
import org.donotanswer.harness.io.CsvReader;
import org.donotanswer.harness.io.SeenIds;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges as CSV with the columns id, instruction (or question) and response, in any order, among others. A row that
 * cannot be read ends it all, as nobody knows where the next one starts. Not thread-safe.
 */
final class CsvSource implements ExchangeSource {
    private static final String ID = "id";
    private static final String INSTRUCTION = "instruction";
    private static final String QUESTION = "question";
    private static final String RESPONSE = "response";

    private final CsvReader reader;
    private final CsvHeader header;
    private final String instruction;
    private final SeenIds seen = new SeenIds();

    CsvSource(InputStream in, String file) throws IOException {
        reader = new CsvReader(in, file);
        header = CsvHeader.read(reader);
        header.require(ID);
        header.require(RESPONSE);
        if (header.has(INSTRUCTION) && header.has(QUESTION)) {
            throw new BadInputException(
                    "header must name one of instruction and question, but was found to name both", file, 1, QUESTION);
        }
        instruction = header.has(QUESTION) ? QUESTION : INSTRUCTION;
        header.require(instruction);
    }

    @Override
    public @Nullable Raw next() throws IOException {
        CsvReader.Row row = header.next();
        if (row == null) {
            return null;
        }
        String id = header.text(row, ID);
        if (id.isBlank()) {
            throw header.error("id must not be blank, but was", row, ID);
        }
        if (!seen.add(id)) {
            throw header.error("id must be unique, but was found a second time", row, ID);
        }
        return new Parsed(id, Exchange.of(header.text(row, instruction), header.text(row, RESPONSE)));
    }

    @Override
    public boolean ready() throws IOException {
        return reader.ready();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private record Parsed(String id, Exchange exchange) implements Raw {
        @Override
        public InputItem parse() {
            return new InputItem.Sound(id, exchange);
        }

        @Override
        public long size() {
            return (long) exchange.instruction().length() + exchange.response().length();
        }
    }
}
