package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.CsvHeader;
import org.donotanswer.harness.io.CsvReader;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Exchanges that a user labelled, as CSV: the columns instruction and response, labels in action, harmful, risky and
 * harm_type, of which at least one is there, and group, who wrote the response. A blank field says that the value is not
 * known; a row without a response teaches about its instruction alone.
 */
final class LabelledCsv {
    private static final String INSTRUCTION = "instruction";
    private static final String RESPONSE = "response";
    private static final String ACTION = "action";
    private static final String HARMFUL = "harmful";
    private static final String RISKY = "risky";
    private static final String HARM_TYPE = "harm_type";
    private static final String GROUP = "group";
    private static final List<String> LABELS = List.of(ACTION, HARMFUL, RISKY, HARM_TYPE);

    private final CsvHeader header;

    private LabelledCsv(CsvHeader header) {
        this.header = header;
    }

    /**
     * Returns the rows of a file.
     *
     * @throws BadInputException if a column is missing, a label is out of range, or a row has no label or no text
     * @throws IOException if it cannot be read
     */
    static List<TrainingExample> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                CsvReader reader = new CsvReader(in, file.toString())) {
            CsvHeader header = CsvHeader.read(reader);
            header.require(INSTRUCTION);
            header.require(RESPONSE);
            if (LABELS.stream().noneMatch(header::has)) {
                throw new BadInputException(
                        "header must name one of " + String.join(", ", LABELS) + ", but was without any",
                        file.toString(),
                        1,
                        null);
            }
            LabelledCsv csv = new LabelledCsv(header);
            List<TrainingExample> examples = new ArrayList<>();
            for (CsvReader.Row row = header.next(); row != null; row = header.next()) {
                examples.add(csv.example(row));
            }
            if (examples.isEmpty()) {
                throw new BadInputException(
                        "file must have a row below its header, but was without", file.toString(), 1, null);
            }
            return examples;
        }
    }

    private TrainingExample example(CsvReader.Row row) throws BadInputException {
        String instruction = header.text(row, INSTRUCTION);
        TrainingExample.Builder builder = TrainingExample.builder(instruction);
        Optional<String> response = value(row, RESPONSE);
        if (response.isEmpty() && instruction.isBlank()) {
            throw header.error("instruction or response must have text, but was blank", row, RESPONSE);
        }
        response.ifPresent(builder::response);
        Optional<ResponseAction> action = label(row, ACTION, ResponseAction::fromCode, ResponseAction::fromLabel);
        Optional<Boolean> harmful = flag(row, HARMFUL);
        Optional<Boolean> risky = flag(row, RISKY);
        Optional<HarmType> harmType = label(row, HARM_TYPE, HarmType::fromNumber, HarmType::fromLabel);
        if (action.isEmpty() && harmful.isEmpty() && risky.isEmpty() && harmType.isEmpty()) {
            String first = LABELS.stream().filter(header::has).findFirst().orElseThrow();
            throw header.error("row must have a label, but was without any", row, first);
        }
        if (response.isEmpty() && (action.isPresent() || harmful.isPresent())) {
            throw header.error("response must have text where it is labelled, but was blank", row, RESPONSE);
        }
        action.ifPresent(builder::action);
        harmful.ifPresent(builder::harmful);
        risky.ifPresent(builder::riskyInstruction);
        harmType.ifPresent(builder::harmType);
        value(row, GROUP).ifPresent(builder::group);
        return builder.build();
    }

    private Optional<String> value(CsvReader.Row row, String column) {
        return header.has(column)
                ? Optional.of(header.text(row, column)).filter(text -> !text.isBlank())
                : Optional.empty();
    }

    private <T> Optional<T> label(
            CsvReader.Row row, String column, IntFunction<T> fromCode, Function<String, T> fromLabel)
            throws BadInputException {
        Optional<String> value = value(row, column).map(String::strip);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    value.get().matches("-?[0-9]{1,6}")
                            ? fromCode.apply(Integer.parseInt(value.get()))
                            : fromLabel.apply(value.get()));
        } catch (IllegalArgumentException e) {
            // Its message quotes the value, which may be text that slipped into the wrong column, unless that is short.
            throw header.error(value.get().length() <= 40 ? e.getMessage() : unknown(column, value.get()), row, column);
        }
    }

    private Optional<Boolean> flag(CsvReader.Row row, String column) throws BadInputException {
        Optional<String> value = value(row, column).map(text -> text.strip().toLowerCase(Locale.ROOT));
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return switch (value.get()) {
            case "1", "true", "yes" -> Optional.of(true);
            case "0", "false", "no" -> Optional.of(false);
            default -> throw header.error(unknown(column, value.get()), row, column);
        };
    }

    private static String unknown(String column, String value) {
        String requirement =
                column.equals(HARMFUL) || column.equals(RISKY) ? "1 or 0, true or false, yes or no" : "a label";
        String shown = value.length() <= 12 ? "'" + value + "'" : "a text of " + value.length() + " characters";
        return column + " must be " + requirement + ", but was " + shown;
    }
}
