package org.donotanswer.bench.evaluation;

import java.io.IOException;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.jspecify.annotations.Nullable;

/** Reads exchanges from a file of records. The id defaults to the line of the record. Not thread-safe. */
public final class TableSource implements ExchangeSource {
    private final TableReader table;

    /**
     * Creates a source.
     *
     * @param table closed with the source, and if this method fails
     * @throws BadInputException if the header lacks a column
     */
    public static TableSource of(TableReader table) throws IOException {
        try {
            table.checkExchanges();
            table.keepExchanges();
            return new TableSource(table);
        } catch (IOException e) {
            table.close();
            throw e;
        }
    }

    private TableSource(TableReader table) {
        this.table = table;
    }

    @Override
    public @Nullable RawItem next() throws IOException {
        RawRow row = table.next();
        return row == null ? null : new Item(row);
    }

    @Override
    public boolean ready() throws IOException {
        return table.ready();
    }

    @Override
    public void close() throws IOException {
        table.close();
    }

    private record Item(RawRow raw) implements RawItem {
        @Override
        public long size() {
            return raw.size();
        }

        @Override
        public InputItem parse() {
            String id = raw.brokenId();
            try {
                TableRow row = raw.parse();
                id = row.id().orElseGet(row::defaultId);
                return new InputItem.Valid(id, row.exchange(), row.earlierTurns() > 0);
            } catch (BadInputException e) {
                return new InputItem.Invalid(id, Unscored.of(UnscoredReason.INVALID_INPUT, e.messageWithoutFile()));
            }
        }
    }
}
