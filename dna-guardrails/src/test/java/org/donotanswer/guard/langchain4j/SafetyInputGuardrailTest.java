package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.List;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards the instructions of real AI services. */
class SafetyInputGuardrailTest {
    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final SafetyInputGuardrail guardrail = SafetyInputGuardrail.of(guard);
    private final ScriptedModel model = ScriptedModel.saying("Fine.");
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    interface StreamingBot {
        TokenStream chat(String message);
    }

    private AiServices<Bot> service() {
        return AiServices.builder(Bot.class).chatModel(model).inputGuardrails(guardrail);
    }

    @Test
    void riskyInstruction_isBlocked_beforeModelAndMemory() {
        Bot bot = service().chatMemory(memory).build();

        assertThatThrownBy(() -> bot.chat("A RISKY thing?"))
                .isInstanceOf(InputGuardrailException.class)
                .hasMessageNotContaining("RISKY thing")
                .satisfies(thrown -> {
                    Verdict verdict = BlockedException.verdictOf(thrown).orElseThrow();
                    assertThat(verdict.subject()).isEqualTo(Verdict.Subject.INSTRUCTION);
                    assertThat(verdict.reason()).isEqualTo(Reason.RISKY_INSTRUCTION);
                });

        assertThat(model.requests).isEmpty();
        assertThat(memory.messages()).isEmpty();
        assertThat(bot.chat("Hi")).isEqualTo("Fine.");
        assertThat(memory.messages()).containsExactly(UserMessage.from("Hi"), AiMessage.from("Fine."));
    }

    @Test
    void oldRiskyTurn_blocksNoLaterOne() {
        memory.add(UserMessage.from("A RISKY thing?"));
        Bot bot = service().chatMemory(memory).build();

        assertThat(bot.chat("Hi")).isEqualTo("Fine.");

        assertThat(evaluator.instructions).last().isEqualTo("Hi");
    }

    @Test
    void stream_isBlocked() {
        StreamingBot bot = AiServices.builder(StreamingBot.class)
                .streamingChatModel(ScriptedStreamingModel.saying("Fine."))
                .inputGuardrails(guardrail)
                .build();

        assertThatThrownBy(() -> bot.chat("A RISKY thing?")).isInstanceOf(InputGuardrailException.class);
        assertThat(Received.of(bot.chat("Hi")).response()).isEqualTo("Fine.");
    }

    @Test
    void retrievedPassagesAndSystemPrompt_areNotChecked() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Bot> service = service()
                    .systemMessageProvider(id -> "Answer no RISKY question.")
                    .contentRetriever(query -> List.of(Content.from("A RISKY passage.")));
            if (remembers) {
                service.chatMemory(memory);
            }

            assertThat(service.build().chat("What are locks made of?")).isEqualTo("Fine.");

            assertThat(evaluator.instructions).last().isEqualTo("What are locks made of?");
        }
    }

    @Test
    void userText_isUsed() {
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(model)
                .inputGuardrails(SafetyInputGuardrail.of(
                        guard, request -> request.userMessage().singleText().contains("other") ? null : "Told."))
                .build();

        bot.chat("A RISKY thing?");
        assertThat(evaluator.instructions).last().isEqualTo("Told.");
        bot.chat("Some other thing?");
        assertThat(evaluator.instructions).last().isEqualTo("Some other thing?");
    }

    @Test
    void messageOnItsOwn_isChecked() {
        assertThat(guardrail.validate(UserMessage.from("A RISKY thing?")).isFatal())
                .isTrue();
        assertThat(guardrail.validate(UserMessage.from("Hi")).isSuccess()).isTrue();
    }

    @Test
    void evaluatorFails_failModeDecides() {
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build();

        assertThatThrownBy(() -> service().build().chat("FAIL")).satisfies(thrown -> assertThat(
                        BlockedException.verdictOf(thrown).orElseThrow().reason())
                .isEqualTo(Reason.EVALUATOR_FAILED));
        assertThat(AiServices.builder(Bot.class)
                        .chatModel(model)
                        .inputGuardrails(SafetyInputGuardrail.of(open))
                        .build()
                        .chat("FAIL"))
                .isEqualTo("Fine.");
    }

    /** Evaluates responses only: instructions are either unsupported or get a score without the one that is needed. */
    private record HarmOnly(boolean scoresInstructions) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return Assessment.Scored.builder(name()).harmful(0.1).build();
        }

        @Override
        public Assessment evaluateInstruction(String instruction) {
            return scoresInstructions
                    ? evaluate(new Exchange(instruction, ""))
                    : SafetyEvaluator.super.evaluateInstruction(instruction);
        }

        @Override
        public String name() {
            return "answers 1";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder(name(), "1").build();
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void evaluatorOfResponsesOnly_isRefused_inEitherFailMode(boolean scoresInstructions) {
        for (FailMode mode : FailMode.values()) {
            SafetyGuard harmOnly = SafetyGuard.builder()
                    .evaluator(new HarmOnly(scoresInstructions))
                    .failMode(mode)
                    .build();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SafetyInputGuardrail.of(harmOnly))
                    .withMessage(
                            "evaluator must evaluate instructions on their own, but was answers 1, which does not");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SafetyModerationModel.of(harmOnly))
                    .withMessage(
                            "evaluator must evaluate instructions on their own, but was answers 1, which does not");
        }
    }
}
