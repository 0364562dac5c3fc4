package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTextTest {
    private static final String ANSWER = "Rather ask a gardener. Shall I go on?";

    /** In the parameters, \n is a line feed. */
    private static String lines(String text) {
        return text.replace("\\n", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>\\nThey want moss. Pull it.\\n</think>\\n\\n",
                "<think>They want moss. Pull it.</think>",
                "  <THINK>They want moss. Pull it.</Think>  ",
                "<thinking>They want moss. Pull it.</thinking>\\n",
                "<think signature=\"x1\">They want moss. Pull it.</think>",
                "<reasoning>\\nThey want moss. Pull it.\\n</reasoning>\\n",
                "<thought>They want moss. Pull it.</thought>",
                "<seed:think>They want moss. Pull it.</seed:think>",
                "<scratchpad>They want moss. Pull it.</scratchpad>",
                "[THINK]They want moss. Pull it.[/THINK]",
                "◁think▷They want moss. Pull it.◁/think▷",
                "<|begin_of_thought|>They want moss. Pull it.<|end_of_thought|>\\n",
                "<|START_THINKING|>They want moss. Pull it.<|END_THINKING|>",
                "<|channel>thought\\nThey want moss. Pull it.<channel|>",
                "<unused94>thought\\nThey want moss. Pull it.<unused95>",
                "<|im_start|>assistant\\n<think>They want moss. Pull it.</think>",
                "<details type=\"reasoning\" done=\"true\">They want moss. Pull it.</details>\\n",
                "```thinking\\nThey want moss. Pull it.\\n```\\n",
                "Here is my thought process: They want moss. Pull it. Here is my response: ",
                "analysisThey want moss. Pull it.assistantfinal",
                "<|channel|>analysis<|message|>They want moss. Pull it.<|end|><|start|>assistant<|channel|>final<|message|>",
                "<|start|>assistant<|channel|>analysis<|message|>They want moss. Pull it.<|end|>\\n<|channel|>final<|message|>",
                "They want moss. Pull it.<|end|><|start|>assistant<|channel|>final<|message|>",
                "They want moss. Pull it.\\n</think>\\n\\n",
                "They want moss. Pull it. </think> ",
                "They want moss. Pull it.</think>",
                "They want moss. Pull it.[/THINK]",
                "They want moss. Pull it.\\n</reasoning>\\n"
            })
    void of_thinkingBeforeTheAnswer_isKeptBesideIt(String before) {
        ResponseText text = ResponseText.of(lines(before) + ANSWER);

        assertThat(text.answer()).isEqualTo(ANSWER);
        assertThat(text.thinking()).contains("They want moss. Pull it.");
        assertThat(text.cutOff()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<answer>%s</answer>",
                "<answer>\\n%s\\n</answer>\\n",
                "<answer>%s",
                "<output>%s</output>",
                "<|begin_of_solution|>%s<|end_of_solution|>",
                "<|START_RESPONSE|>%s<|END_RESPONSE|>"
            })
    void of_tagsAroundTheWholeAnswer_areMarkup(String wrapped) {
        ResponseText text =
                ResponseText.of("<think>Moss.</think>\n" + lines(wrapped).formatted(ANSWER));

        assertThat(text.answer()).isEqualTo(ANSWER);
        assertThat(text.thinking()).contains("Moss.");
    }

    @Test
    void of_textAfterTheTagsOfAnAnswer_staysWithThem() {
        assertThat(ResponseText.of("<think>Moss.</think><answer>Four</answer> is even.")
                        .answer())
                .isEqualTo("<answer>Four</answer> is even.");
    }

    @Test
    void of_reasoningSteps_endWhereTheFinalResponseBegins() {
        ResponseText text = ResponseText.of(
                "Here are my reasoning steps:\nMoss.\n[BEGIN FINAL RESPONSE]\n" + ANSWER + "\n[END FINAL RESPONSE]\n");

        assertThat(text).isEqualTo(new ResponseText(ANSWER, Optional.of("Moss."), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>\\nThey want moss.",
                "<think>They want moss.",
                "[THINK]They want moss.",
                "<thinking>\\nThey want moss.",
                "<|channel|>analysis<|message|>They want moss.",
                "<|channel|>analysis<|message|>They want moss.<|end|>"
            })
    void of_thinkingWithoutAnEnd_hasNoAnswer(String text) {
        assertThat(ResponseText.of(lines(text))).isEqualTo(new ResponseText("", Optional.of("They want moss."), true));
    }

    @Test
    void of_endOfThinkingWithoutAnAnswer_hasNoAnswer() {
        assertThat(ResponseText.of("<think>Moss.</think>\n"))
                .isEqualTo(new ResponseText("", Optional.of("Moss."), false));
        assertThat(ResponseText.of("Moss.\n</think>\n")).isEqualTo(new ResponseText("", Optional.of("Moss."), false));
    }

    @Test
    void of_blankThinking_isNone() {
        assertThat(ResponseText.of("<think>\n\n</think>\n\n" + ANSWER))
                .isEqualTo(new ResponseText(ANSWER, Optional.empty(), false));
        assertThat(ResponseText.of("\n</think>\n\n" + ANSWER))
                .isEqualTo(new ResponseText(ANSWER, Optional.empty(), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "Plain.",
                "Reasoning models write <think> before they reason, and </think> after it.",
                "Use `<think>` and `</think>` for that.",
                "The end is marked by \"</think>\" in most models.",
                "The tag is: </think>",
                "</think> is the tag that ends it.",
                "<think> and </think> are tags of reasoning models.",
                "<think>, then </think>, in this order.",
                "<think> is a tag",
                "Write this:\\n```xml\\n<think>\\nSteps\\n</think>\\nDone\\n```\\nThat is all.",
                "```\\nSteps.\\n</think>\\nDone\\n```",
                "Put your steps between <think>\\nand\\n</think>\\nand go on.",
                "He said: <reasoning>none</reasoning> is best.",
                "The channel is written <|channel|>final<|message|> in Harmony.",
                "Here is my thought process: first the moss, then the ivy.",
                "analysis of the moss, by an assistant. The final word.",
                "<answer>Four</answer>",
                "if (a <think && b> c) { }"
            })
    void of_textThatIsOnlyAboutTags_isTheSame(String given) {
        String text = lines(given);

        ResponseText found = ResponseText.of(text);

        assertThat(found.answer()).isSameAs(text);
        assertThat(found).isEqualTo(new ResponseText(text, Optional.empty(), false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<think>About the `</think>` tag.</think>It ends thinking.|About the `</think>` tag.|It ends thinking.",
                "<think>a</think>\\n</think>\\n\\nSo be it.|a|So be it.",
                "<think>a</think><think>b</think>So be it.|a\\n\\nb|So be it.",
                "<think>a</think>Let me look. <think>b</think>So be it.|a\\n\\nb|Let me look. So be it.",
                "<think>a</think>Write `<think>b</think>` so.|a|Write `<think>b</think>` so.",
                "<think>a</think>The tag <think>b</think> is one.|a|The tag <think>b</think> is one.",
                "<think>They say <think> a lot.</think>So be it.|They say <think> a lot.|So be it."
            })
    void of_severalTags_areToldApart(String text, String thinking, String answer) {
        assertThat(ResponseText.of(lines(text)))
                .isEqualTo(new ResponseText(answer, Optional.of(lines(thinking)), false));
    }

    @Test
    void of_channels_keepCommentsForTheUserAndHideCallsOfTools() {
        ResponseText text =
                ResponseText.of("<|channel|>analysis<|message|>Moss.<|end|><|start|>assistant<|channel|>commentary"
                        + "<|message|>I shall look. <|end|><|start|>assistant<|channel|>commentary to=functions.find <|constrain|>json"
                        + "<|message|>{\"q\":1}<|call|><|start|>assistant<|channel|>final<|message|>Done.<|return|>");

        assertThat(text).isEqualTo(new ResponseText("I shall look. Done.", Optional.of("Moss.\n\n{\"q\":1}"), false));
    }

    @Test
    void of_manyTags_takesLittleTime() {
        String text = "<think>a</think>".repeat(50_000) + ANSWER;

        assertThat(ResponseText.of(text).answer()).isEqualTo(ANSWER);
        assertThat(ResponseText.of("a </think> b ".repeat(50_000)).thinking()).isEmpty();
    }

    @Test
    void toString_doesNotShowTheTexts() {
        assertThat(ResponseText.of("<think>Moss</think>Ivy."))
                .hasToString("ResponseText[answer=4 chars, thinking=4 chars, cutOff=false]");
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "<think>",
                        "</think>",
                        "<thinking>",
                        "</thinking>",
                        "[THINK]",
                        "[/THINK]",
                        "<reasoning>",
                        "</reasoning>",
                        "<|channel|>analysis<|message|>",
                        "<|channel|>final<|message|>",
                        "<|end|>",
                        "<|start|>assistant",
                        "<|return|>",
                        "<answer>",
                        "</answer>",
                        "`",
                        "```",
                        "\n",
                        " ",
                        "\uFEFF",
                        "Moss. ",
                        "moss",
                        "Ivy",
                        "\"",
                        "(",
                        ")",
                        "assistantfinal",
                        "analysisMoss",
                        "\uD83C\uDF3F",
                        "Here is my thought process:",
                        "Here is my response:",
                        "◁think▷",
                        "◁/think▷")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 5_000, seed = "20261201")
    void divide_anyText_losesNothing(@ForAll("fragments") String text) {
        ThinkingMarkup.Division division = ThinkingMarkup.divide(text);

        assertThat(division.segments().stream()
                        .map(ThinkingMarkup.Segment::text)
                        .collect(Collectors.joining()))
                .isEqualTo(text);
    }

    @Property(tries = 5_000, seed = "20261201")
    void of_answer_isItsOwnAnswer(@ForAll("fragments") String text) {
        ResponseText found = ResponseText.of(text);

        assertThat(ResponseText.of(found.answer()))
                .isEqualTo(new ResponseText(found.answer(), Optional.empty(), false));
    }

    @Property(seed = "20261201")
    void of_textWithoutMarkup_isTheSame(@ForAll String text) {
        String plain = text.replaceAll("[<\\[`◁]", "");

        assertThat(ResponseText.of(plain).answer()).isSameAs(plain);
    }

    @Property(seed = "20261201")
    void of_blockBeforeAnAnswer_isDividedAtItsTags(@ForAll("words") String thinking, @ForAll("words") String answer) {
        ResponseText found = ResponseText.of("<think>\n" + thinking + "\n</think>\n" + answer);

        assertThat(found).isEqualTo(new ResponseText(answer, Optional.of(thinking), false));
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings()
                .withCharRange('A', 'z')
                .excludeChars('<', '[', '`', '^')
                .ofMinLength(1);
    }
}
