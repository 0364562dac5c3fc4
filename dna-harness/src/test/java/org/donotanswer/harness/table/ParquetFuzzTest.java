package org.donotanswer.harness.table;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.junit.jupiter.params.provider.MethodSource;

final class ParquetFuzzTest implements FuzzTests {
    static Stream<byte[]> files() throws IOException {
        return Stream.of(
                written(
                        "message m { optional int32 id; optional binary instruction (STRING);"
                                + " optional binary response (STRING); optional double score; optional boolean ok; }",
                        """
                        {"id": 1, "instruction": "How?", "response": "So.", "score": 0.5, "ok": true}
                        {"id": 2, "response": "No."}
                        """),
                written(
                        "message m { optional binary prompt (STRING); optional binary completion (STRING); }",
                        "{\"prompt\": \"q\"}\n"));
    }

    private static byte[] written(String schema, String lines) throws IOException {
        Path file = Seeds.directory("parquet").resolve("out.parquet");
        ParquetOutput.write(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), file, schema);
        return Files.readAllBytes(file);
    }

    @MethodSource("files")
    @FuzzTest
    void file(byte[] data) throws IOException {
        Path file = Seeds.file("fuzz.parquet", data);

        ReaderContract.read(
                () -> {
                    int rows = 0;
                    try (TableReader table = TableReader.open(file, TableSettings.DEFAULT)) {
                        for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                            rows++;
                            ReaderContract.read(raw::parse, BadInputException.class);
                        }
                    }
                    return rows;
                },
                IOException.class);
        ReaderContract.read(
                () -> {
                    try (TableReader table = TableReader.open(file, TableSettings.DEFAULT)) {
                        table.check(List.of(TableColumn.RESPONSE), List.of(TableColumn.values()));
                        table.checkExchanges();
                        return table.ready();
                    }
                },
                IOException.class);
    }
}
