package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LowerChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolLettersTest {
    private static final int REGIONAL_A = 0x1F1E6;
    private static final String BLACK_FLAG = "\uD83C\uDFF4";
    private static final String JOINER = "\u200B";

    private static String spelled(String letters, int first, String between) {
        StringBuilder symbols = new StringBuilder();
        letters.chars().forEach(c -> symbols.appendCodePoint(first + c - 'a').append(between));
        return symbols.toString();
    }

    private static String tags(String text) {
        StringBuilder symbols = new StringBuilder();
        text.chars().forEach(c -> symbols.appendCodePoint(0xE0000 + c));
        return symbols.appendCodePoint(0xE007F).toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x249C, 0x1F150, 0x1F170})
    void read_lettersOnSquaresAndDiscs_areLetters(int first) {
        assertThat(SymbolLetters.read("go " + spelled("away", first, "") + "!")).isEqualTo("go away!");
    }

    @Test
    void read_regionalIndicatorsThatAreNoFlags_areLetters() {
        assertThat(SymbolLetters.read(spelled("kill", REGIONAL_A, ""))).isEqualTo("KILL");
        assertThat(SymbolLetters.read(spelled("dead", REGIONAL_A, JOINER))).isEqualTo("D\u200BE\u200BA\u200BD\u200B");
        assertThat(SymbolLetters.read(spelled("x", REGIONAL_A, ""))).isEqualTo("X");
    }

    @Test
    void read_flags_stayFlags() {
        String flags = spelled("defr", REGIONAL_A, "") + " " + spelled("eu", REGIONAL_A, "") + BLACK_FLAG;
        assertThat(SymbolLetters.read(flags)).isEqualTo(flags);
        assertThat(SymbolLetters.read(BLACK_FLAG + tags("gbsct") + " win")).isEqualTo(BLACK_FLAG + " win");
    }

    @Test
    void read_tags_areText() {
        assertThat(SymbolLetters.read("Hi" + tags(" all of you"))).isEqualTo("Hi all of you");
        assertThat(SymbolLetters.read(BLACK_FLAG + tags("all of you"))).isEqualTo(BLACK_FLAG + "all of you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello",
                "\u4F60\u597D",
                "\uD83D\uDC4D\uD83C\uDFFD",
                "1\uFE0F\u20E3",
                "\uD83C",
                "\uD83C\uDD97",
                "\uDB40x"
            })
    void read_otherText_isTheSame(String text) {
        assertThat(SymbolLetters.read(text)).isEqualTo(text);
    }

    @Property(seed = "20261201")
    void read_anyWordInAnySymbols_isTheWord(@ForAll @LowerChars @StringLength(min = 1, max = 20) String word) {
        for (int first : new int[] {0x249C, 0x1F150, 0x1F170}) {
            assertThat(SymbolLetters.read(spelled(word, first, ""))).isEqualTo(word);
        }
    }

    @Property(seed = "20261201")
    void read_anyText_isNeverRefused(@ForAll String text) {
        assertThat(SymbolLetters.read(text).length()).isLessThanOrEqualTo(text.length());
    }
}
