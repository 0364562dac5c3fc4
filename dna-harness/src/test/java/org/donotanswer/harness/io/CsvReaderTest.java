package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
    private static CsvReader reader(String text) throws IOException {
        return new CsvReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "f.csv");
    }

    private static List<CsvReader.Row> rows(String text) throws IOException {
        List<CsvReader.Row> rows = new ArrayList<>();
        CsvReader reader = reader(text);
        for (CsvReader.Row row = reader.next(); row != null; row = reader.next()) {
            rows.add(row);
        }
        return rows;
    }

    @Test
    void next_anyLineEnds_partRecords() throws IOException {
        assertThat(rows("\uFEFFa,b\r\nc,d\r\n\n\re,\n,\"\""))
                .containsExactly(
                        new CsvReader.Row(1, List.of("a", "b")),
                        new CsvReader.Row(2, List.of("c", "d")),
                        new CsvReader.Row(5, List.of("e", "")),
                        new CsvReader.Row(6, List.of("", "")));
        assertThat(rows("")).isEmpty();
    }

    @Test
    void next_quotedField_keepsWhatIsInIt() throws IOException {
        assertThat(rows("\"a,\"\"b\"\"\r\nc\",d\n\"\r\",\"\n\"\nlast"))
                .containsExactly(
                        new CsvReader.Row(1, List.of("a,\"b\"\r\nc", "d")),
                        new CsvReader.Row(3, List.of("\r", "\n")),
                        new CsvReader.Row(6, List.of("last")));
    }

    @Test
    void next_quoteWithinPlainField_isAQuote() throws IOException {
        assertThat(rows("5\" nail,\\\"")).containsExactly(new CsvReader.Row(1, List.of("5\" nail", "\\\"")));
    }

    @Test
    void next_notClosed_namesTheColumnByNumber() throws IOException {
        CsvReader reader = reader("a,b\nc,\"d");
        reader.next();

        assertThatThrownBy(reader::next)
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "quoted field must be closed, but was not at the end of the file (f.csv, line 2, column 2)");
    }

    @Test
    void next_fieldTooLong_isAnError() throws IOException {
        byte[] endless = new byte[CsvReader.MAX_FIELD_BYTES + 2];
        Arrays.fill(endless, (byte) 'x');
        endless[0] = '"';

        assertThatThrownBy(() -> new CsvReader(new ByteArrayInputStream(endless), "f.csv").next())
                .hasMessage("field must be at most 33554432 bytes long, but was longer (f.csv, line 1, column 1)");
    }

    @Property(tries = 200)
    void next_whatWasQuoted_isReadAgain(
            @ForAll @Size(min = 1, max = 4)
                    List<@Size(min = 2, max = 2) List<@Chars({'a', '"', ',', '\n', '\r', '\u00E9'}) String>> table)
            throws IOException {
        StringBuilder csv = new StringBuilder();
        for (List<String> row : table) {
            csv.append('"')
                    .append(String.join(
                            "\",\"",
                            row.stream().map(f -> f.replace("\"", "\"\"")).toList()));
            csv.append("\"\r\n");
        }

        assertThat(rows(csv.toString())).extracting(CsvReader.Row::fields).isEqualTo(table);
    }
}
