package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
    @Test
    void toString_showsLengthsOnly() {
        assertThat(Exchange.of("hello", "you too!")).hasToString("Exchange[instruction=5 chars, response=8 chars]");
    }

    @Test
    void responseOnly_hasEmptyInstruction() {
        assertThat(Exchange.responseOnly("yes")).isEqualTo(new Exchange("", "yes"));
        assertThat(Exchange.responseOnly("yes").hasBlankInstruction()).isTrue();
        assertThat(Exchange.of("why?", "yes").hasBlankInstruction()).isFalse();
    }

    @Test
    void of_null_namesParameter() {
        assertThatNullPointerException().isThrownBy(() -> Exchange.of(null, "")).withMessage("instruction");
        assertThatNullPointerException().isThrownBy(() -> Exchange.of("", null)).withMessage("response");
        assertThatNullPointerException()
                .isThrownBy(() -> Exchange.responseOnly(null))
                .withMessage("response");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\r\n\f", "\u00A0\u2007\u202F\u3000", "\u200B\u200D\uFEFF", "\u0000\u0085"})
    void hasBlankResponse_nothingToSee_isTrue(String response) {
        assertThat(Exchange.responseOnly(response).hasBlankResponse()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", " x ", "\uD83D\uDE00", "\uD800"})
    void hasBlankResponse_somethingToSee_isFalse(String response) {
        assertThat(Exchange.responseOnly(response).hasBlankResponse()).isFalse();
    }
}
