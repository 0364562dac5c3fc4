package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvParser;
import org.donotanswer.dataset.csv.FormulaEscaping;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Records of CSV below a header. Columns without a name, such as the index that pandas writes and those that a spreadsheet
 * leaves behind, are passed over, and so are rows without text. Not thread-safe, but its rows are.
 */
final class CsvRows implements RowSource {
    private static final String PANDAS_INDEX = "unnamed:.*";

    private final CsvParser parser;
    private final String file;
    private final Header header;
    private final long headerLine;

    /** Starts a parser whose stream is at the header, or at a line that names the separator. */
    CsvRows(CsvParser parser, String file, boolean separatorLine, TableSettings settings) throws IOException {
        this.parser = parser;
        this.file = file;
        boolean found = next(parser);
        if (separatorLine) {
            found = next(parser);
        }
        // A spreadsheet may have empty rows above its table.
        while (found && isBlank(parser)) {
            found = next(parser);
        }
        headerLine = parser.recordLine();
        if (!found) {
            throw new BadInputException("file must have a header row, but was empty", file, 1, null);
        }
        if (parser.malformed().isPresent()) {
            throw error(parser.malformed().get());
        }
        header = Header.of(parser.fields(), place(headerLine), settings.names());
        parser.nameColumns(header.names());
    }

    private static boolean isBlank(CsvParser parser) {
        return parser.malformed().isEmpty() && parser.fields().stream().allMatch(String::isBlank);
    }

    private Place place(long line) {
        return new Place(file, line, 0);
    }

    /** The names of columns, with their indexes; columns without a name have none. */
    private record Header(List<String> names, Map<String, Integer> indexes, ColumnNames columns, boolean escaped) {
        static Header of(List<String> raw, Place place, Map<TableColumn, String> given) throws IOException {
            List<String> names = new ArrayList<>(raw.size());
            Map<String, Integer> indexes = new HashMap<>();
            for (int i = 0; i < raw.size(); i++) {
                String name = raw.get(i).strip();
                boolean index = name.isEmpty()
                        || (i == 0 && TableColumn.normalized(name).matches(PANDAS_INDEX));
                names.add(index ? "" : name);
                if (index) {
                    continue;
                }
                Integer before = indexes.putIfAbsent(name, i);
                if (before != null) {
                    throw place.error(
                            "header must name each column once, but repeated column " + (before + 1),
                            String.valueOf(i + 1));
                }
            }
            ColumnNames columns = ColumnNames.of(names, given);
            // Our own file for a spreadsheet, in which formulas are escaped.
            return new Header(names, indexes, columns, columns.name(TableColumn.ITEM) != null);
        }
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        while (next(parser)) {
            if (!isBlank(parser)) {
                return new CsvRecord(
                        header,
                        place(parser.recordLine()),
                        parser.fields(),
                        parser.malformed().orElse(null));
            }
        }
        return null;
    }

    private static boolean next(CsvParser parser) throws IOException {
        try {
            return parser.next();
        } catch (CsvFormatException e) {
            throw error(e);
        }
    }

    private static BadInputException error(CsvFormatException e) {
        String problem = e.problem().replace("text must be UTF-8,", "text must be UTF-8 or --encoding be given,");
        return new BadInputException(problem, e.file(), e.line(), e.column().orElse(null));
    }

    private record CsvRecord(Header header, Place place, List<String> fields, @Nullable CsvFormatException malformed)
            implements PlacedRow, Fields {
        /** Fields that moved from their columns may hold text; the first cannot have moved. */
        @Override
        public String brokenId() {
            String name = header.columns().name(TableColumn.ID);
            if (name == null) {
                return place.id();
            }
            int index = header.indexes().get(name);
            boolean first = header.names().subList(0, index).stream().allMatch(String::isEmpty);
            boolean found = index < fields.size() && (first || misfit().isEmpty());
            return Optional.of(name)
                    .filter(id -> found)
                    .flatMap(this::text)
                    .filter(id -> !id.isBlank() && !id.equals("nan"))
                    .orElseGet(place::brokenId);
        }

        @Override
        public long size() {
            return fields.stream().mapToLong(String::length).sum();
        }

        @Override
        public TableRow parse() throws BadInputException {
            if (malformed != null) {
                throw error(malformed);
            }
            Optional<BadInputException> misfit = misfit();
            if (misfit.isPresent()) {
                throw misfit.get();
            }
            return new TableRow(place, header.columns(), this);
        }

        /** Returns what is wrong if the fields are not those of the header. */
        private Optional<BadInputException> misfit() {
            List<String> names = header.names();
            for (int i = 0; i < Math.max(fields.size(), names.size()); i++) {
                boolean named = i < names.size() && !names.get(i).isEmpty();
                if (i >= fields.size() && named) {
                    return Optional.of(place.error(
                            "record must have " + names.size() + " fields, but had " + fields.size(), names.get(i)));
                }
                // The first may be an index, and is a number then.
                if (i > 0 && i < fields.size() && !named && !fields.get(i).isBlank()) {
                    String problem = i < names.size()
                            ? "record must have text in named columns only, but had more"
                            : "record must have " + names.size() + " fields, but had " + fields.size();
                    return Optional.of(place.error(problem, String.valueOf(i + 1)));
                }
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> text(String name) {
            Integer index = header.indexes().get(name);
            if (index == null) {
                return Optional.empty();
            }
            String text = fields.get(index);
            return Optional.of(header.escaped() ? FormulaEscaping.unescape(text) : text);
        }

        @Override
        public boolean holdsText(String name) {
            return true;
        }

        @Override
        public @Nullable JsonNode json(String name) {
            return null;
        }

        /** The fields may hold text. */
        @Override
        public String toString() {
            return "CsvRecord[" + place + "]";
        }
    }

    @Override
    public boolean ready() throws IOException {
        return parser.ready();
    }

    @Override
    public void check(Collection<TableColumn> required, Collection<TableColumn> others) throws IOException {
        List<TableColumn> missing = required.stream()
                .filter(column -> header.columns().name(column) == null)
                .toList();
        if (!missing.isEmpty()) {
            throw place(headerLine)
                    .error(header.columns().missing(missing), missing.get(0).label());
        }
        for (TableColumn column : TableColumn.values()) {
            String ambiguity = header.columns().ambiguity(column);
            if (ambiguity != null && (required.contains(column) || others.contains(column))) {
                throw place(headerLine).error(ambiguity, column.label());
            }
        }
    }

    @Override
    public void checkInstruction() throws IOException {
        ColumnNames columns = header.columns();
        if (columns.name(TableColumn.INSTRUCTION) == null
                && !columns.isDeclaredAbsent(TableColumn.INSTRUCTION)
                && !columns.names().stream().allMatch(columns::isUnderstood)) {
            throw place(headerLine).error(columns.missing(TableColumn.INSTRUCTION), TableColumn.INSTRUCTION.label());
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
