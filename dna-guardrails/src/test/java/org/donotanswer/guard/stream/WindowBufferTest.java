package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.Verdict.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowBufferTest {
    /** Returns the windows of a text, all of which pass, with the cuts marked between them. */
    private static List<String> windows(WindowSizes sizes, String text) {
        WindowBuffer buffer = new WindowBuffer(sizes);
        buffer.append(text);
        List<String> windows = new ArrayList<>();
        Window window;
        while ((window = buffer.next()) != null) {
            windows.add(buffer.text(window.start(), window.end()));
            buffer.pass();
        }
        window = buffer.rest();
        windows.add(window == null ? "" : buffer.text(window.start(), window.end()));
        return windows;
    }

    private static List<String> steps(int minimum, int maximum, String text) {
        return windows(new WindowSizes(minimum, maximum, 0, 0), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Yes. No|4",
                "Yes! No|4",
                "Yes? No|4",
                "Yes... No|6",
                "Yes… No|4",
                "(Yes.) No|6",
                "“Yes.” No|6",
                "**Yes.** No|8",
                "Yes!? No|5",
                "In 2023. No|8",
                "Go on. No|6",
                "Yes.)))))))) No|12",
                "Yes.))))))))) No|-1",
                "e.g. No|-1",
                "J. Smith|-1",
                "1. First|-1",
                "12. Twelfth|-1",
                "3.14 is pi|-1",
                "No end|-1",
                ". No|1",
                ")) No|-1"
            })
    void isBefore_whiteSpace_isASentenceEndOrNot(String text, int end) {
        int found = -1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ' && SentenceEnds.isBefore(text, i)) {
                found = i;
                break;
            }
        }
        assertThat(found).isEqualTo(end);
    }

    @Test
    void next_sentences_endWindowsOnceTheyAreLongEnough() {
        assertThat(steps(10, 30, "One. Two. Three. Four. Five. Six."))
                .containsExactly("One. Two. Three.", " Four. Five.", " Six.");
    }

    @Test
    void next_sentenceOfTheMinimum_endsAWindow() {
        assertThat(steps(10, 30, "Ten chars. And some more of it.")).first().isEqualTo("Ten chars.");
    }

    @Test
    void next_noSentenceEnd_cutsBetweenWords() {
        assertThat(steps(10, 20, "a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh"))
                .containsExactly("a bb ccc dddd eeeee", " ffffff ggggggg", " hhhhhhhh");
    }

    @Test
    void next_noSpaces_cutsAtTheMaximum() {
        assertThat(steps(4, 6, "x".repeat(15))).containsExactly("xxxxxx", "xxxxxx", "xxx");
        assertThat(steps(4, 6, "这里没有空格。也没有")).containsExactly("这里没有空格", "。也没有");
        assertThat(steps(4, 8, "这里没有空格。也没有")).containsExactly("这里没有空格。", "也没有");
    }

    @Test
    void next_surrogatePairAtTheMaximum_isNotCut() {
        assertThat(steps(3, 5, "\ud83d\ude00".repeat(4)))
                .containsExactly("\ud83d\ude00".repeat(2), "\ud83d\ude00".repeat(2));
        // The last char may be half of a surrogate pair, and is therefore withheld.
        assertThat(steps(3, 5, "\ud83d".repeat(6))).containsExactly("\ud83d".repeat(4), "\ud83d".repeat(3));
    }

    @Test
    void next_minimumOfOne_stillMovesOn() {
        assertThat(steps(1, 2, "\ud83d".repeat(5))).hasSize(5);
    }

    @Test
    void next_lineBreaks_endWindows() {
        assertThat(steps(5, 50, "- one\n- two\r\n- three")).containsExactly("- one\n", "- two\r\n", "- three");
    }

    @Test
    void next_endOfTextAfterAStop_waitsForWhatFollows() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(15, 50, 0, 0));
        buffer.append("It is exactly 3.");
        assertThat(buffer.next()).isNull();
        buffer.append("5 m");
        assertThat(buffer.next()).isNull();
        buffer.append(" long. ");
        assertThat(buffer.next()).isEqualTo(new Window(0, "It is exactly 3.5 m long.".length()));
    }

    @Test
    void pass_overlap_beginsWithASentenceOrWord() {
        assertThat(windows(new WindowSizes(20, 40, 5, 0), "A first sentence here. And it goes on. More."))
                .containsExactly("A first sentence here.", " here. And it goes on. More.");
        assertThat(windows(
                        new WindowSizes(20, 40, 10, 0),
                        "It is here, all of it, at last. So it is. And it goes on, it does. Yes"))
                .containsExactly(
                        "It is here, all of it, at last.",
                        " it, at last. So it is. And it goes on, it does.",
                        " on, it does. Yes");
    }

    @Test
    void pass_overlap_beginsAfterALineBreak() {
        assertThat(windows(new WindowSizes(20, 40, 12, 0), "aaaa bbbb\ncccc dddd eeee. ffff"))
                .containsExactly("aaaa bbbb\ncccc dddd eeee.", "cccc dddd eeee. ffff");
    }

    @Test
    void pass_noPlaceNear_takesTheOverlapAsItIs() {
        assertThat(windows(new WindowSizes(4, 6, 2, 0), "abcdefghijklmno"))
                .containsExactly("abcdef", "efghijkl", "klmno");
    }

    @Test
    void hold_window_growsByAStep() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(3, 6, 0, 0));
        buffer.append("xxxxxxxxxxxxxxx");
        assertThat(buffer.next()).isEqualTo(new Window(0, 6));
        buffer.hold();
        assertThat(buffer.next()).isEqualTo(new Window(0, 12));
        assertThat(buffer.passed()).isZero();
        buffer.pass();
        assertThat(buffer.passed()).isEqualTo(12);
    }

    @Test
    void reading_window_hasTheHeadOnALineOfItsOwn() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(8, 16, 0, 12));
        buffer.append("I cannot help with that. aaaaa bbbb ccccc dddd eeeee");
        List<String> readings = new ArrayList<>();
        Window window;
        while ((window = buffer.next()) != null) {
            readings.add(buffer.head(window) + buffer.text(window.start(), window.end()));
            buffer.pass();
        }
        assertThat(readings)
                .containsExactly(
                        "I cannot help", "I cannot\n with that.", "I cannot\n aaaaa bbbb", "I cannot\n ccccc dddd");
    }

    @Test
    void head_allBeforeTheWindow_hasNoLineBreak() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(8, 16, 0, 12));
        buffer.append("I can't help with that, sorry.");

        assertThat(buffer.head(new Window(0, 12))).isEmpty();
        assertThat(buffer.head(new Window(5, 20))).isEqualTo("I can");
        assertThat(buffer.head(new Window(12, 20))).isEqualTo("I can't help");
    }

    @Test
    void head_noSpaceInItsSecondHalf_isCutWithinAWord() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(8, 16, 0, 12));
        buffer.append("abcdef ghijklmnop qrst");

        assertThat(buffer.head(new Window(18, 22))).isEqualTo("abcdef ghijk\n");
    }

    @Test
    void sizes_tooSmall_areRefused() {
        assertThatThrownBy(() -> new WindowSizes(0, 10, 0, 0)).hasMessage("minimumStep must be at least 1, but was 0");
        assertThatThrownBy(() -> new WindowSizes(1, 1, 0, 0)).hasMessage("maximumStep must be at least 2, but was 1");
        assertThatThrownBy(() -> new WindowSizes(1, 10, -1, 0)).hasMessage("overlap must be at least 0, but was -1");
        assertThatThrownBy(() -> new WindowSizes(1, 10, 0, -1)).hasMessage("head must be at least 0, but was -1");
    }

    @Test
    void stepAt_longResponse_grows() {
        WindowSizes sizes = new WindowSizes(400, 3_200, 150, 300);
        assertThat(sizes.stepAt(0)).isEqualTo(400);
        assertThat(sizes.stepAt(1_200)).isEqualTo(400);
        assertThat(sizes.stepAt(2_400)).isEqualTo(800);
        assertThat(sizes.stepAt(100_000)).isEqualTo(1_600);
        assertThat(new WindowSizes(400, 800, 150, 300).stepAt(100_000)).isEqualTo(400);
        assertThat(new WindowSizes(400, 400, 150, 300).stepAt(100_000)).isEqualTo(400);
    }

    @Test
    void rest_nothingNew_isNone() {
        WindowBuffer buffer = new WindowBuffer(new WindowSizes(3, 6, 2, 0));
        assertThat(buffer.rest()).isNull();
        buffer.append("abc");
        assertThat(buffer.rest()).isNull();
        buffer.append("def");
        assertThat(buffer.next()).isNotNull();
        buffer.pass();
        assertThat(buffer.rest()).isNull();
        buffer.append("g");
        assertThat(buffer.rest()).isEqualTo(new Window(4, 7));
    }
}
