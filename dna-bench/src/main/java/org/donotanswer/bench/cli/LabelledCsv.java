package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvHeader;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Reads labelled exchanges for training from CSV: the columns instruction and response; at least one of the labels action,
 * harmful, risky and harm_type; and optionally group, which names who wrote the response. A blank field counts as unknown. A row
 * without a response teaches about its instruction only. Stateless, hence thread-safe.
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
        Optional<ResponseAction> action = label(row, ACTION, LabelValues::action);
        Optional<Boolean> harmful = label(row, HARMFUL, LabelValues::flag);
        Optional<Boolean> risky = label(row, RISKY, LabelValues::flag);
        Optional<HarmType> harmType = label(row, HARM_TYPE, LabelValues::harmType);
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

    private static <T> Optional<T> label(CsvRow row, String column, BiFunction<String, String, T> parser)
            throws CsvFormatException {
        Optional<String> value = value(row, column);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(column, value.get()));
        } catch (IllegalArgumentException e) {
            throw row.error(String.valueOf(e.getMessage()), column);
        }
    }
}
