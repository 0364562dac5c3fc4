package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvHeader;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
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

    private LabelledCsv() {}

    /**
     * Returns the rows of a file.
     *
     * @throws CsvFormatException if a column is missing, a label is out of range, or a row has no label or no text
     * @throws IOException if it cannot be read
     */
    static List<TrainingExample> read(Path file) throws IOException {
        try (CsvReader reader = CsvReader.open(Files.newInputStream(file), file.toString())) {
            CsvHeader header = reader.header();
            header.require(INSTRUCTION, RESPONSE);
            if (LABELS.stream().noneMatch(header::has)) {
                throw header.error("header must name one of " + String.join(", ", LABELS) + ", but named none");
            }
            List<TrainingExample> examples = new ArrayList<>();
            while (reader.next()) {
                examples.add(example(reader.row()));
            }
            if (examples.isEmpty()) {
                throw header.error("file must have a row below its header, but had none");
            }
            return examples;
        }
    }

    private static TrainingExample example(CsvRow row) throws CsvFormatException {
        String instruction = row.text(INSTRUCTION);
        TrainingExample.Builder builder = TrainingExample.builder(instruction);
        Optional<String> response = value(row, RESPONSE);
        if (response.isEmpty() && instruction.isBlank()) {
            throw row.error("instruction or response must have text, but both were blank", RESPONSE);
        }
        response.ifPresent(builder::response);
        Optional<ResponseAction> action = label(row, ACTION, ResponseAction::fromCode, ResponseAction::fromLabel);
        Optional<Boolean> harmful = flag(row, HARMFUL);
        Optional<Boolean> risky = flag(row, RISKY);
        Optional<HarmType> harmType = label(row, HARM_TYPE, HarmType::fromNumber, HarmType::fromLabel);
        if (action.isEmpty() && harmful.isEmpty() && risky.isEmpty() && harmType.isEmpty()) {
            String first = LABELS.stream()
                    .filter(label -> row.find(label).isPresent())
                    .findFirst()
                    .orElseThrow();
            throw row.error("row must have a label, but had none", first);
        }
        if (response.isEmpty() && (action.isPresent() || harmful.isPresent())) {
            throw row.error("response must have text where it is labelled, but was blank", RESPONSE);
        }
        action.ifPresent(builder::action);
        harmful.ifPresent(builder::harmful);
        risky.ifPresent(builder::riskyInstruction);
        harmType.ifPresent(builder::harmType);
        value(row, GROUP).ifPresent(builder::group);
        return builder.build();
    }

    private static Optional<String> value(CsvRow row, String column) {
        return row.find(column).filter(text -> !text.isBlank());
    }

    private static <T> Optional<T> label(
            CsvRow row, String column, IntFunction<T> fromCode, Function<String, T> fromLabel)
            throws CsvFormatException {
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
            throw row.error(value.get().length() <= 40 ? e.getMessage() : unknown(column, value.get()), column);
        }
    }

    private static Optional<Boolean> flag(CsvRow row, String column) throws CsvFormatException {
        Optional<String> value = value(row, column).map(text -> text.strip().toLowerCase(Locale.ROOT));
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return switch (value.get()) {
            case "1", "true", "yes" -> Optional.of(true);
            case "0", "false", "no" -> Optional.of(false);
            default -> throw row.error(unknown(column, value.get()), column);
        };
    }

    private static String unknown(String column, String value) {
        String requirement =
                column.equals(HARMFUL) || column.equals(RISKY) ? "1 or 0, true or false, yes or no" : "a label";
        String shown = value.length() <= 12 ? "'" + value + "'" : "a text of " + value.length() + " characters";
        return column + " must be " + requirement + ", but was " + shown;
    }
}
