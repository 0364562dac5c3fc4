package org.donotanswer.harness.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.internal.Utf8;

/** Reads rows from CSV or JSON lines, one at a time. Stateless, hence thread-safe. */
final class RowReader {
    private RowReader() {}

    /** A row of a CSV file, or an object on a line of JSON lines. */
    interface Row {
        /** Returns the line on which the row starts, from 1. */
        long line();

        /**
         * Returns the value of a column as text: a string, number or boolean; empty if there is none.
         *
         * @throws IOException if the value is of another type
         */
        Optional<String> find(String name) throws IOException;

        /** Returns an exception that names file, line and column, for the caller to throw. */
        IOException error(String problem, String name);

        /** Returns the value of a column that must be present. */
        default String text(String name) throws IOException {
            return find(name).orElseThrow(() -> error(name + " must be a string, but was missing", name));
        }

        /** Returns the value of a column that must be present, not blank and encodable in UTF-8. */
        default String visible(String name) throws IOException {
            String text = text(name);
            if (text.isBlank()) {
                throw error(name + " must not be blank, but was", name);
            }
            if (!Utf8.isWellFormed(text)) {
                throw error(name + " must be well-formed Unicode, but had an unpaired surrogate", name);
            }
            return text;
        }
    }

    @FunctionalInterface
    interface Consumer {
        void accept(Row row) throws IOException;
    }

    /**
     * Reads a file in the format that its name says.
     *
     * @param columns the columns that a CSV file must have
     * @throws NoSuchFileException if the file does not exist
     * @throws IOException if it cannot be read or is malformed; the message names file, line and column
     */
    static void read(Path file, List<String> columns, Consumer consumer) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException("input must be a file, but was a directory (" + file + ")");
        }
        RowFormat format = RowFormat.of(file);
        try (InputStream in = Files.newInputStream(file)) {
            if (format == RowFormat.CSV) {
                readCsv(in, file, columns, consumer);
            } else {
                readJsonLines(in, file, consumer);
            }
        }
    }

    private static void readCsv(InputStream in, Path file, List<String> columns, Consumer consumer) throws IOException {
        try (CsvReader reader = CsvReader.open(in, file.toString())) {
            reader.header().require(columns);
            while (reader.next()) {
                consumer.accept(new RowOfCsv(reader.row()));
            }
        }
    }

    private record RowOfCsv(CsvRow row) implements Row {
        @Override
        public long line() {
            return row.line();
        }

        @Override
        public Optional<String> find(String name) {
            return row.find(name);
        }

        @Override
        public IOException error(String problem, String name) {
            return row.error(problem, name);
        }
    }

    private static void readJsonLines(InputStream in, Path file, Consumer consumer) throws IOException {
        try (LineReader lines = new LineReader(in)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.text() == null || !line.text().isBlank()) {
                    consumer.accept(new RowOfJson(JsonRecord.parse(line, file.toString())));
                }
            }
        }
    }

    private record RowOfJson(JsonRecord json) implements Row {
        @Override
        public long line() {
            return json.line();
        }

        @Override
        public Optional<String> find(String name) throws IOException {
            JsonNode value = json.node().path(name);
            if (value.isMissingNode() || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
                throw error(name + " must be a string, but was " + JsonRecord.type(value), name);
            }
            return Optional.of(value.asText());
        }

        @Override
        public BadInputException error(String problem, String name) {
            return new BadInputException(problem, json.file(), json.line(), name);
        }
    }
}
