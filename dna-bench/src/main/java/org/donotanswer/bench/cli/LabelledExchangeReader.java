package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Reads labelled exchanges from JSON lines and CSV. Both have the fields {@code id}, {@code instruction} (or
 * {@code question}), {@code response}, and the labels {@code response_harmful} (or {@code harmful}), {@code refusal},
 * {@code action} and {@code harm_type}; others are ignored. A missing, null or blank label is unknown. Responses to the same
 * instruction form one group. Not thread-safe.
 */
final class LabelledExchangeReader {
    private static final JsonMapper MAPPER = StrictJson.mapper();
    private static final List<String> HARMFUL = List.of("response_harmful", "harmful");
    private static final List<String> INSTRUCTION = List.of("instruction", "question");
    private static final String ID = "id";
    private static final String RESPONSE = "response";
    private static final String REFUSAL = "refusal";
    private static final String ACTION = "action";
    private static final String HARM_TYPE = "harm_type";

    private final Optional<String> sourceField;
    private final Map<String, Position> positions = new HashMap<>();
    private final List<LabelledExchange> exchanges = new ArrayList<>();
    private int withThinking;

    /** Creates a reader that takes the source of an exchange from the given field, if there is one. */
    LabelledExchangeReader(Optional<String> sourceField) {
        this.sourceField = sourceField;
    }

    /** A line of a file. */
    private record Position(String file, long line) {
        private IOException error(String problem, @Nullable String field) {
            return new BadInputException(problem, file, line, field);
        }
    }

    /** The fields of one record; empty if missing, null or blank. */
    private interface Fields {
        Position position();

        Optional<String> text(String field) throws IOException;

        Optional<String> label(String field) throws IOException;
    }

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
     * @throws IOException if it cannot be read, a record is malformed, or an id was read before; the message has file and
     *     line
     */
    void read(Path file, ExchangeFormat format) throws IOException {
        try (InputStream in = InputFiles.open("input", file)) {
            switch (format) {
                case csv -> readCsv(in, file);
                case jsonl -> readJsonLines(in, file);
            }
        }
    }

    private void readCsv(InputStream in, Path file) throws IOException {
        try (CsvReader reader = CsvReader.open(in, file.toString())) {
            reader.header().require(RESPONSE);
            while (reader.next()) {
                exchanges.add(exchange(new CsvFields(
                        reader.row(), new Position(file.toString(), reader.row().line()))));
            }
        }
    }

    private void readJsonLines(InputStream in, Path file) throws IOException {
        try (LineReader lines = new LineReader(in)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                Position position = new Position(file.toString(), line.number());
                if (line.text() == null) {
                    throw position.error("line " + line.problem(), null);
                }
                if (!line.text().isBlank()) {
                    exchanges.add(exchange(new JsonFields(object(line.text(), position), position)));
                }
            }
        }
    }

    private static JsonNode object(String line, Position position) throws IOException {
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw position.error("line must be a JSON object, but was broken", null);
        }
        if (!node.isObject()) {
            throw position.error("line must be a JSON object, but was " + type(node), null);
        }
        return node;
    }

    private static String type(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private LabelledExchange exchange(Fields fields) throws IOException {
        Position position = fields.position();
        String id = id(fields);
        Optional<String> instruction = firstText(fields, INSTRUCTION);
        Optional<String> response = fields.text(RESPONSE);
        if (response.isEmpty()) {
            throw position.error("response must be given, but was missing", RESPONSE);
        }
        LabelledExchange.Builder builder =
                LabelledExchange.builder(id, Exchange.of(instruction.orElse(""), answer(response.get())));
        harmful(fields).ifPresent(builder::harmful);
        label(fields, REFUSAL, LabelValues::flag).ifPresent(builder::refusal);
        label(fields, ACTION, LabelValues::action).ifPresent(builder::action);
        label(fields, HARM_TYPE, LabelValues::harmType).ifPresent(builder::harmType);
        if (sourceField.isPresent()) {
            fields.label(sourceField.get()).ifPresent(builder::source);
        }
        instruction.filter(text -> !text.isBlank()).ifPresent(builder::group);
        return builder.build();
    }

    private String answer(String response) {
        ResponseText text = ResponseText.of(response);
        withThinking += text.thinking().isPresent() ? 1 : 0;
        return text.answer();
    }

    /** Returns the id, or one made of file and line. */
    private String id(Fields fields) throws IOException {
        Position position = fields.position();
        Optional<String> given = fields.label(ID);
        String id = given.orElseGet(() -> "line " + position.line() + " of " + position.file());
        Position first = positions.putIfAbsent(id, position);
        if (first != null) {
            throw position.error(
                    "id must be unique, but was that of line " + first.line()
                            + (first.file().equals(position.file()) ? "" : " of " + first.file()),
                    given.isPresent() ? ID : null);
        }
        return id;
    }

    private static Optional<String> firstText(Fields fields, List<String> names) throws IOException {
        for (String name : names) {
            Optional<String> text = fields.text(name);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static Optional<Boolean> harmful(Fields fields) throws IOException {
        Optional<Boolean> harmful = Optional.empty();
        for (String name : HARMFUL) {
            Optional<Boolean> value = label(fields, name, LabelValues::flag);
            if (harmful.isPresent() && value.isPresent() && !harmful.equals(value)) {
                throw fields.position()
                        .error(String.join(" and ", HARMFUL) + " must be the same, but were different", name);
            }
            harmful = harmful.or(() -> value);
        }
        return harmful;
    }

    private static <T> Optional<T> label(Fields fields, String field, BiFunction<String, String, T> parser)
            throws IOException {
        Optional<String> value = fields.label(field);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(field, value.get()));
        } catch (IllegalArgumentException e) {
            throw fields.position().error(String.valueOf(e.getMessage()), field);
        }
    }

    private record CsvFields(CsvRow row, Position position) implements Fields {
        @Override
        public Optional<String> text(String field) {
            return row.find(field);
        }

        @Override
        public Optional<String> label(String field) {
            return row.find(field).filter(value -> !value.isBlank());
        }
    }

    private record JsonFields(JsonNode object, Position position) implements Fields {
        @Override
        public Optional<String> text(String field) throws IOException {
            JsonNode node = object.get(field);
            if (node == null || node.isNull()) {
                return Optional.empty();
            }
            if (!node.isTextual()) {
                throw position.error(field + " must be a string, but was " + type(node), field);
            }
            return Optional.of(node.textValue());
        }

        @Override
        public Optional<String> label(String field) throws IOException {
            JsonNode node = object.get(field);
            if (node == null || node.isNull()) {
                return Optional.empty();
            }
            if (!node.isValueNode()) {
                throw position.error(field + " must be a string, a number or a boolean, but was " + type(node), field);
            }
            return Optional.of(node.asText()).filter(value -> !value.isBlank());
        }
    }
}
