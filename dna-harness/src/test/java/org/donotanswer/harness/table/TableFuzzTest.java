package org.donotanswer.harness.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.harness.io.BadInputException;
import org.junit.jupiter.params.provider.MethodSource;

final class TableFuzzTest implements FuzzTests {
    private static final List<Optional<Charset>> ENCODINGS = List.of(
            Optional.empty(),
            Optional.of(StandardCharsets.ISO_8859_1),
            Optional.of(StandardCharsets.UTF_16LE),
            Optional.of(Charset.forName("windows-1252")),
            Optional.of(Charset.forName("Shift_JIS")));

    static Stream<byte[]> csvFiles() {
        return Seeds.texts(
                "id,prompt,response,harmful,action,harm_type\r\n1,How?,\"So, \"\"so\"\"\",yes,5,Toxic language\r\n",
                "sep=;\nquestion;answer\nWhy?;Because\n;\n",
                "\tinstruction\toutput\n0\ta\tb\n",
                "item,id,response\n'1,'=x,\"two\nlines\"\n",
                "Unnamed: 0,messages\n0,\"[{\"\"role\"\": \"\"user\"\", \"\"content\"\": \"\"a\"\"}]\"\n");
    }

    @MethodSource("csvFiles")
    @FuzzTest
    void csv(byte[] data) {
        read(data, "fuzz.csv", TableSettings.DEFAULT);
    }

    static Stream<byte[]> jsonLines() {
        return Seeds.texts(
                """
                {"id": 1, "instruction": "How?", "response": "So.", "harmful": true, "refusal": 0, "action": "FOLLOW_INSTRUCTION"}

                {"id": "b", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"},
                {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}
                {"prompt": [{"role": "user", "content": [{"type": "text", "text": "t"}]}], "completion": "c", "input": "more"}
                """);
    }

    @MethodSource("jsonLines")
    @FuzzTest
    void jsonLines(byte[] data) {
        read(data, "fuzz.jsonl", TableSettings.DEFAULT);
    }

    static Stream<byte[]> documents() {
        return Seeds.texts(
                """
                [
                 {"id": 1, "instruction": "How?", "response": "So.", "llm": null},
                 {"id": 2, "prompt": "q", "output": {"a": []}}, 7, [[]]
                ]
                """,
                "{\"version\": 1, \"data\": [{\"question\": \"q\", \"answer\": \"a\"}], \"more\": [1, {\"x\": [2]}]}",
                "{\n \"question\": \"q\",\n \"answer\": \"a\"\n}\n{\n \"question\": \"r\"\n}");
    }

    @MethodSource("documents")
    @FuzzTest
    void document(byte[] data) {
        read(data, "fuzz.json", TableSettings.DEFAULT);
    }

    static Stream<byte[]> encodedFiles() {
        String json = "{\"id\": \"\u00E4\", \"response\": \"\uD83D\uDE00\"}\n";
        return Stream.of(
                ("\0" + "prompt,response\n\u00E4,\u00F6\n").getBytes(StandardCharsets.ISO_8859_1),
                prefixed(2, json.getBytes(StandardCharsets.UTF_16LE)),
                prefixed(0, ("\uFEFF" + json).getBytes(StandardCharsets.UTF_16BE)),
                prefixed(4, "id;response\n1;\u3042\n".getBytes(Charset.forName("Shift_JIS"))));
    }

    private static byte[] prefixed(int first, byte[] rest) {
        byte[] all = new byte[rest.length + 1];
        all[0] = (byte) first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    /** The first byte chooses the encoding that is given and the format. */
    @MethodSource("encodedFiles")
    @FuzzTest
    void encoded(byte[] data) {
        if (data.length > 0) {
            int first = data[0] & 0xff;
            RecordFormat[] formats = RecordFormat.values();
            int format = first / ENCODINGS.size() % (formats.length + 1);
            TableSettings settings = new TableSettings(
                    format == 0 ? Optional.empty() : Optional.of(formats[format - 1]),
                    ENCODINGS.get(first % ENCODINGS.size()),
                    Map.of(TableColumn.INSTRUCTION, ""));
            read(Arrays.copyOfRange(data, 1, data.length), "fuzz", settings);
        }
    }

    private static void read(byte[] data, String name, TableSettings settings) {
        ReaderContract.read(
                () -> {
                    int rows = 0;
                    try (TableReader table = TableReader.open(new ByteArrayInputStream(data), name, settings)) {
                        for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                            rows++;
                            assertThat(raw.size()).isNotNegative();
                            assertThat(raw.brokenId()).isNotNull();
                            ReaderContract.read(raw::parse, BadInputException.class)
                                    .ifPresent(TableFuzzTest::use);
                        }
                    }
                    return rows;
                },
                BadInputException.class);
        check(data, name, settings);
    }

    private static void check(byte[] data, String name, TableSettings settings) {
        ReaderContract.read(
                () -> {
                    try (TableReader table = TableReader.open(new ByteArrayInputStream(data), name, settings)) {
                        table.check(List.of(TableColumn.RESPONSE), List.of(TableColumn.values()));
                        table.checkExchanges();
                        return table.ready();
                    }
                },
                BadInputException.class);
    }

    private static void use(TableRow row) {
        List<ReaderContract.Reading<?>> readings = List.of(
                row::id,
                row::exchange,
                row::findResponse,
                row::visibleInstruction,
                row::action,
                row::harmType,
                row::defaultId,
                row::earlierTurns,
                () -> row.flag(TableColumn.HARMFUL),
                () -> row.label("source"),
                () -> row.json("data"));
        for (ReaderContract.Reading<?> reading : readings) {
            ReaderContract.read(reading, BadInputException.class);
        }
        for (TableColumn column : TableColumn.values()) {
            ReaderContract.read(() -> row.text(column), BadInputException.class);
            ReaderContract.read(() -> row.label(column), BadInputException.class);
        }
    }
}
