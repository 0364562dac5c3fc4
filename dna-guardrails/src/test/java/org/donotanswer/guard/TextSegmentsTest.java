package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSegmentsTest {
    private static final String LONG = "x".repeat(20_000);

    /** Returns the sizes of a segment and of the text beside it, each time they are made smaller. */
    private static List<String> sizes(TextSegments segments) {
        List<String> sizes = new ArrayList<>();
        do {
            sizes.add(segments.size() + " " + segments.beside());
        } while (segments.shrink());
        return sizes;
    }

    @ParameterizedTest
    @CsvSource({
        "20000, 4, 8000",
        "8001, 0, 8000",
        "8000, 0, 4000",
        "1001, 0, 1000",
        "1000, 0, 500",
        "10, 10, 500",
        "10, 1000, 500",
        "10, 3000, 2000"
    })
    void size_textKnownToBeTooLong_isBelowItsLength(int text, int instruction, int size) {
        TextSegments segments = TextSegments.ofText("x".repeat(text), "y".repeat(instruction));

        assertThat(segments.size()).isEqualTo(size);
        assertThat(segments.beside()).isEqualTo(size);
    }

    @Test
    void shrink_segmentOfText_takesFromTheInstructionOnceShort() {
        assertThat(sizes(TextSegments.ofText(LONG, "how?")))
                .containsExactly(
                        "8000 8000",
                        "4000 4000",
                        "2000 2000",
                        "1000 1000",
                        "500 500",
                        "500 100",
                        "500 0",
                        "250 0",
                        "125 0");
    }

    @Test
    void shrink_segmentOfTextAlone_getsShorter() {
        assertThat(sizes(TextSegments.ofText(LONG, "")))
                .containsExactly("8000 8000", "4000 4000", "2000 2000", "1000 1000", "500 500", "250 500", "125 500");
    }

    @Test
    void shrink_segmentOfInstruction_keepsSomeText() {
        assertThat(sizes(TextSegments.ofInstruction(LONG, "so", 1_000)))
                .containsExactly("1000 1000", "500 500", "500 100", "250 100", "125 100");
    }

    @Test
    void next_segments_overlapByAnEighth() {
        StringBuilder text = new StringBuilder();
        while (text.length() < 20_000) {
            text.append(text.length()).append(' ');
        }
        text.setLength(20_000);
        TextSegments segments = TextSegments.ofText(text.toString(), "how?");
        List<String> read = new ArrayList<>();
        for (; segments.hasNext(); segments.next()) {
            read.add(segments.text());
            assertThat(segments.instruction()).isEqualTo("how?");
        }

        assertThat(read)
                .containsExactly(text.substring(0, 8_000), text.substring(7_000, 15_000), text.substring(14_000));
    }

    @Test
    void text_surrogatePairAtTheEnd_isReadWhole() {
        String text = "x" + "\ud83d\ude00".repeat(10_000);

        assertThat(TextSegments.ofText(text, "").text()).isEqualTo(text.substring(0, 8_001));
    }

    @Test
    void text_besideAnInstruction_isNotBlank() {
        String text = " ".repeat(3_000) + "so" + " ".repeat(3_000);

        assertThat(TextSegments.ofInstruction(LONG, text, 1_000).text()).contains("so");
    }
}
