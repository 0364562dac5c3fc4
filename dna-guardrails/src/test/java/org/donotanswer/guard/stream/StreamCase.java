package org.donotanswer.guard.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.donotanswer.guard.SafetyGuard;

/**
 * A random response and how it is streamed.
 *
 * @param answer the text
 * @param marker what makes it unsafe; absent unless planted
 * @param planted where the marker is; -1 if nowhere
 * @param cuts where the text is cut into tokens
 * @param demands how much the subscriber requests at a time
 */
record StreamCase(
        String answer, String marker, int planted, List<Integer> cuts, WindowSizes sizes, List<Integer> demands) {
    /** Occurs in no text unless planted. */
    private static final String MARK = "\u26d4";

    private static final List<String> FRAGMENTS = List.of(
            "word",
            " ",
            "Sentence one. ",
            "(He said \"no!\") ",
            "e.g. ",
            "3.14",
            "...",
            ". . . . . . . . ",
            "?! ",
            "\n",
            "\r\n\r\n",
            "   \t  ",
            "是的。这是",
            "日本語テキスト！",
            "\ud83d\ude00",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ud83d",
            "\ude00",
            "\u200b",
            "0123456789",
            "x".repeat(37),
            "\u2028",
            "a\u0301",
            "\u0000");

    static Arbitrary<StreamCase> any() {
        Arbitrary<String> text =
                Arbitraries.of(FRAGMENTS).list().ofMaxSize(120).map(fragments -> String.join("", fragments));
        Arbitrary<WindowSizes> sizes = Combinators.combine(
                        Arbitraries.integers().between(1, 60),
                        Arbitraries.integers().between(0, 120),
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(0, 40))
                .as((minimum, more, overlap, head) ->
                        new WindowSizes(minimum, Math.max(2, minimum + more), overlap, head));
        Arbitrary<List<Double>> places =
                Arbitraries.doubles().between(0, 1).list().ofMaxSize(60);
        Arbitrary<List<Integer>> demands = Arbitraries.of(1, 1, 2, 3, 7, Integer.MAX_VALUE)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
        return Combinators.combine(
                        text, sizes, places, demands, Arbitraries.doubles().between(-1, 1), markers())
                .as((answer, windows, cuts, asked, place, longMarker) -> {
                    String marker = longMarker.substring(0, Math.min(longMarker.length(), windows.overlap() + 1));
                    int planted = place < 0 ? -1 : (int) (place * answer.length());
                    String all = place < 0 ? answer : answer.substring(0, planted) + marker + answer.substring(planted);
                    TreeSet<Integer> sorted = new TreeSet<>();
                    cuts.forEach(cut -> sorted.add((int) (cut * all.length())));
                    return new StreamCase(all, marker, planted, List.copyOf(sorted), windows, asked);
                });
    }

    /** A span that contains everything at which windows may be cut. */
    private static Arbitrary<String> markers() {
        return Arbitraries.of("a", " ", ". ", "\n", "。", "\ud83d\ude00", MARK)
                .list()
                .ofMaxSize(40)
                .map(parts -> MARK + String.join("", parts));
    }

    /** Returns the text in tokens, some of them empty. */
    List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        for (int cut : cuts) {
            tokens.add(answer.substring(start, cut));
            start = cut;
        }
        tokens.add(answer.substring(start));
        return tokens;
    }

    /** Returns the text in tokens of one char each. */
    List<String> characters() {
        List<String> characters = new ArrayList<>();
        for (int i = 0; i < answer.length(); i++) {
            characters.add(answer.substring(i, i + 1));
        }
        return characters;
    }

    /** Returns a builder with the windows of this case. */
    StreamGuard.Builder streams(SafetyGuard guard) {
        return StreamGuard.builder()
                .guard(guard)
                .minimumStep(sizes.minimumStep())
                .maximumStep(sizes.maximumStep())
                .overlap(sizes.overlap())
                .head(sizes.head())
                .idleTimeout(Duration.ZERO);
    }
}
