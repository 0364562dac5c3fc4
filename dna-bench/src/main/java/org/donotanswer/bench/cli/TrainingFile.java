package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Reads labelled exchanges for training from a file of records: the columns instruction and response; at least one of the
 * labels action, harmful, refusal, risky and harm_type; and optionally group, which names who wrote the response. A missing label is
 * unknown. A record without a response teaches about its instruction only. Stateless, hence thread-safe.
 */
final class TrainingFile {
    private static final List<TableColumn> LABELS = List.of(
            TableColumn.ACTION, TableColumn.HARMFUL, TableColumn.REFUSAL, TableColumn.RISKY, TableColumn.HARM_TYPE);

    private TrainingFile() {}

    /**
     * Returns the records of a file.
     *
     * @throws BadInputException if a column is missing, a label is out of range, or a record has no label or no text
     * @throws IOException if it cannot be read
     */
    static List<TrainingExample> read(Path file, TableSettings settings) throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        try (TableReader table = TableReader.open(file, settings)) {
            table.check(List.of(TableColumn.INSTRUCTION, TableColumn.RESPONSE), LABELS);
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                examples.add(example(raw.parse()));
            }
        }
        if (examples.isEmpty()) {
            throw new BadInputException("file must have a labelled exchange, but had none", file.toString(), 1, null);
        }
        return examples;
    }

    private static TrainingExample example(TableRow row) throws BadInputException {
        Optional<String> response = row.findResponse().filter(text -> !text.isBlank());
        String instruction = response.isPresent()
                ? row.exchange().instruction()
                : row.instruction().orElse("");
        if (response.isEmpty() && instruction.isBlank()) {
            throw row.error("instruction or response must have text, but both were blank", TableColumn.RESPONSE);
        }
        Optional<ResponseAction> action = row.action();
        Optional<Boolean> harmful = row.flag(TableColumn.HARMFUL);
        Optional<Boolean> refusal = row.flag(TableColumn.REFUSAL);
        Optional<Boolean> risky = row.flag(TableColumn.RISKY);
        Optional<HarmType> harmType = row.harmType();
        boolean ofResponse = action.isPresent() || harmful.isPresent() || refusal.isPresent();
        if (!ofResponse && risky.isEmpty() && harmType.isEmpty()) {
            throw row.error("record must have a label (action, harmful, refusal, risky or harm_type), but had none");
        }
        if (response.isEmpty() && ofResponse) {
            throw row.error("response must have text where it is labelled, but was blank", TableColumn.RESPONSE);
        }
        TrainingExample.Builder builder = TrainingExample.builder(instruction);
        response.ifPresent(builder::response);
        action.ifPresent(builder::action);
        harmful.ifPresent(builder::harmful);
        refusal.ifPresent(builder::refusal);
        risky.ifPresent(builder::riskyInstruction);
        harmType.ifPresent(builder::harmType);
        row.label(TableColumn.GROUP).ifPresent(builder::group);
        return builder.build();
    }
}
