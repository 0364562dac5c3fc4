package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TextEndsTest {
    /** How many chars the tokenizer has been given. */
    private long chars;

    /** Reads each number as a token, and everything else as token 0. */
    private TextEnds ends(boolean splitsAtSpaces) {
        return new TextEnds(
                text -> {
                    chars += text.length();
                    return Arrays.stream(text.split(" ", -1))
                            .filter(word -> !word.isEmpty())
                            .mapToLong(word -> word.matches("\\d{1,9}") ? Long.parseLong(word) : 0)
                            .toArray();
                },
                splitsAtSpaces);
    }

    private static String numbers(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append(i).append(' ');
        }
        return text.toString();
    }

    private static long[] range(long from, long to) {
        return LongStream.rangeClosed(from, to).toArray();
    }

    @Test
    void both_shortText_isWhole() {
        TextEnds.Both both = ends(true).both("1 2 3", 2, 2);

        assertThat(both.isCut()).isFalse();
        assertThat(both.first()).containsExactly(1, 2, 3);
        assertThat(both.last()).containsExactly(1, 2, 3);
    }

    @Test
    void both_longText_hasTheFirstAndTheLastTokensOfTheWhole() {
        TextEnds.Both both = ends(true).both(numbers(100_000), 500, 100);

        assertThat(both.isCut()).isTrue();
        assertThat(both.first()).hasSizeGreaterThan(500).isEqualTo(range(1, both.first().length));
        assertThat(both.last())
                .hasSizeGreaterThanOrEqualTo(100)
                .isEqualTo(range(100_001 - both.last().length, 100_000));
    }

    @Test
    void both_longText_readsAsMuchAsOfALongerOne() {
        TextEnds ends = ends(true);
        String longer = "word ".repeat(10_000);

        ends.both(longer, 500, 100);
        long ofLonger = chars;
        ends.both(longer.repeat(20), 500, 100);

        assertThat(ofLonger).isLessThan(longer.length() / 5);
        assertThat(chars - ofLonger).isEqualTo(ofLonger);
    }

    @Test
    void both_restOfFewTokens_isWhole() {
        // The first 1,024 chars have enough tokens; the rest has fewer than those needed of the end.
        String text = numbers(290);

        TextEnds.Both both = ends(true).both(text, 100, 90);

        assertThat(text.length()).isGreaterThan(1_024);
        assertThat(both.isCut()).isFalse();
        assertThat(both.first()).isEqualTo(range(1, 290));
        assertThat(both.last()).isEqualTo(range(1, 290));
    }

    @Test
    void both_endNotNeeded_isNotRead() {
        TextEnds.Both both = ends(true).both(numbers(100_000), 500, 0);

        assertThat(both.isCut()).isTrue();
        assertThat(chars).isLessThan(numbers(100_000).length() / 10);
    }

    @Test
    void both_fewTokensInManyChars_readsMoreAndMoreUpToTheMaximum() {
        String gap = " ".repeat(30_000);

        assertThat(ends(true).both("1" + gap + "2" + gap + "3", 2, 2).first()).containsExactly(1, 2, 3);

        chars = 0;
        TextEnds.Both both = ends(true).both("1" + gap.repeat(5) + "2" + gap.repeat(5) + "3", 2, 2);
        assertThat(both.isCut()).isTrue();
        assertThat(both.first()).containsExactly(1);
        assertThat(both.last()).containsExactly(3);
        assertThat(chars).isLessThan(3 * 65_536);
    }

    @Test
    void both_manyCharsForEachToken_readsFewerOfThemIfTheEndIsReadAsWell() {
        String text = "1" + " ".repeat(1_000_000) + "2";

        assertThat(ends(true).both(text, 3_000, 0).isCut()).isTrue();
        long withoutEnd = chars;
        chars = 0;
        TextEnds.Both both = ends(true).both(text, 3_000, 750);

        assertThat(both.first()).containsExactly(1);
        assertThat(both.last()).containsExactly(2);
        assertThat(withoutEnd).isEqualTo(3_001 * 256);
        assertThat(chars).isEqualTo(3_001 * 32 + 65_536);
    }

    @Test
    void both_textThatCannotBeSplit_isCutBetweenCharacters() {
        // Each is two chars, and the maximum of 65,536 chars is in the middle of one.
        String text = "a" + "\uD83D\uDE42".repeat(100_000) + "b";
        StringBuilder read = new StringBuilder();
        TextEnds ends = new TextEnds(
                piece -> {
                    read.append(piece);
                    return new long[] {1};
                },
                false);

        TextEnds.Both both = ends.both(text, 10, 10);

        assertThat(both.isCut()).isTrue();
        assertThat(read.toString()).startsWith("a\uD83D\uDE42").endsWith("\uD83D\uDE42b");
        assertThat(read.length()).isEqualTo(2 * 65_535);
        assertThat(read.toString().replace("\uD83D\uDE42", "")).isEqualTo("ab");
    }

    @Test
    void both_tokenizerThatLooksBeyondSpaces_readsUpToTheMaximum() {
        TextEnds.Both both = ends(false).both(numbers(100_000), 50, 10);

        assertThat(both.isCut()).isTrue();
        assertThat(both.first()).isEqualTo(range(1, both.first().length)).hasSizeGreaterThan(10_000);
        assertThat(chars).isLessThanOrEqualTo(2 * 65_536).isGreaterThan(2 * 65_500);
    }
}
