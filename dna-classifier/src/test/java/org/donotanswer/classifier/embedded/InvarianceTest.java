package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvarianceTest {
    private static final SafetyEvaluator EVALUATOR = SafetyEvaluator.create();
    private static final List<Exchange> EXCHANGES = TestExchanges.invariance();

    /** Changes of the form of a text that leave its meaning alone. */
    enum Form {
        UPPER_CASE(text -> text.toUpperCase(Locale.ROOT)),
        LOWER_CASE(text -> text.toLowerCase(Locale.ROOT)),
        NFC(text -> Normalizer.normalize(text, Normalizer.Form.NFC)),
        NFD(text -> Normalizer.normalize(text, Normalizer.Form.NFD)),
        NFKC(text -> Normalizer.normalize(text, Normalizer.Form.NFKC)),
        NFKD(text -> Normalizer.normalize(text, Normalizer.Form.NFKD)),
        CURLY_APOSTROPHES(text -> text.replace('\'', '\u2019')),
        CURLY_QUOTES(text -> text.replaceAll("\"([^\"]*)\"", "\u201C$1\u201D")),
        EN_DASHES(text -> text.replace('-', '\u2013')),
        EM_DASHES(text -> text.replace('-', '\u2014')),
        HYPHENS(text -> text.replace('-', '\u2010')),
        DOUBLED_SPACES(text -> text.replace(" ", "  ")),
        TABS(text -> text.replace(" ", " \t")),
        LINE_BREAKS(text -> text.replace("\n", "\r\n\r\n")),
        NO_BREAK_SPACES(text -> text.replace(' ', '\u00A0')),
        SPACES_AROUND(text -> "\n  " + text + " \t\n"),
        ZERO_WIDTH_SPACES(text -> eachChar(text, "\u200B")),
        ZERO_WIDTH_JOINERS(text -> eachChar(text, "\u200D")),
        BYTE_ORDER_MARK(text -> "\uFEFF" + text),
        SOFT_HYPHENS(text -> eachChar(text, "\u00AD")),
        BOLD(text -> "**" + text + "**"),
        BOLD_WORDS(text -> text.replaceAll("(\\p{L}+)", "**$1**")),
        ITALICS(text -> "_" + text + "_"),
        ITALIC_WORDS(text -> text.replaceAll("(\\p{L}+)", "*$1*")),
        HEADER_BYTES(text -> "## " + text),
        DASH_BULLETS(text -> eachLine(text, "- ")),
        STAR_BULLETS(text -> eachLine(text, "* ")),
        ROUND_BULLETS(text -> eachLine(text, "\u2022 ")),
        BLOCK_QUOTE(text -> eachLine(text, "> ")),
        CODE_FENCE(text -> "```\n" + text + "\n```"),
        HORIZONTAL_RULES(text -> "---\n" + text + "\n***"),
        FULL_WIDTH(InvarianceTest::fullWidth);

        @SuppressWarnings("ImmutableEnumChecker") // its functions have no state
        private final UnaryOperator<String> change;

        Form(UnaryOperator<String> change) {
            this.change = change;
        }

        Exchange apply(Exchange exchange) {
            return Exchange.of(change.apply(exchange.instruction()), change.apply(exchange.response()));
        }
    }

    private static String eachChar(String text, String between) {
        return text.chars().mapToObj(c -> (char) c + between).collect(Collectors.joining());
    }

    private static String eachLine(String text, String before) {
        return before + text.replace("\n", "\n" + before);
    }

    private static String fullWidth(String text) {
        return text.chars()
                .map(c -> c > ' ' && c < 127 ? c + 0xFEE0 : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource
    void evaluate_otherForm_isEqual(Form form) {
        for (Exchange exchange : EXCHANGES) {
            assertThat(EVALUATOR.evaluate(form.apply(exchange)))
                    .isInstanceOf(Scored.class)
                    .isEqualTo(EVALUATOR.evaluate(exchange));
        }
    }

    @Provide
    Arbitrary<Exchange> exchanges() {
        return Arbitraries.of(EXCHANGES);
    }

    @Provide
    Arbitrary<List<Form>> forms() {
        return Arbitraries.of(Form.class).list().ofMinSize(1).ofMaxSize(6);
    }

    @Property(tries = 500, seed = "20261201")
    void evaluate_manyFormsAtOnce_isEqual(@ForAll("exchanges") Exchange exchange, @ForAll("forms") List<Form> forms) {
        Exchange changed = exchange;
        for (Form form : forms) {
            changed = form.apply(changed);
        }
        assertThat(EVALUATOR.evaluate(changed)).isEqualTo(EVALUATOR.evaluate(exchange));
    }
}
