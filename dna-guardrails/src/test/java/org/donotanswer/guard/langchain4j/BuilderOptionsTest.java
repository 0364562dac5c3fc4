package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Locale;
import org.donotanswer.guard.SafetyGuard;
import org.junit.jupiter.api.Test;

class BuilderOptionsTest {
    private final SafetyGuard guard = SafetyGuard.of(new WordEvaluator());

    private SafetyOutputGuardrail.Builder builder() {
        return SafetyOutputGuardrail.builder(guard);
    }

    @Test
    void optionSetTwice_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().action(OutputAction.FATAL).action(OutputAction.RETRY))
                .withMessage("action must be set once, but was FATAL and then RETRY");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().retries(2).retries(3))
                .withMessage("retries must be set once, but was 2 and then 3");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().removeFromMemory(true).removeFromMemory(false))
                .withMessage("removeFromMemory must be set once, but was true and then false");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().locale(Locale.GERMAN).locale(Locale.FRENCH))
                .withMessage("locale must be set once, but was de and then fr");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().userText(request -> "").userText(request -> ""))
                .withMessageStartingWith("userText must be set once, but was ");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().reprompt(verdict -> "").reprompt(verdict -> ""))
                .withMessageStartingWith("reprompt must be set once, but was ");
    }

    @Test
    void optionThatDoesNotApply_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().retries(2).build())
                .withMessage("retries must be set with RETRY or REPROMPT, but was 2 with FATAL");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder()
                        .action(OutputAction.RETRY)
                        .reprompt(verdict -> "")
                        .build())
                .withMessage("reprompt must be set with REPROMPT, but was with RETRY");
    }

    @Test
    void badValue_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().retries(0))
                .withMessage("retries must be at least 1, but was 0");
    }

    @Test
    @SuppressWarnings("NullAway")
    void null_isRefused_byName() {
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyOutputGuardrail.of(null))
                .withMessage("guard");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().action(null))
                .withMessage("action");
        assertThatNullPointerException()
                .isThrownBy(() -> builder().locale((Locale) null))
                .withMessage("locale");
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyInputGuardrail.of(null))
                .withMessage("guard");
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyInputGuardrail.of(guard, null))
                .withMessage("userText");
        assertThatNullPointerException()
                .isThrownBy(() -> SafetyModerationModel.of(null))
                .withMessage("guard");
        assertThatNullPointerException()
                .isThrownBy(() -> GuardedChatModel.of(null, guard))
                .withMessage("model");
        assertThatNullPointerException()
                .isThrownBy(() -> GuardedChatModel.of(ScriptedModel.saying(""), null))
                .withMessage("guard");
    }
}
