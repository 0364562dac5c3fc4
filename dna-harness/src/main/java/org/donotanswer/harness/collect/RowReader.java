package org.donotanswer.harness.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.StrictJson;
import org.donotanswer.internal.Utf8;

/** Reads the rows of a CSV file or the objects of JSON lines, one at a time, by the names of their members. */
final class RowReader {
    private static final JsonMapper MAPPER = StrictJson.mapper();

    private RowReader() {}

    /** A row or an object. */
    interface Row {
        /** Returns the line on which it starts, from 1. */
        long line();

        /**
         * Returns the text of a member, or a number or truth value as text; empty if it is missing.
         *
         * @throws IOException if it is something else
         */
        Optional<String> find(String name) throws IOException;

        /** Returns an exception that names the file, the line and the member. */
        IOException error(String problem, String name);

        /** Returns the text of a member that must be there. */
        default String text(String name) throws IOException {
            return find(name).orElseThrow(() -> error(name + " must be a string, but was missing", name));
        }

        /** Returns the text of a member that must be there, show something and have a form in UTF-8. */
        default String visible(String name) throws IOException {
            String text = text(name);
            if (text.isBlank()) {
                throw error(name + " must not be blank, but was", name);
            }
            if (!Utf8.isWellFormed(text)) {
                throw error(name + " must be without half characters, but had a surrogate alone", name);
            }
            return text;
        }
    }

    /** Takes a row. */
    @FunctionalInterface
    interface Consumer {
        void accept(Row row) throws IOException;
    }

    /**
     * Reads a file whose name tells its format.
     *
     * @param columns what the header of a CSV file must name
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be read or a row is broken; the message names file, line and member
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
                if (line.text() == null) {
                    throw new BadInputException("line " + line.problem(), file.toString(), line.number(), null);
                }
                if (!line.text().isBlank()) {
                    consumer.accept(new RowOfJson(object(line.text(), file, line.number()), line.number(), file));
                }
            }
        }
    }

    /**
     * Returns the object of a text.
     *
     * @throws BadInputException if it is none
     */
    static JsonNode object(String text, Path file, long line) throws BadInputException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw new BadInputException("text must be a JSON object, but was broken", file.toString(), line, null);
        }
        if (!node.isObject()) {
            throw new BadInputException(
                    "text must be a JSON object, but was " + type(node), file.toString(), line, null);
        }
        return node;
    }

    static String type(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private record RowOfJson(JsonNode object, long line, Path file) implements Row {
        @Override
        public Optional<String> find(String name) throws IOException {
            JsonNode value = object.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
                throw error(name + " must be a string, but was " + type(value), name);
            }
            return Optional.of(value.asText());
        }

        @Override
        public BadInputException error(String problem, String name) {
            return new BadInputException(problem, file.toString(), line, name);
        }
    }
}
