package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;

/**
 * Reads labelled exchanges from files of records: exchanges with the labels {@link TableColumn#HARMFUL},
 * {@link TableColumn#REFUSAL}, {@link TableColumn#ACTION} and {@link TableColumn#HARM_TYPE}. A missing label is unknown.
 * Responses to the same instruction form one group. Not thread-safe.
 */
final class LabelledExchangeReader {
    private static final List<TableColumn> LABELS =
            List.of(TableColumn.HARMFUL, TableColumn.REFUSAL, TableColumn.ACTION, TableColumn.HARM_TYPE);

    private final TableSettings settings;
    private final Optional<String> sourceField;
    private final Map<String, Position> positions = new HashMap<>();
    private final List<LabelledExchange> exchanges = new ArrayList<>();
    private int withThinking;

    /** Creates a reader that takes the source of an exchange from the given field, if there is one. */
    LabelledExchangeReader(TableSettings settings, Optional<String> sourceField) {
        this.settings = settings;
        this.sourceField = sourceField;
    }

    private record Position(String file, long line) {}

    /** Returns how many responses read so far came with thinking, which the exchanges are without. */
    int withThinking() {
        return withThinking;
    }

    /** Returns the exchanges read so far. */
    List<LabelledExchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /**
     * Reads a file.
     *
     * @param required labels that each exchange must have
     * @throws BadInputException if a record is malformed, or an id was read before
     * @throws IOException if it cannot be read
     */
    void read(Path file, TableColumn... required) throws IOException {
        try (TableReader table = TableReader.open(file, settings)) {
            table.checkExchanges();
            table.check(List.of(required), LABELS);
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                TableRow row = raw.parse();
                for (TableColumn label : required) {
                    if (row.label(label).isEmpty()) {
                        throw row.error(label.label() + " must be given, but was missing", label);
                    }
                }
                exchanges.add(exchange(row, file.toString()));
            }
        }
    }

    private LabelledExchange exchange(TableRow row, String file) throws BadInputException {
        Exchange exchange = answered(row.exchange());
        LabelledExchange.Builder builder = LabelledExchange.builder(id(row, file), exchange);
        row.flag(TableColumn.HARMFUL).ifPresent(builder::harmful);
        row.flag(TableColumn.REFUSAL).ifPresent(builder::refusal);
        row.action().ifPresent(builder::action);
        row.harmType().ifPresent(builder::harmType);
        if (sourceField.isPresent()) {
            row.label(sourceField.get()).ifPresent(builder::source);
        }
        if (!exchange.instruction().isBlank()) {
            builder.group(exchange.instruction());
        }
        return builder.build();
    }

    private Exchange answered(Exchange exchange) {
        ResponseText text = ResponseText.of(exchange.response());
        withThinking += text.thinking().isPresent() ? 1 : 0;
        return Exchange.of(exchange.instruction(), text.answer());
    }

    /** Returns the id, or one made of file and line. */
    private String id(TableRow row, String file) throws BadInputException {
        Optional<String> given = row.id();
        String id = given.orElseGet(() -> "line " + row.defaultId() + " of " + file);
        Position first = positions.putIfAbsent(id, new Position(file, row.line()));
        if (first != null) {
            throw row.error(
                    "id must be unique, but was that of line " + first.line()
                            + (first.file().equals(file) ? "" : " of " + first.file()),
                    TableColumn.ID);
        }
        return id;
    }
}
