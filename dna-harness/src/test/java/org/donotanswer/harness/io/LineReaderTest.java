package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static List<String> read(InputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        try (LineReader lines = new LineReader(in)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                assertThat(line.number()).isEqualTo(texts.size() + 1);
                texts.add(line.text() == null ? "! " + line.problem() : line.text());
            }
        }
        return texts;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void next_anyLineEnds_areRemoved() throws IOException {
        assertThat(read(stream("\uFEFFa\r\nb\n\n\rc\r\r\n\uFEFFd"))).containsExactly("a", "b", "", "\rc\r", "\uFEFFd");
        assertThat(read(stream(""))).isEmpty();
        assertThat(read(stream("\n"))).containsExactly("");
    }

    @Test
    void next_notUtf8_isReported() throws IOException {
        byte[] bytes = {'a', '\n', (byte) 0xC3, '\n', (byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

        assertThat(read(new ByteArrayInputStream(bytes)))
                .containsExactly("a", "! must be UTF-8, but was not", "\uFFFD");
    }

    @Test
    void next_tooLong_isSkipped() throws IOException {
        InputStream long1 = repeated('x', LineReader.MAX_BYTES);
        InputStream long2 = repeated('y', LineReader.MAX_BYTES + 1);
        InputStream in = new SequenceInputStream(
                Collections.enumeration(List.of(stream("a\n"), long1, stream("\n"), long2, stream("\nb"))));

        List<String> texts = read(in);

        assertThat(texts).hasSize(4);
        assertThat(texts.get(1)).hasSize(LineReader.MAX_BYTES);
        assertThat(texts.get(2)).isEqualTo("! must be at most 33554432 bytes long, but was longer");
        assertThat(texts.get(3)).isEqualTo("b");
    }

    private static InputStream repeated(char c, int times) {
        byte[] bytes = new byte[times];
        Arrays.fill(bytes, (byte) c);
        return new ByteArrayInputStream(bytes);
    }

    @Property(tries = 200, seed = "20261201")
    void next_anyTextInAnyPieces_givesItsLines(
            @ForAll @Chars({'a', '\n', '\r', '\u00E9', '\u4E2D'}) String text,
            @ForAll @IntRange(min = 1, max = 5) int piece)
            throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(piece, length));
            }
        };
        List<String> expected = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (expected.get(expected.size() - 1).isEmpty()) {
            expected.remove(expected.size() - 1);
        }
        expected.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);

        assertThat(read(in)).isEqualTo(expected);
    }
}
