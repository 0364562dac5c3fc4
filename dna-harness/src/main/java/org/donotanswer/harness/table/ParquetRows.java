package org.donotanswer.harness.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Parquet, with one row group in memory, compressed. Columns of structs and lists are read as JSON would be, so that
 * they may be chats. Not thread-safe, but its rows are.
 */
final class ParquetRows implements RowSource {
    /** The first bytes of a file, and its last. */
    static final String MAGIC = "PAR1";

    private static final List<TableColumn> TEXTS =
            List.of(TableColumn.ID, TableColumn.INSTRUCTION, TableColumn.RESPONSE);

    private final ParquetFileReader reader;
    private final String file;
    private final ColumnNames columns;
    private MessageType schema;
    private @Nullable RecordReader<Group> group;
    private long remaining;
    private long rows;

    private ParquetRows(ParquetFileReader reader, String file, TableSettings settings) {
        this.reader = reader;
        this.file = file;
        schema = reader.getFileMetaData().getSchema();
        List<String> names = schema.getFields().stream().map(Type::getName).toList();
        columns = ColumnNames.of(names, settings.names());
    }

    /**
     * Opens a file that begins as Parquet does.
     *
     * @throws BadInputException if it does not end as Parquet does
     * @throws IOException if it cannot be read
     */
    static ParquetRows open(Path path, TableSettings settings) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs())
                .build();
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(new LocalInputFile(path), options);
        } catch (RuntimeException e) {
            // Not the cause: what parquet-java says may quote values.
            throw BadInputException.at(
                    "end of file", "file must be whole Parquet, but was cut off or damaged", path.toString(), null);
        }
        try {
            return new ParquetRows(reader, path.toString(), settings);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public @Nullable RawRow next() throws IOException {
        try {
            while (remaining == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                group = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                remaining = pages.getRowCount();
            }
            Group row = group.read();
            remaining--;
            rows++;
            return new ParquetRow(row, GroupJson.size(row), new Place(file, 0, rows), columns);
        } catch (IOException | RuntimeException e) {
            throw BadInputException.at(
                    "after row " + rows, "file must be sound Parquet, but was not: " + reason(e), file, null);
        }
    }

    /** Returns what a codec said; what parquet-java says of damaged pages may quote values. */
    private static String reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return "a page is damaged";
    }

    private record ParquetRow(Group row, long size, Place place, ColumnNames columns) implements PlacedRow {
        @Override
        public TableRow parse() throws BadInputException {
            return new TableRow(place, columns, new RecordJson.Members(GroupJson.of(row, place), place));
        }

        /** The row may hold text. */
        @Override
        public String toString() {
            return "ParquetRow[" + place + "]";
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void check(Collection<TableColumn> required, Collection<TableColumn> others) throws IOException {
        boolean isChat = columns.name(TableColumn.MESSAGES) != null;
        List<TableColumn> missing = required.stream()
                .filter(column -> columns.name(column) == null && !(isChat && TEXTS.contains(column)))
                .toList();
        if (!missing.isEmpty()) {
            throw error(columns.missing(missing), missing.get(0));
        }
        for (TableColumn column : TableColumn.values()) {
            if (required.contains(column) || others.contains(column)) {
                checkColumn(column);
            }
        }
    }

    private void checkColumn(TableColumn column) throws BadInputException {
        String ambiguity = columns.ambiguity(column);
        if (ambiguity != null) {
            throw error(ambiguity, column);
        }
        String name = columns.name(column);
        if (name == null || !TEXTS.contains(column)) {
            return;
        }
        Type type = schema.getType(name);
        boolean fits = type.isPrimitive()
                ? isText(type.asPrimitiveType().getPrimitiveTypeName(), column)
                : column != TableColumn.ID && type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation;
        if (!fits) {
            String found = type.isPrimitive()
                    ? type.asPrimitiveType().getPrimitiveTypeName().toString()
                    : "a group";
            throw error(column.label() + " must be a column of strings, but was of " + found, column);
        }
    }

    private static boolean isText(PrimitiveTypeName type, TableColumn column) {
        return type == PrimitiveTypeName.BINARY
                || (column == TableColumn.ID && (type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.INT64));
    }

    private BadInputException error(String problem, TableColumn column) {
        return BadInputException.at("schema", problem, file, column.label());
    }

    @Override
    public void checkInstruction() throws IOException {
        if (columns.name(TableColumn.INSTRUCTION) == null
                && columns.name(TableColumn.MESSAGES) == null
                && !columns.isDeclaredAbsent(TableColumn.INSTRUCTION)
                && !columns.names().stream().allMatch(columns::isUnderstood)) {
            throw error(columns.missing(TableColumn.INSTRUCTION), TableColumn.INSTRUCTION);
        }
    }

    @Override
    public void keepExchanges() {
        List<Type> needed = schema.getFields().stream()
                .filter(field -> isOfExchange(field.getName()))
                .toList();
        if (!needed.isEmpty()) {
            schema = new MessageType(schema.getName(), needed);
            reader.setRequestedSchema(schema);
        }
    }

    private boolean isOfExchange(String name) {
        return name.equals(columns.context())
                || name.equals(columns.name(TableColumn.MESSAGES))
                || TEXTS.stream().anyMatch(column -> name.equals(columns.name(column)));
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
