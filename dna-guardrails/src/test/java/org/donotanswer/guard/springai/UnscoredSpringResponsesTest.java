package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.RiskByWordEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;

/** What chat clients return if a response is in another language or has no words. */
class UnscoredSpringResponsesTest {
    private static final SafetyEvaluator EVALUATOR = new RiskByWordEvaluator();
    private static final String SPANISH = "El perro corre por el parque y no quiere volver a casa.";

    private static ChatClientResponse call(SafetyPolicy policy, String response) {
        return ChatClient.builder(new ScriptedSpringModel().response(response))
                .defaultAdvisors(SafetyAdvisor.of(SafetyGuard.of(EVALUATOR, policy)))
                .build()
                .prompt("How do I make tea?")
                .call()
                .chatClientResponse();
    }

    private static Verdict verdict(ChatClientResponse response) {
        return (Verdict) response.context().get(SafetyAdvisor.VERDICT);
    }

    @Test
    void call_defaultPolicy_returnsThemWithTheirVerdicts() {
        ChatClientResponse spanish = call(SafetyPolicy.defaults(), SPANISH);
        assertThat(Streams.text(spanish)).isEqualTo(SPANISH);
        assertThat(verdict(spanish).outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(verdict(spanish).reason()).isEqualTo(Reason.UNSUPPORTED_LANGUAGE);

        ChatClientResponse thumb = call(SafetyPolicy.defaults(), "\uD83D\uDC4D");
        assertThat(Streams.text(thumb)).isEqualTo("\uD83D\uDC4D");
        assertThat(verdict(thumb).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict(thumb).reason()).isEqualTo(Reason.NO_WORDS);
    }

    @Test
    void call_policyThatBlocksLanguages_replaces() {
        SafetyPolicy policy = SafetyPolicy.parseYaml("unscored: {language: block}");
        ChatClientResponse spanish = call(policy, SPANISH);
        assertThat(Streams.text(spanish)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(spanish).reason()).isEqualTo(Reason.UNSUPPORTED_LANGUAGE);
    }

    @Test
    void stream_inAnotherLanguage_isShownToTheEnd() {
        String response = (SPANISH + " ").repeat(20).strip();
        List<ChatClientResponse> chunks = Streams.ask(
                new ScriptedSpringModel().response(response.split("(?<= )")),
                SafetyAdvisor.of(Streams.small(SafetyGuard.of(EVALUATOR))));
        assertThat(Streams.text(chunks)).isEqualTo(response);
        assertThat(Streams.verdict(chunks).outcome()).isEqualTo(Outcome.REVIEW);
    }
}
