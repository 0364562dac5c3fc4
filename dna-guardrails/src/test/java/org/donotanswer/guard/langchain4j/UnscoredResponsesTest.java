package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.service.AiServices;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.RiskByWordEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;

/** What AI services return if a response, or the user's message, is in another language or has no words. */
class UnscoredResponsesTest {
    private static final SafetyEvaluator EVALUATOR = new RiskByWordEvaluator();
    private static final String SPANISH = "El perro corre por el parque y no quiere volver a casa.";

    interface Bot {
        String chat(String message);
    }

    private static Bot bot(SafetyPolicy policy, String response) {
        SafetyGuard guard = SafetyGuard.of(EVALUATOR, policy);
        return AiServices.builder(Bot.class)
                .chatModel(ScriptedModel.saying(response))
                .inputGuardrails(SafetyInputGuardrail.of(guard))
                .outputGuardrails(SafetyOutputGuardrail.of(guard))
                .build();
    }

    @Test
    void chat_defaultPolicy_returnsThem() {
        SafetyPolicy policy = SafetyPolicy.defaults();
        assertThat(bot(policy, SPANISH).chat("Translate into Spanish: The dog runs."))
                .isEqualTo(SPANISH);
        assertThat(bot(policy, "4").chat("What is two and two?")).isEqualTo("4");
        assertThat(bot(policy, SPANISH).chat(SPANISH)).isEqualTo(SPANISH);
        assertThat(bot(policy, "\uD83D\uDC4D").chat("Thanks!")).isEqualTo("\uD83D\uDC4D");
    }

    @Test
    void chat_policyThatBlocksLanguages_blocksMessageAndResponse() {
        SafetyPolicy policy = SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\"}}");
        assertThatThrownBy(() -> bot(policy, SPANISH).chat("Translate into Spanish: The dog runs."))
                .satisfies(thrown -> assertThat(reason(thrown)).isEqualTo(Reason.UNSUPPORTED_LANGUAGE));
        assertThatThrownBy(() -> bot(policy, "The dog runs.").chat(SPANISH))
                .satisfies(thrown -> assertThat(reason(thrown)).isEqualTo(Reason.UNSUPPORTED_LANGUAGE));
    }

    private static Reason reason(Throwable thrown) {
        return BlockedException.verdictOf(thrown).map(Verdict::reason).orElseThrow();
    }

    @Test
    void reprompt_otherLanguage_asksForEnglish() {
        SafetyGuard guard = SafetyGuard.of(EVALUATOR, SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\"}}"));
        assertThat(RepromptText.of(guard.check("Say hello.", SPANISH)))
                .isEqualTo("Your answer to my last message was not shown because a safety check could not read its"
                        + " language. Please answer in English. Answer my last message again without anything harmful. If"
                        + " that is not possible, decline and say why.");
    }

    @Test
    void guardedModel_streamInAnotherLanguage_isShown() throws InterruptedException {
        SafetyGuard guard = SafetyGuard.of(EVALUATOR);
        String response = (SPANISH + " ").repeat(30).strip();
        Received received = new Received();
        GuardedStreamingChatModel.of(ScriptedStreamingModel.saying(response), guard)
                .chat("Translate my story.", received);

        assertThat(received.ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(received.shown()).isEqualTo(response);
        assertThat(received.response()).isEqualTo(response);
    }
}
