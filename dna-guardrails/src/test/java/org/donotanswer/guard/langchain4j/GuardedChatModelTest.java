package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;

/** Guards models, on their own and in real AI services. */
class GuardedChatModelTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    interface Bot {
        Result<String> chat(String message);
    }

    @Test
    void responseThatPasses_isTheModels() {
        ChatModel model = GuardedChatModel.of(ScriptedModel.saying("Fine."), guard);

        ChatResponse response = model.chat(UserMessage.from("Hi"));

        assertThat(response).isEqualTo(ScriptedModel.response(AiMessage.from("Fine.")));
        assertThat(evaluator.lastInstruction()).isEqualTo("Hi");
    }

    @Test
    void blockedResponse_isReplaced_withoutATrace() {
        ChatModel model = GuardedChatModel.of(ScriptedModel.saying("BAD advice"), guard);

        ChatResponse response = model.chat(UserMessage.from("Hi"));

        assertThat(response.aiMessage()).isEqualTo(AiMessage.from(REPLACEMENT));
        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(3, 5));
        assertThat(response.id()).isEqualTo("id-1");
        assertThat(response.toString()).doesNotContain("BAD");
    }

    @Test
    void blockedResponse_error_isThrown() {
        ChatModel model = GuardedChatModel.builder(ScriptedModel.saying("BAD advice"), guard)
                .action(ModelAction.ERROR)
                .build();

        assertThatThrownBy(() -> model.chat("Hi"))
                .isInstanceOfSatisfying(
                        BlockedException.class,
                        blocked -> assertThat(blocked.verdict().reason()).isEqualTo(Reason.HARMFUL))
                .hasMessageNotContaining("BAD");
    }

    @Test
    void service_getsAndStoresNothingBlocked() {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(GuardedChatModel.of(ScriptedModel.saying("BAD advice", "Fine."), guard))
                .chatMemory(memory)
                .build();

        assertThat(bot.chat("One?").content()).isEqualTo(REPLACEMENT);
        assertThat(bot.chat("Two?").content()).isEqualTo("Fine.");

        assertThat(memory.messages())
                .containsExactly(
                        UserMessage.from("One?"),
                        AiMessage.from(REPLACEMENT),
                        UserMessage.from("Two?"),
                        AiMessage.from("Fine."));
        assertThat(evaluator.lastInstruction()).isEqualTo("Two?");
    }

    @Test
    void service_error_isThrownUnwrapped_andTheResponseNotStored() {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(GuardedChatModel.builder(ScriptedModel.saying("BAD advice", "Fine."), guard)
                        .action(ModelAction.ERROR)
                        .build())
                .chatMemory(memory)
                .build();

        assertThatThrownBy(() -> bot.chat("One?")).isInstanceOf(BlockedException.class);
        assertThat(bot.chat("Two?").content()).isEqualTo("Fine.");

        assertThat(memory.messages())
                .containsExactly(UserMessage.from("One?"), UserMessage.from("Two?"), AiMessage.from("Fine."));
        assertThat(evaluator.lastInstruction()).isEqualTo("Two?");
    }

    @Test
    void blockedTextBesideToolCall_callsNoTool() {
        ToolExecutionRequest call =
                ToolExecutionRequest.builder().id("1").name("time").build();
        AiMessage both = AiMessage.from("BAD plan", List.of(call));
        AiMessage callOnly = AiMessage.from(call);
        ChatModel model = GuardedChatModel.of(new ScriptedModel(both, callOnly), guard);

        assertThat(model.chat(UserMessage.from("Hi")).aiMessage()).isEqualTo(AiMessage.from(REPLACEMENT));
        assertThat(model.chat(UserMessage.from("Hi")).aiMessage()).isEqualTo(callOnly);
        assertThat(evaluator.exchanges).hasSize(1);
    }

    @Test
    void instruction_isTheLastUserMessage() {
        ChatModel model = GuardedChatModel.of(ScriptedModel.saying("Fine."), guard);
        ToolExecutionRequest call =
                ToolExecutionRequest.builder().id("1").name("time").build();

        model.chat(
                SystemMessage.from("A RISKY system."),
                UserMessage.from("One?"),
                AiMessage.from("One."),
                UserMessage.from("Two?"),
                UserMessage.from("Three?"),
                AiMessage.from("Let me see.", List.of(call)),
                ToolExecutionResultMessage.from(call, "A BAD result."));

        assertThat(evaluator.lastInstruction()).isEqualTo("Three?");
    }

    @Test
    void instruction_afterInstructionsWithoutResponse_isTheLastMessage() {
        ChatModel model = GuardedChatModel.builder(ScriptedModel.saying("Fine."), guard)
                .action(ModelAction.ERROR)
                .build();

        model.chat(UserMessage.from("A RISKY thing?"), UserMessage.from("Hi"));

        assertThat(evaluator.lastInstruction()).isEqualTo("Hi");
    }

    @Test
    void noUserMessage_responseIsCheckedOnItsOwn() {
        GuardedChatModel.of(ScriptedModel.saying("Fine."), guard).chat(SystemMessage.from("Say something."));

        assertThat(evaluator.lastInstruction()).isEmpty();
    }

    @Test
    void userText_isUsed() {
        ChatModel model = GuardedChatModel.builder(ScriptedModel.saying("Fine."), guard)
                .userText(request -> request.messages().size() == 1 ? null : "Told.")
                .build();

        model.chat(UserMessage.from("One?"), UserMessage.from("With passages."));
        assertThat(evaluator.lastInstruction()).isEqualTo("Told.");
        model.chat("One?");
        assertThat(evaluator.lastInstruction()).isEqualTo("One?");
    }

    @Test
    void locale_choosesTheReplacement() {
        SafetyGuard bilingual = SafetyGuard.of(
                evaluator,
                SafetyPolicy.builder()
                        .replacement(Locale.ENGLISH, "Not this.")
                        .replacement(Locale.GERMAN, "Das nicht.")
                        .build());
        ScriptedModel bad = ScriptedModel.saying("BAD");

        assertThat(GuardedChatModel.of(bad, bilingual).chat("Hi")).isEqualTo("Not this.");
        assertThat(GuardedChatModel.builder(bad, bilingual)
                        .locale(Locale.GERMANY)
                        .build()
                        .chat("Hi"))
                .isEqualTo("Das nicht.");
        assertThat(GuardedChatModel.builder(bad, bilingual)
                        .locale(request -> null)
                        .build()
                        .chat("Hi"))
                .isEqualTo("Not this.");
    }

    @Test
    void evaluatorFails_failModeDecides() {
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build();

        assertThat(GuardedChatModel.of(ScriptedModel.saying("FAIL"), open).chat("Hi"))
                .isEqualTo("FAIL");
        assertThat(GuardedChatModel.of(ScriptedModel.saying("FAIL"), guard).chat("Hi"))
                .isEqualTo(REPLACEMENT);
    }

    @Test
    void model_describesItselfAsTheWrappedOne() {
        ChatRequestParameters parameters =
                DefaultChatRequestParameters.builder().temperature(0.5).build();
        ChatModel within = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                assertThat(request.parameters().temperature()).isEqualTo(0.5);
                return ScriptedModel.response(AiMessage.from("Fine."));
            }

            @Override
            public ChatRequestParameters defaultRequestParameters() {
                return parameters;
            }

            @Override
            public ModelProvider provider() {
                return ModelProvider.OLLAMA;
            }

            @Override
            public Set<Capability> supportedCapabilities() {
                return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            }
        };

        ChatModel model = GuardedChatModel.of(within, guard);

        assertThat(model.chat("Hi")).isEqualTo("Fine.");
        assertThat(model.defaultRequestParameters()).isSameAs(parameters);
        assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
        assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    @Test
    void optionSetTwice_isRefused() {
        Function<ChatRequest, Locale> other = request -> Locale.FRENCH;

        assertThatIllegalStateException()
                .isThrownBy(() -> GuardedChatModel.builder(ScriptedModel.saying(""), guard)
                        .action(ModelAction.ERROR)
                        .action(ModelAction.REPLACE))
                .withMessage("action must be set once, but was ERROR and then REPLACE");
        assertThatIllegalStateException()
                .isThrownBy(() -> GuardedChatModel.builder(ScriptedModel.saying(""), guard)
                        .locale(Locale.GERMAN)
                        .locale(Locale.FRENCH))
                .withMessage("locale must be set once, but was de and then fr");
        assertThatIllegalStateException()
                .isThrownBy(() -> GuardedChatModel.builder(ScriptedModel.saying(""), guard)
                        .locale(Locale.GERMAN)
                        .locale(other))
                .withMessageStartingWith("locale must be set once, but was de and then ");
    }
}
