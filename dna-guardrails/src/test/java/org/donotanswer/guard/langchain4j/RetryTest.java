package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.guardrail.config.OutputGuardrailsConfig;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import java.util.List;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the actions that ask the model again. */
class RetryTest {
    private static final UserMessage INSTRUCTION = UserMessage.from("How do locks work?");
    private static final SystemMessage SYSTEM = SystemMessage.from("Be brief.");

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    private SafetyOutputGuardrail.Builder doing(OutputAction action) {
        return SafetyOutputGuardrail.builder(guard).action(action);
    }

    private AiServices<Bot> service(ScriptedModel model, OutputGuardrail... guardrails) {
        return AiServices.builder(Bot.class)
                .chatModel(model)
                .systemMessageProvider(id -> SYSTEM.text())
                .outputGuardrails(guardrails);
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void secondResponsePasses_itIsReturnedAndRemembered(OutputAction action) {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.", "You are welcome.");
        Bot bot = service(model, doing(action).build()).chatMemory(memory).build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("By pins.");
        assertThat(bot.chat("Thanks!")).isEqualTo("You are welcome.");

        assertThat(memory.messages())
                .containsExactly(
                        SYSTEM,
                        INSTRUCTION,
                        AiMessage.from("By pins."),
                        UserMessage.from("Thanks!"),
                        AiMessage.from("You are welcome."));
        assertThat(evaluator.exchanges)
                .extracting(exchange -> exchange.instruction())
                .containsExactly("How do locks work?", "How do locks work?", "Thanks!");
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void secondResponsePasses_withoutMemory_itIsReturned(OutputAction action) {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.");
        Bot bot = service(model, doing(action).build()).build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("By pins.");

        assertThat(model.requests).hasSize(2).allSatisfy(request -> assertThat(request.messages())
                .containsExactly(SYSTEM, INSTRUCTION));
    }

    @Test
    void retry_sendsTheSameRequest() {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.");
        Bot bot = service(model, doing(OutputAction.RETRY).build())
                .chatMemory(memory)
                .build();

        bot.chat("How do locks work?");

        assertThat(model.requests.get(1).messages()).containsExactly(SYSTEM, INSTRUCTION);
    }

    @Test
    void reprompt_givesTheReason_withoutAnyText() {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.");
        Bot bot = service(model, doing(OutputAction.REPROMPT).build())
                .chatMemory(memory)
                .build();

        bot.chat("How do locks work?");

        List<ChatMessage> sent = model.requests.get(1).messages();
        assertThat(sent).hasSize(4);
        assertThat(sent.subList(0, 3))
                .containsExactly(SYSTEM, INSTRUCTION, AiMessage.from(SafetyPolicy.DEFAULT_REPLACEMENT));
        assertThat(((UserMessage) sent.get(3)).singleText())
                .contains("found it harmful", HarmType.ILLEGAL_ACTIVITIES.label())
                .doesNotContain("BAD", "locks");
    }

    @Test
    void reprompt_ownText_isSent() {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.");
        Bot bot = service(
                        model,
                        doing(OutputAction.REPROMPT)
                                .reprompt(verdict -> "No: " + verdict.reason())
                                .build())
                .chatMemory(memory)
                .build();

        bot.chat("How do locks work?");

        assertThat(model.requests.get(1).messages()).endsWith(UserMessage.from("No: HARMFUL"));
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void noResponsePasses_isFatalWithVerdict_andLeavesMemory(OutputAction action) {
        for (boolean remembers : new boolean[] {true, false}) {
            ScriptedModel model = ScriptedModel.saying("BAD advice");
            AiServices<Bot> service = service(model, doing(action).build());
            memory.clear();
            if (remembers) {
                service.chatMemory(memory);
            }
            Bot bot = service.build();

            assertThatThrownBy(() -> bot.chat("How do locks work?"))
                    .isInstanceOf(OutputGuardrailException.class)
                    .satisfies(thrown -> assertThat(BlockedException.verdictOf(thrown)
                                    .orElseThrow()
                                    .reason())
                            .isEqualTo(Reason.HARMFUL));

            assertThat(model.requests).hasSize(2);
            assertThat(memory.messages()).isEqualTo(remembers ? List.of(SYSTEM, INSTRUCTION) : List.of());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void moreRetries_areMade(OutputAction action) {
        for (boolean remembers : new boolean[] {true, false}) {
            ScriptedModel model = ScriptedModel.saying("BAD 1", "BAD 2", "BAD 3", "By pins.");
            AiServices<Bot> service = service(model, doing(action).retries(3).build())
                    .outputGuardrailsConfig(
                            OutputGuardrailsConfig.builder().maxRetries(4).build());
            memory.clear();
            if (remembers) {
                service.chatMemory(memory);
            }

            assertThat(service.build().chat("How do locks work?")).isEqualTo("By pins.");

            assertThat(model.requests).hasSize(4);
            assertThat(memory.messages())
                    .isEqualTo(remembers ? List.of(SYSTEM, INSTRUCTION, AiMessage.from("By pins.")) : List.of());
        }
    }

    /** The framework's limit does not apply to the guardrail's retries. */
    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void frameworkAllowsNoRetry_blockedResponseIsNotInMemory(OutputAction action) {
        Bot bot = service(ScriptedModel.saying("BAD advice"), doing(action).build())
                .outputGuardrailsConfig(
                        OutputGuardrailsConfig.builder().maxRetries(1).build())
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> bot.chat("How do locks work?"))
                .isInstanceOf(OutputGuardrailException.class)
                .hasMessageNotContaining("BAD");

        assertThat(memory.messages()).doesNotContain(AiMessage.from("BAD advice"));
    }

    /** Newer frameworks run the tool and ask on; in older ones nobody runs it, so it is no response and is asked for again. */
    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void secondResponseCallsATool_callIsNeverTheResponse(OutputAction action) {
        AiMessage call = AiMessage.from(
                "One moment.",
                List.of(ToolExecutionRequest.builder()
                        .id("1")
                        .name("search")
                        .arguments("{}")
                        .build()));
        AiMessage silentCall = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("search")
                .arguments("{}")
                .build());
        for (AiMessage tool : List.of(call, silentCall)) {
            for (boolean remembers : new boolean[] {true, false}) {
                memory.clear();
                Search search = new Search();
                AiServices<Bot> patient = service(
                                new ScriptedModel(AiMessage.from("BAD advice"), tool, AiMessage.from("By pins.")),
                                doing(action).retries(2).build())
                        .tools(search);
                AiServices<Bot> impatient = service(
                                new ScriptedModel(AiMessage.from("BAD advice"), tool, AiMessage.from("By pins.")),
                                doing(action).build())
                        .tools(search);
                if (remembers) {
                    patient.chatMemory(memory);
                    impatient.chatMemory(memory);
                }

                assertThat(patient.build().chat("How do locks work?")).isEqualTo("By pins.");
                if (search.calls > 0) {
                    assertThat(impatient.build().chat("How do locks work?")).isEqualTo("By pins.");
                    assertThat(search.calls).isEqualTo(2);
                } else {
                    assertThatThrownBy(() -> impatient.build().chat("How do locks work?"))
                            .satisfies(thrown -> assertThat(BlockedException.verdictOf(thrown)
                                            .orElseThrow()
                                            .reason())
                                    .isEqualTo(Reason.HARMFUL));
                }
            }
        }
    }

    /** A tool of the service. */
    static final class Search {
        private int calls;

        @Tool
        String search() {
            calls++;
            return "nothing found";
        }
    }

    /** The memory is too short for the instruction and the response: the original request is sent again. */
    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void memoryOfOneMessage_isAskedAgain(OutputAction action) {
        ScriptedModel model = ScriptedModel.saying("BAD advice", "By pins.");
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(model)
                .outputGuardrails(doing(action).build())
                .chatMemory(MessageWindowChatMemory.withMaxMessages(1))
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("By pins.");

        assertThat(model.requests.get(1).messages()).contains(INSTRUCTION);
    }

    @Test
    void removalOff_memoryIsUnchanged() {
        Bot bot = service(
                        ScriptedModel.saying("BAD advice", "By pins."),
                        doing(OutputAction.RETRY).removeFromMemory(false).build())
                .chatMemory(memory)
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("By pins.");

        assertThat(memory.messages()).containsExactly(SYSTEM, INSTRUCTION, AiMessage.from("BAD advice"));
    }

    @Test
    void callAfterExhaustedRetries_hasRetriesAgain() {
        ScriptedModel model = ScriptedModel.saying("BAD 1", "BAD 2", "BAD 3", "By pins.");
        Bot bot = service(model, doing(OutputAction.RETRY).build())
                .chatMemory(memory)
                .build();
        assertThatThrownBy(() -> bot.chat("How do locks work?")).isInstanceOf(OutputGuardrailException.class);

        assertThat(bot.chat("And doors?")).isEqualTo("By pins.");
    }

    @Test
    void otherGuardrailBefore_asksAgain_checkedResponseIsReturned() {
        OutputGuardrail polite = new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                return response.text().startsWith("Dear") ? success() : reprompt("impolite", "Say dear first, please.");
            }
        };
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Bot> service = service(
                    ScriptedModel.saying("BAD advice", "Dear you, by pins."),
                    polite,
                    doing(OutputAction.FATAL).build());
            if (remembers) {
                service.chatMemory(memory);
            }

            assertThat(service.build().chat("How do locks work?")).isEqualTo("Dear you, by pins.");
        }
    }
}
