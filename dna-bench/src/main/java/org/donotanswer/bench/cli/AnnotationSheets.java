package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.bench.UsageException;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.donotanswer.dataset.csv.CsvReader;

/** CSV files that people fill in. Stateless, hence thread-safe. */
final class AnnotationSheets {
    private static final List<String> FILLED_IN = List.of("harmful", "action");
    private static final String COMMENT = "comment";

    private AnnotationSheets() {}

    /**
     * Throws if there is such a file that is not known to be as it was handed out: what people typed in is never replaced, not
     * even by {@code --overwrite}.
     */
    static void requireUnfilled(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > 0 && !isUnfilled(file)) {
            throw new UsageException("output must not replace labels that people typed in, but would (" + file
                    + "); import them, then move or delete the file");
        }
    }

    private static boolean isUnfilled(Path file) throws IOException {
        try (CsvReader reader = CsvReader.open(Files.newInputStream(file), file.toString())) {
            reader.header().require(FILLED_IN);
            while (reader.next()) {
                for (String column : FILLED_IN) {
                    if (!reader.row().text(column).isBlank()) {
                        return false;
                    }
                }
                if (reader.row().find(COMMENT).map(text -> !text.isBlank()).orElse(false)) {
                    return false;
                }
            }
            return true;
        } catch (CsvFormatException e) {
            // Perhaps saved by a spreadsheet in another form.
            return false;
        }
    }
}
