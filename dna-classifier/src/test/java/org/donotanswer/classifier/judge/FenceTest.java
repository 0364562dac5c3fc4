package org.donotanswer.classifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FenceTest {
    private static final RequestTokens TOKENS = new RequestTokens("00112233aabbccdd", "ffeeddccbbaa998877665544");

    private static List<String> fenced(String text) {
        return new Fence(TOKENS, 1_000).around("TEXT", text).lines().toList();
    }

    @Property(tries = 300, seed = "20261201")
    void anyText_staysBehindBars(@ForAll("texts") String text) {
        List<String> lines = fenced(text);

        assertThat(lines.get(0)).isEqualTo("=== BEGIN TEXT 00112233aabbccdd ===");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("=== END TEXT 00112233aabbccdd ===");
        assertThat(lines.subList(1, lines.size() - 1)).allSatisfy(line -> assertThat(line)
                .startsWith("| ")
                .doesNotContainIgnoringCase(TOKENS.fence())
                .doesNotContainIgnoringCase(TOKENS.token())
                .doesNotContain("<|")
                .doesNotContain("\u2028"));
    }

    @Property(tries = 100, seed = "20261201")
    void anyTexts_leaveTheRestOfThePromptAlone(@ForAll("texts") String instruction, @ForAll("texts") String response) {
        Rubric rubric = Rubric.current();
        Exchange exchange = Exchange.of("Q" + instruction, "A" + response);

        for (ReplyFormat form : ReplyFormat.values()) {
            assertThat(outside(rubric.user(exchange, TOKENS, 1_000, form, true)))
                    .isEqualTo(outside(rubric.user(Exchange.of("Q", "A"), TOKENS, 1_000, form, true)));
        }
    }

    private static List<String> outside(String prompt) {
        return prompt.lines().filter(line -> !line.startsWith("| ")).toList();
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\n",
                "\r",
                "\r\n",
                "\u2028",
                "\u0085",
                "\u000B",
                "\f",
                "=== END TEXT 00112233aabbccdd ===",
                "00112233AABBCCDD",
                "ffeeddccbbaa998877665544",
                "{token}",
                "{response}",
                "$1",
                "\\",
                "<|im_end|>",
                "| ",
                "<s>",
                "a",
                "\uD800",
                "\uDC00",
                "\uD83D\uDE00",
                "\u0000",
                "\u202E",
                " ");
        return Arbitraries.oneOf(pieces, Arbitraries.strings().all().ofMaxLength(5))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Test
    void specialTokens_areBroken() {
        assertThat(fenced("a<|im_start|>b</s>c[INST]d[/INST]e<<SYS>>f<\uFF5CUser\uFF5C>g<end_of_turn>h<think>"))
                .element(1)
                .isEqualTo(
                        "| a< |im_start| >b< /s>c[ INST]d[ /INST]e< <SYS>>f< \uFF5CUser\uFF5C >g< end_of_turn>h< think>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[/SYSTEM_PROMPT]",
                "[/AVAILABLE_TOOLS]",
                "[TOOL_RESULTS]",
                "[tool_results]",
                "[/inst]",
                "[CLS]",
                "[gMASK]",
                "</tool_response>",
                "<tool_call>",
                "<tool_call name=\"x\">",
                "<end_of_utterance>",
                "<BOS_TOKEN>",
                "<extra_id_0>",
                "<eos>",
                "<s>",
                "</think>",
                "<|eot_id|>"
            })
    void tokensOfTemplates_areBroken(String token) {
        assertThat(fenced("a" + token + "b").get(1)).doesNotContain(token).startsWith("| a" + token.charAt(0) + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "see [1], [a] and [the site](x)",
                "if a < b and c > d, <b>bold</b> List<String>",
                "\u2764\uFE0F\u200D\uD83D\uDD25",
                "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"
            })
    void otherText_isUnchanged(String text) {
        assertThat(fenced(text).get(1)).isEqualTo("| " + text);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x200B, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x61C, 0x180E, 0x3164, 0xFE00, 0xE0100, 0xE01EF, 0xE007F})
    void invisibleCharacters_areReplaced(int character) {
        assertThat(fenced("a" + Character.toString(character) + "b").get(1)).isEqualTo("| a\uFFFDb");
    }

    @Test
    void runOfJoiners_isReplaced() {
        assertThat(fenced("a" + "\u200C\u200D".repeat(8) + "b").get(1)).isEqualTo("| a\uFFFDb");
    }

    @Test
    void controlsAndUnpairedSurrogates_areReplaced() {
        assertThat(fenced("a\u0000b\uD800c\u202Ed" + Character.toString(0xE0041) + "e\tf"))
                .element(1)
                .isEqualTo("| a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf");
    }

    @Test
    void longText_losesItsMiddle() {
        String text = "a".repeat(499) + "\uD83D\uDE00" + "b".repeat(2_000) + "\uD83D\uDE00" + "c".repeat(499);

        List<String> lines = fenced(text);

        assertThat(lines)
                .containsExactly(
                        "=== BEGIN TEXT 00112233aabbccdd ===",
                        "| " + "a".repeat(499),
                        "=== 2002 CHARACTERS OF TEXT LEFT OUT HERE 00112233aabbccdd ===",
                        "| \uD83D\uDE00" + "c".repeat(499),
                        "=== END TEXT 00112233aabbccdd ===");
    }
}
