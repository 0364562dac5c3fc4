package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
    private final Tokens tokens = new Tokens();

    private List<String> tokenize(String text) {
        TextNormalizer normalizer = new TextNormalizer();
        normalizer.normalize(text);
        tokens.tokenize(normalizer.chars, normalizer.length);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < tokens.count; i++) {
            words.add(new String(tokens.text[i], tokens.start[i], tokens.end[i] - tokens.start[i]));
        }
        return words;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            quoteCharacter = '"',
            textBlock =
                    """
            can't = cannot
            can not = cannot
            cannot = cannot
            can\u2019t = cannot
            CAN'T = cannot
            can, not = can , not
            won't = will not
            shan't = shall not
            ain't = is not
            let's = let us
            don't = do not
            didn't = did not
            wouldn't've = wouldn t ve
            it's = it is
            that's = that is
            she's = she is
            John's = john
            the dog's tail = the dog tail
            the dogs' tails = the dogs tails
            I'm = i am
            you're = you are
            we've = we have
            he'll = he will
            I'd = i would
            'quoted' = quoted
            'tis = tis
            o'clock = o clock
            x''y = x y
            3.5 = 3 . 5
            a-b = a - b
            (yes) = ( yes )
            caf\u00E9 = cafe
            """)
    void tokenize_handPicked_isExactly(String text, String expected) {
        assertThat(String.join(" ", tokenize(text))).isEqualTo(expected);
    }

    @Test
    void tokenize_contraction_hashesLikeItsWords() {
        tokenize("I'm sure that it isn't and I can't");
        long[] contracted = java.util.Arrays.copyOf(tokens.hash, tokens.count);
        tokenize("I am sure that it is not and I can not");
        assertThat(contracted).isEqualTo(java.util.Arrays.copyOf(tokens.hash, tokens.count));
        assertThat(contracted[contracted.length - 1]).isEqualTo(Hashing.of("cannot"));
    }

    @Test
    void tokenize_marks_endClausesAndSentences() {
        tokenize("No, sorry. Is 3.5 it: yes!");
        List<String> clauses = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < tokens.count; i++) {
            String token = new String(tokens.text[i], tokens.start[i], tokens.end[i] - tokens.start[i]);
            if (tokens.endsClause[i]) {
                clauses.add(token);
            }
            if (tokens.endsSentence[i]) {
                sentences.add(token);
            }
        }
        assertThat(clauses).containsExactly(",", ".", ":", "!");
        assertThat(sentences).containsExactly(".", ":", "!");
    }

    @Test
    void tokenize_manyTokens_growsAndIsReusable() {
        assertThat(tokenize("can not, ".repeat(1_700))).hasSize(3_400);
        assertThat(tokens.isWord[3_398]).isTrue();
        assertThat(tokens.isWord[3_399]).isFalse();
        assertThat(tokenize("a b")).containsExactly("a", "b");
        assertThat(tokens.endsClause[1]).isFalse();
    }

    @Property(seed = "20261201")
    void tokenize_anyText_givesTokensWithHashesOfTheirOwn(@ForAll String text) {
        List<String> words = tokenize(text);
        for (int i = 0; i < words.size(); i++) {
            assertThat(words.get(i)).isNotEmpty().doesNotContain(" ");
            assertThat(tokens.hash[i]).isEqualTo(Hashing.of(words.get(i).replace("'", "")));
        }
    }
}
