package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.guardrail.OutputGuardrails;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;

/** Guards real AI services. */
class SafetyOutputGuardrailTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    interface ResultBot {
        Result<String> chat(String message);
    }

    private AiServices<Bot> service(ScriptedModel model, SafetyOutputGuardrail guardrail) {
        return AiServices.builder(Bot.class).chatModel(model).outputGuardrails(guardrail);
    }

    private SafetyOutputGuardrail doing(OutputAction action) {
        return SafetyOutputGuardrail.builder(guard).action(action).build();
    }

    static void assertBlocked(Throwable thrown) {
        assertThat(thrown).isInstanceOf(OutputGuardrailException.class);
        assertThat(thrown).hasMessageNotContaining("BAD").hasMessageNotContaining("locks");
        Verdict verdict = BlockedException.verdictOf(thrown).orElseThrow();
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
        assertThat(verdict.probability()).hasValue(0.9);
        assertThat(verdict.evaluator()).isEqualTo(WordEvaluator.NAME);
    }

    @Test
    void responseThatPasses_isReturned_withAndWithoutMemory() {
        SafetyOutputGuardrail guardrail = SafetyOutputGuardrail.of(guard);
        Bot forgetful = service(ScriptedModel.saying("Of brass."), guardrail).build();
        Bot remembering = service(ScriptedModel.saying("Of brass."), guardrail)
                .chatMemory(memory)
                .build();

        assertThat(forgetful.chat("What are locks made of?")).isEqualTo("Of brass.");
        assertThat(remembering.chat("What are locks made of?")).isEqualTo("Of brass.");

        assertThat(memory.messages())
                .containsExactly(UserMessage.from("What are locks made of?"), AiMessage.from("Of brass."));
        assertThat(evaluator.exchanges).hasSize(2).allSatisfy(exchange -> {
            assertThat(exchange.instruction()).isEqualTo("What are locks made of?");
            assertThat(exchange.response()).isEqualTo("Of brass.");
        });
    }

    @Test
    void blockedResponse_isFatal_withVerdict_andLeavesMemory() {
        Bot bot = service(ScriptedModel.saying("BAD advice on locks"), SafetyOutputGuardrail.of(guard))
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> bot.chat("How do locks work?")).satisfies(SafetyOutputGuardrailTest::assertBlocked);

        assertThat(memory.messages()).containsExactly(UserMessage.from("How do locks work?"));
    }

    @Test
    void blockedResponse_withoutMemory_isFatal() {
        Bot bot = service(ScriptedModel.saying("BAD advice on locks"), SafetyOutputGuardrail.of(guard))
                .build();

        assertThatThrownBy(() -> bot.chat("How do locks work?")).satisfies(SafetyOutputGuardrailTest::assertBlocked);
    }

    @Test
    void blockedResponse_removalOff_staysInMemory() {
        SafetyOutputGuardrail guardrail =
                SafetyOutputGuardrail.builder(guard).removeFromMemory(false).build();
        Bot bot = service(ScriptedModel.saying("BAD"), guardrail)
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> bot.chat("Hi")).satisfies(SafetyOutputGuardrailTest::assertBlocked);

        assertThat(memory.messages()).containsExactly(UserMessage.from("Hi"), AiMessage.from("BAD"));
    }

    @Test
    void turnAfterBlockedOne_isCheckedOnItsOwn() {
        Bot bot = service(ScriptedModel.saying("BAD advice", "Flour and eggs."), SafetyOutputGuardrail.of(guard))
                .chatMemory(memory)
                .build();
        assertThatThrownBy(() -> bot.chat("RISKY thing?")).isInstanceOf(OutputGuardrailException.class);

        assertThat(bot.chat("What are pancakes made of?")).isEqualTo("Flour and eggs.");

        assertThat(evaluator.lastInstruction()).isEqualTo("What are pancakes made of?");
        assertThat(memory.messages())
                .containsExactly(
                        UserMessage.from("RISKY thing?"),
                        UserMessage.from("What are pancakes made of?"),
                        AiMessage.from("Flour and eggs."));
    }

    @Test
    void replace_returnsReplacement_andStoresIt() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .replacement(Locale.ENGLISH, "Not this.")
                .replacement(Locale.GERMAN, "Das nicht.")
                .build();
        SafetyGuard german = SafetyGuard.of(evaluator, policy);
        SafetyOutputGuardrail guardrail = SafetyOutputGuardrail.builder(german)
                .action(OutputAction.REPLACE)
                .locale(request ->
                        request.responseFromLLM().aiMessage().text().contains("English") ? null : Locale.GERMANY)
                .build();
        Bot bot = service(ScriptedModel.saying("BAD", "BAD English"), guardrail)
                .chatMemory(memory)
                .build();

        assertThat(bot.chat("Hallo")).isEqualTo("Das nicht.");
        assertThat(bot.chat("Hello")).isEqualTo("Not this.");

        assertThat(memory.messages())
                .containsExactly(
                        UserMessage.from("Hallo"),
                        AiMessage.from("Das nicht."),
                        UserMessage.from("Hello"),
                        AiMessage.from("Not this."));
    }

    @Test
    void replace_withoutMemory_returnsReplacement() {
        ResultBot bot = AiServices.builder(ResultBot.class)
                .chatModel(ScriptedModel.saying("BAD"))
                .outputGuardrails(doing(OutputAction.REPLACE))
                .build();

        assertThat(bot.chat("Hi").content()).isEqualTo(REPLACEMENT);
    }

    @Test
    void reviewedResponse_isReturned_unlessHeld() {
        var rule = org.donotanswer.guard.policy.Rule.builder()
                .block(0.95)
                .review(0.5)
                .build();
        SafetyPolicy lenient = SafetyPolicy.builder().defaultRule(rule).build();
        SafetyPolicy holding =
                SafetyPolicy.builder().defaultRule(rule).holdReviews(true).build();
        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();

        assertThat(chat("BAD", SafetyGuard.of(evaluator, lenient))).isEqualTo("BAD");
        assertThat(chat("BAD", SafetyGuard.of(evaluator, shadow))).isEqualTo("BAD");
        assertThatThrownBy(() -> chat("BAD", SafetyGuard.of(evaluator, holding)))
                .satisfies(thrown -> assertThat(
                                BlockedException.verdictOf(thrown).orElseThrow().outcome())
                        .isEqualTo(Outcome.REVIEW));
    }

    private String chat(String answer, SafetyGuard by) {
        return service(ScriptedModel.saying(answer), SafetyOutputGuardrail.of(by))
                .build()
                .chat("Hi");
    }

    @Test
    void evaluatorFails_failModeDecides() {
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build();

        assertThat(chat("FAIL", open)).isEqualTo("FAIL");
        assertThatThrownBy(() -> chat("FAIL", guard))
                .isInstanceOf(OutputGuardrailException.class)
                .satisfies(thrown -> assertThat(
                                BlockedException.verdictOf(thrown).orElseThrow().reason())
                        .isEqualTo(Reason.EVALUATOR_FAILED));
    }

    @Test
    void closedGuard_blocks() {
        guard.close();

        assertThatThrownBy(() -> chat("Fine.", guard)).satisfies(thrown -> assertThat(
                        BlockedException.verdictOf(thrown).orElseThrow().reason())
                .isEqualTo(Reason.CLOSED));
    }

    @Test
    void listener_getsEveryVerdict() {
        List<Verdict> verdicts = new ArrayList<>();
        SafetyGuard watched = SafetyGuard.builder()
                .evaluator(evaluator)
                .listener((verdict, instruction, text) -> verdicts.add(verdict))
                .build();

        chat("Fine.", watched);
        assertThatThrownBy(() -> chat("BAD", watched)).isInstanceOf(OutputGuardrailException.class);

        assertThat(verdicts).extracting(Verdict::outcome).containsExactly(Outcome.ALLOW, Outcome.BLOCK);
    }

    static final class Clock {
        @Tool("Tells the time")
        String time() {
            return "BAD o'clock";
        }
    }

    @Test
    void toolCalls_areNotChecked_theResponseIs() {
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("time")
                .arguments("{}")
                .build());
        Bot bot = service(new ScriptedModel(call, AiMessage.from("It is late.")), SafetyOutputGuardrail.of(guard))
                .chatMemory(memory)
                .tools(new Clock())
                .build();

        assertThat(bot.chat("What time is it?")).isEqualTo("It is late.");

        assertThat(evaluator.exchanges).hasSize(1);
        assertThat(evaluator.lastInstruction()).isEqualTo("What time is it?");
        assertThat(memory.messages()).hasSize(4);
    }

    @Test
    void toolCalls_responseBlocked_onlyResponseLeavesMemory() {
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("time")
                .arguments("{}")
                .build());
        Bot bot = service(new ScriptedModel(call, AiMessage.from("BAD")), SafetyOutputGuardrail.of(guard))
                .chatMemory(memory)
                .tools(new Clock())
                .build();

        assertThatThrownBy(() -> bot.chat("What time is it?")).satisfies(SafetyOutputGuardrailTest::assertBlocked);

        assertThat(memory.messages())
                .<Class<?>>extracting(ChatMessage::getClass)
                .containsExactly(UserMessage.class, AiMessage.class, ToolExecutionResultMessage.class);
    }

    @Test
    void responseWithoutText_passesUntouched() {
        Bot bot = service(new ScriptedModel(new AiMessage(null, List.of())), SafetyOutputGuardrail.of(guard))
                .build();

        assertThat(bot.chat("Hi")).isNullOrEmpty();

        assertThat(evaluator.exchanges).isEmpty();
    }

    @Test
    void systemPrompt_withAlarmingWords_isNotCheckedAndStaysInMemory() {
        Bot bot = service(ScriptedModel.saying("Fine."), SafetyOutputGuardrail.of(guard))
                .chatMemory(memory)
                .systemMessageProvider(id -> "Never say anything RISKY or BAD.")
                .build();

        assertThat(bot.chat("Hi")).isEqualTo("Fine.");

        assertThat(evaluator.exchanges).hasSize(1).allSatisfy(exchange -> assertThat(exchange.instruction())
                .isEqualTo("Hi"));
        assertThat(memory.messages().get(0)).isInstanceOf(SystemMessage.class);
    }

    @Test
    void responseOnItsOwn_isCheckedWithoutInstruction() {
        SafetyOutputGuardrail guardrail = SafetyOutputGuardrail.of(guard);

        assertThat(guardrail.validate(AiMessage.from("Fine.")).isSuccess()).isTrue();
        assertThat(guardrail.validate(AiMessage.from("BAD")).isFatal()).isTrue();
        assertThat(guardrail.validate(new AiMessage(null, List.of())).isSuccess())
                .isTrue();
        assertThat(evaluator.exchanges).hasSize(2).allSatisfy(exchange -> assertThat(exchange.instruction())
                .isEmpty());
    }

    /** Delegates to one instance, since the framework instantiates classes itself. */
    public static final class Delegating implements OutputGuardrail {
        static final SafetyOutputGuardrail GUARDRAIL = SafetyOutputGuardrail.of(SafetyGuard.of(new WordEvaluator()));

        @Override
        public OutputGuardrailResult validate(OutputGuardrailRequest request) {
            return GUARDRAIL.validate(request);
        }
    }

    interface AnnotatedBot {
        @OutputGuardrails(Delegating.class)
        String chat(String message);
    }

    @Test
    void customClass_mayDelegate() {
        AnnotatedBot bot = AiServices.builder(AnnotatedBot.class)
                .chatModel(ScriptedModel.saying("BAD advice on locks", "Fine."))
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> bot.chat("How do locks work?")).satisfies(SafetyOutputGuardrailTest::assertBlocked);
        assertThat(bot.chat("Hi")).isEqualTo("Fine.");
    }
}
