package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;

/**
 * Reads exchanges without labels from a file of records. Of a response with thinking, the answer is read. A record without a
 * response is an instruction alone. Stateless, hence thread-safe.
 */
final class UnlabelledFile {
    private UnlabelledFile() {}

    /**
     * Returns the records of a file. They have no labels; their source and group is {@code unlabelled/} with the name of the
     * file.
     *
     * @throws BadInputException if a column is missing, or a record has no text
     * @throws IOException if it cannot be read
     */
    static List<TrainingExample> read(Path file, TableSettings settings) throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        String source = "unlabelled/" + file.getFileName();
        try (TableReader table = TableReader.open(file, settings)) {
            table.checkExchanges();
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                examples.add(example(raw.parse(), source));
            }
        }
        if (examples.isEmpty()) {
            throw new BadInputException("file must have an exchange, but had none", file.toString(), 1, null);
        }
        return examples;
    }

    private static TrainingExample example(TableRow row, String source) throws BadInputException {
        Optional<String> response =
                row.findResponse().map(text -> ResponseText.of(text).answer()).filter(text -> !text.isBlank());
        String instruction = response.isPresent()
                ? row.exchange().instruction()
                : row.instruction().orElse("");
        if (response.isEmpty() && instruction.isBlank()) {
            throw row.error("instruction or response must have text, but both were blank", TableColumn.RESPONSE);
        }
        TrainingExample.Builder builder =
                TrainingExample.builder(instruction).source(source).group(source);
        response.ifPresent(builder::response);
        return builder.build();
    }
}
