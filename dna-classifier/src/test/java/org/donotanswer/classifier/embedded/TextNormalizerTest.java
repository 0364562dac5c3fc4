package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextNormalizerTest {
    private final TextNormalizer normalizer = new TextNormalizer();

    private String normalize(String text) {
        normalizer.normalize(text);
        return new String(normalizer.chars, 0, normalizer.length);
    }

    static Stream<Arguments> handPicked() {
        return Stream.of(
                arguments("Hello, World!", "hello, world!"),
                arguments("I'm   sorry", "i'm sorry"),
                arguments("\u2018a\u2019 \u201Cb\u201D", "'a' \"b\""),
                arguments("a\u2014b \u2013c", "a-b -c"),
                arguments("**bold** _it_ `code` ~~x~~", "bold it code x"),
                arguments("# Title", "title"),
                arguments("- one", "one"),
                arguments("* one", "one"),
                arguments("+ one", "one"),
                arguments("\u2022 one", "one"),
                arguments("> said", "said"),
                arguments(">> said", "said"),
                arguments("--- x", "x"),
                arguments("=== x", "x"),
                arguments("|a|b|", "a b"),
                arguments("caf\u00E9 na\u00EFve Z\u00FCrich", "cafe naive zurich"),
                arguments("cafe\u0301", "cafe"),
                arguments("\uFF21\uFF22\uFF23\uFF01", "abc!"),
                arguments("\uFB01ne", "fine"),
                arguments("a\u200Bb\uFEFFc\u00ADd", "abcd"),
                arguments("a\u00A0b\u3000c\u2028d", "a b c d"),
                arguments("a\u2026", "a..."),
                arguments("yes \uD83D\uDE00 no", "yes no"),
                arguments("a\u0000b", "ab"),
                arguments("a\uD800b", "a b"),
                arguments("a\uDC00\uD800b", "a b"),
                arguments("a\u0007b", "a b"),
                arguments("\u041F\u0440", "\u043F\u0440"),
                arguments("\u4F60\u597D", "\u4F60\u597D"),
                arguments("5-3", "5-3"),
                arguments("5 - 3", "5 3"),
                arguments("-3", "-3"),
                arguments("a\tb\r\nc", "a b c"),
                arguments("  a  ", "a"),
                arguments("snake_case", "snakecase"),
                arguments("2\u00B2", "22"),
                arguments("\u00ABa\u00BB", "\"a\""));
    }

    @ParameterizedTest
    @MethodSource("handPicked")
    void normalize_handPicked_isExactly(String text, String expected) {
        assertThat(normalize(text)).isEqualTo(expected);
    }

    @Test
    void normalize_nothingToRead_isEmpty() {
        for (String text : new String[] {
            "",
            " ",
            "\t\r\n",
            "***",
            "---",
            "- ",
            "> > >",
            "\u200B\uFEFF",
            "\uD83D\uDE00",
            "\uD800",
            "\u0000",
            "```\n```"
        }) {
            assertThat(normalize(text)).isEmpty();
            assertThat(normalizer.truncated).isFalse();
        }
    }

    @Test
    void normalize_asciiAndOtherPath_agree() {
        String text = "**No**, I can't - sorry!\n\n> quoted | `code`\n--- done?";
        String ascii = normalize(text);
        assertThat(normalize(text + "\u200B")).isEqualTo(ascii).isEqualTo("no, i can't sorry! quoted code done?");
    }

    @Test
    void normalize_atMaxChars_isWholeAndNotTruncated() {
        String text = "a".repeat(TextNormalizer.MAX_CHARS);
        assertThat(normalize(text)).isEqualTo(text);
        assertThat(normalizer.truncated).isFalse();
    }

    @Test
    void normalize_longer_isHeadAndTail() {
        String text = "a".repeat(TextNormalizer.HEAD_CHARS) + "b" + "c".repeat(TextNormalizer.TAIL_CHARS);
        assertThat(normalize(text))
                .isEqualTo("a".repeat(TextNormalizer.HEAD_CHARS) + " " + "c".repeat(TextNormalizer.TAIL_CHARS));
        assertThat(normalizer.truncated).isTrue();
        assertThat(normalize("short")).isEqualTo("short");
        assertThat(normalizer.truncated).isFalse();
    }

    @Test
    void normalize_cutWithinSurrogatePair_doesNotThrow() {
        String pair = "\uD83D\uDE00";
        String text = "x" + pair.repeat(10_000);
        assertThat(normalize(text)).isEqualTo("x");
        assertThat(normalizer.truncated).isTrue();
    }

    @Test
    void normalize_expandingCharacters_growsBuffer() {
        // U+FDFA decomposes into eighteen
        String text = "\uFDFA".repeat(TextNormalizer.MAX_CHARS);
        assertThat(normalize(text)).hasSizeGreaterThan(15 * TextNormalizer.MAX_CHARS);
        assertThat(normalizer.truncated).isFalse();
        assertThat(normalize("\u00E9" + " b".repeat(7_999))).hasSize(15_999);
    }

    @Property(seed = "20261201")
    void normalize_anyText_hasSingleSpacesWithinOnly(@ForAll String text) {
        String normalized = normalize(text);
        assertThat(normalized).isEqualTo(normalized.strip()).doesNotContain("  ");
        assertThat(normalized.chars().filter(c -> c == ' ' || !Character.isWhitespace(c)))
                .hasSize(normalized.length());
    }

    @Property(seed = "20261201")
    void normalize_twice_isSame(@ForAll String text) {
        String once = normalize(text);
        if (once.length() <= TextNormalizer.MAX_CHARS) {
            assertThat(normalize(once)).isEqualTo(once);
        }
    }

    @Test
    void normalize_longRunsOfMarks_areCutBeforeTheyAreSorted() {
        for (String pair : new String[] {"\u0301\u0316", "\u0301\uFF9E", "\uD834\uDD65\uD834\uDD6D"}) {
            String marks = pair.repeat(8_000);
            assertThat(TextNormalizer.withoutLongRunsOfMarks("e" + marks + "e" + marks))
                    .hasSize(2 + 30 * pair.length());
            assertThat(normalize("caf\u00E9" + marks + " noir"))
                    .startsWith("cafe")
                    .endsWith(" noir");
        }
        String some = "e" + "\u0301\u0316".repeat(15) + " \uD83D\uDE00\uD800";
        assertThat(TextNormalizer.withoutLongRunsOfMarks(some)).isSameAs(some);
    }
}
