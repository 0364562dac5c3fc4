package org.donotanswer.dataset.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CsvWriterTest {
    private static String verbatim(List<String> header, List<String> row) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvWriter.verbatim(out, header).write(row);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String forSpreadsheet(List<String> header, List<String> row) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvWriter.forSpreadsheet(out, header).write(row);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> read(String csv) throws IOException {
        byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
        try (CsvReader reader = CsvReader.open(new ByteArrayInputStream(bytes), "x.csv")) {
            assertThat(reader.next()).isTrue();
            List<String> fields = reader.row().fields();
            assertThat(reader.next()).isFalse();
            return fields;
        }
    }

    @Test
    void write_quotesWhereNeeded() throws IOException {
        assertThat(verbatim(List.of("a", "b", "c", "d"), List.of("x", "say \"y\"", "1,2", "")))
                .isEqualTo("a,b,c,d\r\nx,\"say \"\"y\"\"\",\"1,2\",\r\n");
        assertThat(verbatim(List.of("a"), List.of(""))).isEqualTo("a\r\n\"\"\r\n");
    }

    @Test
    void verbatim_keepsFormulas() throws IOException {
        assertThat(verbatim(List.of("a", "b"), List.of("=1", "-2"))).isEqualTo("a,b\r\n=1,-2\r\n");
    }

    @Test
    void forSpreadsheet_marksTheEncodingAndEscapesFormulas() throws IOException {
        assertThat(forSpreadsheet(List.of("=a", "b"), List.of("=1", "2"))).isEqualTo("\uFEFF'=a,b\r\n'=1,2\r\n");
    }

    @Property(seed = "20261201")
    void verbatim_anyFields_areReadAsTheyWere(
            @ForAll @Size(min = 1, max = 3) List<@Chars({'a', '"', ',', '\n', '\r'}) String> row) throws IOException {
        List<String> header = List.of("x", "y", "z").subList(0, row.size());
        assertThat(read(verbatim(header, row))).isEqualTo(row);
    }

    @Property(seed = "20261201")
    void forSpreadsheet_anyText_isReadAsItWas(
            @ForAll @Chars({'\'', '=', '-', '"', ',', '\n', '\r'}) @CharRange(from = 'a', to = 'c') String text)
            throws IOException {
        String cell =
                read(forSpreadsheet(List.of("a", "b"), List.of(text, "end"))).get(0);

        assertThat(FormulaEscaping.unescape(cell)).isEqualTo(text);
        assertThat(cell).doesNotStartWith("=").doesNotStartWith("-");
    }

    @Test
    void write_wrongNumberOfFields_isRefused() {
        assertThatThrownBy(() -> verbatim(List.of("a", "b"), List.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record must have 2 fields, but had 1");
    }
}
