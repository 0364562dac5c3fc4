package org.donotanswer.dataset.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvReaderTest {
    private static CsvReader reader(String text) throws IOException {
        return CsvReader.open(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "f.csv");
    }

    private static List<CsvRow> rows(String text) throws IOException {
        List<CsvRow> rows = new ArrayList<>();
        try (CsvReader reader = reader(text)) {
            while (reader.next()) {
                rows.add(reader.row());
            }
        }
        return rows;
    }

    @Test
    void next_anyLineEnds_separateRecords() throws IOException {
        String text = "\uFEFFa,b\r\nc,d\r\n\n\re,\n,\"\"";
        assertThat(reader(text).header().columns()).containsExactly("a", "b");
        assertThat(rows(text))
                .extracting(CsvRow::line, CsvRow::fields)
                .containsExactly(tuple(2L, List.of("c", "d")), tuple(5L, List.of("e", "")), tuple(6L, List.of("", "")));
        assertThat(rows("a\n\n")).isEmpty();
    }

    @Test
    void next_quotedField_keepsItsText() throws IOException {
        assertThat(rows("x,y\n\"a,\"\"b\"\"\r\nc\",d\n\"\r\",\"\n\"\nlast,\" \""))
                .extracting(CsvRow::line, CsvRow::fields)
                .containsExactly(
                        tuple(2L, List.of("a,\"b\"\r\nc", "d")),
                        tuple(4L, List.of("\r", "\n")),
                        tuple(7L, List.of("last", " ")));
    }

    @Test
    void next_quoteWithinPlainField_isAQuote() throws IOException {
        assertThat(rows("x,y\n5\" nail,\\\"")).extracting(CsvRow::fields).containsExactly(List.of("5\" nail", "\\\""));
    }

    static List<Arguments> malformed() {
        return List.of(
                Arguments.of(
                        "c,\"d",
                        "quoted field must be closed, but was open at the end of the file (f.csv, line 3, column b)"),
                Arguments.of(
                        "c,d\n\"e\"f",
                        "quoted field must end before a comma or line break, but was followed by more text"
                                + " (f.csv, line 4, column a)"),
                Arguments.of("c", "record must have 2 fields, but had 1 (f.csv, line 3, column b)"),
                Arguments.of("c,d,e,f", "record must have 2 fields, but had 4 (f.csv, line 3, column 3)"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void next_malformed_namesLineAndColumn(String rows, String message) {
        assertThatThrownBy(() -> rows("a,b\n\n" + rows))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage(message);
    }

    @Test
    void next_malformed_givesThePosition() {
        assertThatThrownBy(() -> rows("a,b\nc"))
                .asInstanceOf(InstanceOfAssertFactories.type(CsvFormatException.class))
                .satisfies(e -> {
                    assertThat(e.file()).isEqualTo("f.csv");
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.column()).contains("b");
                });
    }

    @Test
    void next_notUtf8_showsTheByte() {
        byte[] latin1 = "a,b\n\u00e4,c".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> {
                    try (CsvReader reader = CsvReader.open(new ByteArrayInputStream(latin1), "f.csv")) {
                        reader.next();
                    }
                })
                .isInstanceOf(CsvFormatException.class)
                .hasMessage("text must be UTF-8, but had byte 0xE4 (f.csv, line 2, column a)");
    }

    @Test
    void open_malformedHeader_namesTheColumnByNumber() {
        assertThatThrownBy(() -> reader("a,\"d"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage(
                        "quoted field must be closed, but was open at the end of the file (f.csv, line 1, column 2)");
        assertThatThrownBy(() -> reader("\na,b,a"))
                .hasMessage("header must name each column once, but repeated column 1 (f.csv, line 2, column 3)");
        assertThatThrownBy(() -> reader("\uFEFF\n"))
                .hasMessage("file must have a header row, but was empty (f.csv, line 1)");
    }

    @Test
    void open_malformedHeader_closesTheStream() {
        List<String> closed = new ArrayList<>();
        InputStream in = new FilterInputStream(new ByteArrayInputStream(new byte[0])) {
            @Override
            public void close() {
                closed.add("closed");
            }
        };

        assertThatThrownBy(() -> CsvReader.open(in, "f.csv")).isInstanceOf(CsvFormatException.class);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void open_fieldTooLong_isAnError() throws IOException {
        byte[] endless = new byte[CsvReader.MAX_FIELD_BYTES + 2];
        Arrays.fill(endless, (byte) 'x');
        endless[0] = '"';

        assertThatThrownBy(() -> CsvReader.open(new ByteArrayInputStream(endless), "f.csv"))
                .hasMessage("field must be at most 33554432 bytes long, but was longer (f.csv, line 1, column 1)");
    }

    @Test
    void row_withoutRecord_isRefused() throws IOException {
        CsvReader reader = reader("a\nb");
        assertThatThrownBy(reader::row)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("next must return true before row is called, but did not");
        assertThat(reader.next()).isTrue();
        assertThat(reader.row().fields()).containsExactly("b");
        assertThat(reader.next()).isFalse();
        assertThatThrownBy(reader::row).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void require_missingColumn_showsANearMatchAlone() throws IOException {
        CsvHeader header = reader("id, Question \n").header();

        header.require("id");
        header.require(List.of());
        assertThatThrownBy(() -> header.require("id", "question"))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage(
                        "header must name column question, but named ' Question ' (f.csv, line 1, column question)");
        assertThatThrownBy(() -> header.require("response"))
                .hasMessage("header must name column response, but named 2 others (f.csv, line 1, column response)");
    }

    @Test
    void row_isReadByColumn() throws IOException {
        CsvRow row = rows("a,b\n12,").get(0);

        assertThat(row.text("a")).isEqualTo("12");
        assertThat(row.find("b")).contains("");
        assertThat(row.find("c")).isEmpty();
        assertThatThrownBy(() -> row.text("c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("column must be in the header, but was c");
        assertThat(row.error("c must be there, but was missing", "c"))
                .hasMessage("c must be there, but was missing (f.csv, line 2, column c)");
        assertThat(row).hasToString("CsvRow[line=2, 2 fields]");
    }

    @Test
    void integer_outOfRange_isAnError() throws IOException {
        CsvRow row = rows("a,b,c,d\n12,-1,one two three,9999999999").get(0);

        assertThat(row.integer("a", 0, 12)).isEqualTo(12);
        assertThat(row.integer("b", -1, 5)).isEqualTo(-1);
        assertThatThrownBy(() -> row.integer("b", 0, Integer.MAX_VALUE))
                .isInstanceOf(CsvFormatException.class)
                .hasMessage("b must be a whole number of at least 0, but was '-1' (f.csv, line 2, column b)");
        assertThatThrownBy(() -> row.integer("c", 0, 1))
                .hasMessage(
                        "c must be a whole number in 0..1, but was a text of 13 characters (f.csv, line 2, column c)");
        assertThatThrownBy(() -> row.integer("d", 0, 1))
                .hasMessage("d must be a whole number in 0..1, but was '9999999999' (f.csv, line 2, column d)");
    }

    @Property(tries = 200, seed = "20261201")
    void next_anyQuotedTable_isReadAsItWas(
            @ForAll @Size(min = 1, max = 4)
                    List<@Size(min = 2, max = 2) List<@Chars({'a', '"', ',', '\n', '\r', '\u00E9'}) String>> table)
            throws IOException {
        StringBuilder csv = new StringBuilder("x,y\r\n");
        for (List<String> row : table) {
            csv.append('"')
                    .append(String.join(
                            "\",\"",
                            row.stream().map(f -> f.replace("\"", "\"\"")).toList()));
            csv.append("\"\r\n");
        }

        assertThat(rows(csv.toString())).extracting(CsvRow::fields).isEqualTo(table);
    }
}
