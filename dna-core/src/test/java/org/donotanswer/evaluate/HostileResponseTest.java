package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses whose time could grow faster than their length. */
final class HostileResponseTest {
    private static final int CHARS = 1 << 19;

    /** Only a bound on hanging: each takes a second or less, and minutes if the time is quadratic. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape("blocks", "", "<think>a</think>", ""),
                shape("lone ends", "", "a</think>\n", ""),
                shape("lone ends in code", "", "`a</think>`\n", ""),
                shape("mentioned ends", "", "a </think> b ", ""),
                shape("never closed", "", "<think>\n", ""),
                shape("nested", "<think>".repeat(CHARS / 14), "</think>", ""),
                shape("blocks with a backtick", "", "<think>`</think>", ""),
                shape("fences in thinking", "<think>", "```\n</think>\n", ""),
                shape("backticks in thinking", "<think>", "`", "</think>a"),
                shape("backticks after blocks", "<think>a</think>".repeat(CHARS / 32), "`", ""),
                shape("blocks after sentences", "<think>a</think>b. ", "<think>c</think>d. ", ""),
                shape("white space in an answer", "<think>a</think><answer>a", " ", "b"),
                shape("answers", "", "<think>a</think><answer>", ""),
                shape("name of a channel", "<|channel|>", "a", ""),
                shape("channels", "", "<|channel|>analysis<|message|>a<|end|>", ""),
                shape("blocks of code", "", "```think\na\n```\n", ""));
    }

    private static Arguments shape(String name, String begin, String repeated, String end) {
        return Arguments.argumentSet(name, begin + repeated.repeat((CHARS - begin.length()) / repeated.length()) + end);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void of_hostileResponse_ends(String text) {
        ResponseText divided = assertTimeoutPreemptively(LIMIT, () -> ResponseText.of(text));

        assertThat(divided.answer().length()).isLessThanOrEqualTo(text.length());
    }

    @Test
    void of_moreBlocksThanAreTried_allAreThinking() {
        ResponseText divided = ResponseText.of("<think>a</think>\n".repeat(1000) + "answer");

        assertThat(divided.answer()).isEqualTo("answer");
    }

    @Test
    void of_spaceBeforeEndOfAnswer_isMarkup() {
        ResponseText divided = ResponseText.of("<think>a</think><answer> b \n c \n\t </answer>\n");

        assertThat(divided.answer()).isEqualTo("b \n c");
    }
}
