package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvWriterTest {
    private static String written(List<String> header, List<String> row) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new CsvWriter(out, header).write(row);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void write_quotesWhereNeeded() throws IOException {
        assertThat(written(List.of("a", "b", "c", "d"), List.of("x", "say \"y\"", "1,2", "")))
                .isEqualTo("a,b,c,d\r\nx,\"say \"\"y\"\"\",\"1,2\",\"\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'=1", "''-1", "\uFF1D1"})
    void formula_isGuarded(String cell) {
        assertThat(CsvWriter.guarded(cell)).isEqualTo("'" + cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1=1", "'", "'tis", "''", " =1"})
    void otherCell_isLeftAlone(String cell) {
        assertThat(CsvWriter.guarded(cell)).isEqualTo(cell);
        assertThat(CsvWriter.unguarded(cell)).isEqualTo(cell);
    }

    @Property
    void anyText_isReadAsItWas(
            @ForAll @Chars({'\'', '=', '-', '"', ',', '\n', '\r'}) @CharRange(from = 'a', to = 'c') String text)
            throws IOException {
        byte[] bytes = written(List.of("a", "b"), List.of(text, "end")).getBytes(StandardCharsets.UTF_8);
        List<String> fields = new ArrayList<>();
        try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes), "x.csv")) {
            reader.next();
            CsvReader.Row row = reader.next();
            assertThat(row).isNotNull();
            fields.addAll(row.fields());
        }

        assertThat(CsvWriter.unguarded(fields.get(0))).isEqualTo(text);
        assertThat(fields.get(0)).doesNotStartWith("=").doesNotStartWith("-");
    }

    @Test
    void wrongLength_isRefused() {
        assertThatThrownBy(() -> written(List.of("a", "b"), List.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record must have 2 fields, but was 1");
    }
}
