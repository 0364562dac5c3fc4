package org.donotanswer.spark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.donotanswer.evaluate.Exchange;

/**
 * The responses of Do-Not-Answer, in the order of its table, over and over: 5,634 exchanges, and as many rows as wanted. Read
 * from the directory {@code dna.data}, or else {@code shared/do-not-answer} beside the repository. Immutable, hence thread-safe.
 */
final class PublishedExchanges {
    private static final String SUFFIX = "_response";

    /** One response: of which question and LLM. */
    record Published(String question, String llm, Exchange exchange) {}

    private final List<Published> all;

    private PublishedExchanges(List<Published> all) {
        this.all = List.copyOf(all);
    }

    static PublishedExchanges load(SparkSession session) {
        Path root = Path.of(System.getProperty("dna.root", ".."));
        String directory = System.getProperty(
                "dna.data", root.resolve("../shared/do-not-answer").toString());
        Path table = Path.of(directory, "data_en.csv");
        if (!Files.exists(table)) {
            throw new IllegalStateException("-Ddna.data must be the directory of data_en.csv, but was " + directory);
        }
        List<Published> all = new ArrayList<>();
        for (Row row : InputFileFormat.CSV
                .read(session, table.toAbsolutePath().toString())
                .collectAsList()) {
            Arrays.stream(row.schema().fieldNames())
                    .filter(name -> name.endsWith(SUFFIX))
                    .forEach(name -> all.add(new Published(
                            row.getAs("id"),
                            name.substring(0, name.length() - SUFFIX.length()),
                            Exchange.of(row.getAs("question"), row.getAs(name)))));
        }
        return new PublishedExchanges(all);
    }

    int size() {
        return all.size();
    }

    /** Returns the exchanges, once. */
    List<Exchange> exchanges() {
        return all.stream().map(Published::exchange).toList();
    }

    /** Returns what the columns of a row hold but for the assessment. */
    Map<String, Object> columns(int row) {
        Published published = all.get(row % all.size());
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("id", (long) row);
        columns.put("question", published.question());
        columns.put("llm", published.llm());
        columns.put("repetition", (long) row / all.size());
        columns.put("instruction", published.exchange().instruction());
        columns.put("response", published.exchange().response());
        return columns;
    }

    /** Writes rows as JSON lines. */
    Path write(Path file, int rows) throws IOException {
        JsonMapper mapper = new JsonMapper();
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (int row = 0; row < rows; row++) {
                lines.write(mapper.writeValueAsString(columns(row)));
                lines.newLine();
            }
        }
        return file;
    }
}
