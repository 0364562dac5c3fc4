package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.ChatExecutor;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailExecutor;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.service.AiServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the safety guardrail among other output guardrails of real AI services: blocked text must not come out in any order. */
class GuardrailChainTest {
    private static final String BLOCKED = "BAD advice on locks";
    private static final String PASSED = "By pins.";
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;
    private static final UserMessage INSTRUCTION = UserMessage.from("How do locks work?");

    private final SafetyGuard guard = SafetyGuard.of(new WordEvaluator());
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    interface NumberBot {
        int count(String message);
    }

    /** Orders of the safety guardrail under test, one that fails the call, and others. */
    enum Order {
        ALONE,
        BEFORE_SUCCESS,
        AFTER_SUCCESS,
        BETWEEN_SUCCESSES,
        BEFORE_STRICT,
        BEFORE_STRICT_AND_SUCCESS,
        TWICE,
        DELEGATING,
        DELEGATING_BEFORE_SUCCESS;

        List<OutputGuardrail> guardrails(OutputGuardrail safety, OutputGuardrail strict) {
            return switch (this) {
                case ALONE -> List.of(safety);
                case BEFORE_SUCCESS -> List.of(safety, SUCCESS);
                case AFTER_SUCCESS -> List.of(SUCCESS, safety);
                case BETWEEN_SUCCESSES -> List.of(SUCCESS, safety, SUCCESS);
                case BEFORE_STRICT -> List.of(safety, strict);
                case BEFORE_STRICT_AND_SUCCESS -> List.of(safety, strict, SUCCESS);
                case TWICE -> List.of(safety, safety);
                case DELEGATING -> List.of(SUCCESS, delegate(safety));
                case DELEGATING_BEFORE_SUCCESS -> List.of(delegate(safety), SUCCESS);
            };
        }
    }

    private static final OutputGuardrail SUCCESS = new OutputGuardrail() {
        @Override
        public OutputGuardrailResult validate(AiMessage response) {
            return success();
        }
    };

    private static OutputGuardrail delegate(OutputGuardrail guardrail) {
        return new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(OutputGuardrailRequest request) {
                return guardrail.validate(request);
            }
        };
    }

    /** Returns a guardrail that rewrites each response. */
    private static OutputGuardrail rewriting(String from, String to) {
        return new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                return successWith(response.text().replace(from, to));
            }
        };
    }

    private SafetyOutputGuardrail safety(OutputAction action) {
        return SafetyOutputGuardrail.builder(guard).action(action).build();
    }

    private AiServices<Bot> service(ScriptedModel model, boolean remembers, List<OutputGuardrail> guardrails) {
        AiServices<Bot> service = AiServices.builder(Bot.class).chatModel(model).outputGuardrails(guardrails);
        return remembers ? service.chatMemory(memory) : service;
    }

    static Stream<Arguments> actionsAndOrders() {
        return Stream.of(OutputAction.values()).flatMap(action -> Stream.of(Order.values())
                .flatMap(order -> Stream.of(true, false).map(remembers -> Arguments.of(action, order, remembers))));
    }

    @ParameterizedTest
    @MethodSource("actionsAndOrders")
    void blockedResponse_neverComesOut(OutputAction action, Order order, boolean remembers) {
        ScriptedModel model = ScriptedModel.saying(BLOCKED, PASSED);
        Bot bot = service(model, remembers, order.guardrails(safety(action), SafetyOutputGuardrail.of(guard)))
                .build();

        String shown = null;
        if (action == OutputAction.FATAL) {
            assertThatThrownBy(() -> bot.chat("How do locks work?"))
                    .satisfies(SafetyOutputGuardrailTest::assertBlocked);
        } else {
            shown = bot.chat("How do locks work?");
            assertThat(shown).isEqualTo(action == OutputAction.REPLACE ? REPLACEMENT : PASSED);
        }

        assertThat(model.requests)
                .hasSize(action == OutputAction.RETRY || action == OutputAction.REPROMPT ? 2 : 1)
                .noneMatch(request -> request.messages().toString().contains(BLOCKED));
        assertThat(memory.messages()).isEqualTo(remembered(remembers, shown));
    }

    private static List<ChatMessage> remembered(boolean remembers, @Nullable String shown) {
        if (!remembers) {
            return List.of();
        }
        return shown == null ? List.of(INSTRUCTION) : List.of(INSTRUCTION, AiMessage.from(shown));
    }

    @ParameterizedTest
    @MethodSource("actionsAndOrders")
    void responsesThatAllFail_neverComeOut(OutputAction action, Order order, boolean remembers) {
        Bot bot = service(
                        ScriptedModel.saying(BLOCKED),
                        remembers,
                        order.guardrails(safety(action), SafetyOutputGuardrail.of(guard)))
                .build();

        String shown = null;
        if (action == OutputAction.REPLACE) {
            shown = bot.chat("How do locks work?");
            assertThat(shown).isEqualTo(REPLACEMENT);
        } else {
            assertThatThrownBy(() -> bot.chat("How do locks work?"))
                    .satisfies(SafetyOutputGuardrailTest::assertBlocked);
        }

        assertThat(memory.messages()).isEqualTo(remembered(remembers, shown));
    }

    @ParameterizedTest
    @MethodSource("actionsAndOrders")
    void responseThatPasses_isShown(OutputAction action, Order order, boolean remembers) {
        ScriptedModel model = ScriptedModel.saying(PASSED);
        Bot bot = service(model, remembers, order.guardrails(safety(action), SafetyOutputGuardrail.of(guard)))
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo(PASSED);

        assertThat(model.requests).hasSize(1);
        assertThat(memory.messages()).isEqualTo(remembered(remembers, PASSED));
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void strictGuardrailFirst_failsTheCall(OutputAction action) {
        Bot bot = service(
                        ScriptedModel.saying(BLOCKED, PASSED),
                        true,
                        List.of(SafetyOutputGuardrail.of(guard), safety(action)))
                .build();

        assertThatThrownBy(() -> bot.chat("How do locks work?")).satisfies(SafetyOutputGuardrailTest::assertBlocked);

        assertThat(memory.messages()).containsExactly(INSTRUCTION);
    }

    @ParameterizedTest
    @EnumSource(names = {"RETRY", "REPROMPT"})
    void responseAskedForAgain_passesAllGuardrails(OutputAction action) {
        List<String> seen = new ArrayList<>();
        OutputGuardrail noting = new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                seen.add(response.text());
                return success();
            }
        };
        for (boolean remembers : new boolean[] {true, false}) {
            Bot bot = service(
                            ScriptedModel.saying(BLOCKED, PASSED),
                            remembers,
                            List.of(noting, safety(action), rewriting(".", "!"), noting))
                    .build();

            assertThat(bot.chat("How do locks work?")).isEqualTo("By pins!");
        }

        assertThat(seen).containsExactly(BLOCKED, PASSED, "By pins!", BLOCKED, PASSED, "By pins!");
        assertThat(memory.messages()).containsExactly(INSTRUCTION, AiMessage.from("By pins!"));
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void rewriteBefore_isCheckedAndShown_notTheOriginal(OutputAction action) {
        for (List<OutputGuardrail> guardrails : List.of(
                List.of(rewriting("BAD", "good"), safety(action)),
                List.of(rewriting("BAD", "good"), safety(action), SUCCESS),
                List.of(rewriting("BAD", "good"), SUCCESS, safety(action), SUCCESS),
                List.of(rewriting("BAD", "good"), delegate(safety(action))))) {
            Bot bot = service(ScriptedModel.saying(BLOCKED), false, guardrails).build();

            assertThat(bot.chat("How do locks work?")).isEqualTo("good advice on locks");
        }
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void rewriteBefore_thatIsBlocked_doesNotComeOut(OutputAction action) {
        Bot bot = service(
                        ScriptedModel.saying("good advice on locks", PASSED),
                        true,
                        List.of(rewriting("good", "BAD"), safety(action), SUCCESS))
                .build();

        if (action == OutputAction.FATAL) {
            assertThatThrownBy(() -> bot.chat("How do locks work?"))
                    .satisfies(SafetyOutputGuardrailTest::assertBlocked);
        } else {
            assertThat(bot.chat("How do locks work?")).isEqualTo(action == OutputAction.REPLACE ? REPLACEMENT : PASSED);
        }
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void laterGuardrail_mayStillRetry(OutputAction action) {
        OutputGuardrail polite = new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                return response.text().startsWith("Dear") ? success() : reprompt("impolite", "Say dear first, please.");
            }
        };
        Bot bot = service(ScriptedModel.saying(PASSED, "Dear you, by pins."), true, List.of(safety(action), polite))
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("Dear you, by pins.");
    }

    @Test
    void rewriteAfter_isShown() {
        Bot bot = service(
                        ScriptedModel.saying(PASSED),
                        true,
                        List.of(safety(OutputAction.REPLACE), rewriting(".", " (checked).")))
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo("By pins (checked).");
    }

    /** The framework's behaviour for services without a safety guardrail stays, faults included. */
    @Test
    void servicesWithoutSafetyGuardrail_areLeftAlone() {
        Bot bot = service(ScriptedModel.saying(PASSED), true, List.of(rewriting(".", "!"), SUCCESS))
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo(PASSED);
        assertThat(OutputGuardrailExecutor.builder().build().execute(request(null, PASSED)))
                .isEqualTo(OutputGuardrailResult.success());
    }

    @Test
    void responseWithoutText_countsAsRetry() {
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("time")
                .arguments("{}")
                .build());
        ScriptedModel model = new ScriptedModel(AiMessage.from(BLOCKED), call, AiMessage.from(PASSED));
        SafetyOutputGuardrail once = safety(OutputAction.RETRY);
        SafetyOutputGuardrail twice = SafetyOutputGuardrail.builder(guard)
                .action(OutputAction.RETRY)
                .retries(2)
                .build();

        assertThatThrownBy(() -> service(model, false, List.of(once)).build().chat("How do locks work?"))
                .satisfies(SafetyOutputGuardrailTest::assertBlocked);
        assertThat(model.requests).hasSize(2);

        ScriptedModel again = new ScriptedModel(AiMessage.from(BLOCKED), call, AiMessage.from(PASSED));
        assertThat(service(again, false, List.of(twice)).build().chat("How do locks work?"))
                .isEqualTo(PASSED);
    }

    @Test
    void objects_areAskedForAgain_notReplaced() {
        NumberBot bot = AiServices.builder(NumberBot.class)
                .chatModel(ScriptedModel.saying(BLOCKED, "42"))
                .outputGuardrails(safety(OutputAction.RETRY), SUCCESS)
                .build();

        assertThat(bot.count("How many locks are there?")).isEqualTo(42);
    }

    @Test
    void retry_sendsRetrievedPassagesAgain_whichTheMemoryDoesNotHold() {
        ScriptedModel model = ScriptedModel.saying(BLOCKED, PASSED);
        Bot bot = service(model, true, List.of(safety(OutputAction.RETRY)))
                .contentRetriever(query -> List.of(Content.from("A passage on locks.")))
                .storeRetrievedContentInChatMemory(false)
                .build();

        assertThat(bot.chat("How do locks work?")).isEqualTo(PASSED);

        assertThat(model.requests.get(1).messages())
                .isEqualTo(model.requests.get(0).messages());
        assertThat(model.requests.get(1).messages().toString()).contains("A passage on locks.");
        assertThat(memory.messages()).containsExactly(INSTRUCTION, AiMessage.from(PASSED));
    }

    /** A memory that fails on every write. */
    private static final class ReadOnlyMemory implements ChatMemory {
        private final List<ChatMessage> messages;

        ReadOnlyMemory(ChatMessage... messages) {
            this.messages = List.of(messages);
        }

        @Override
        public Object id() {
            return "read-only";
        }

        @Override
        public void add(ChatMessage message) {
            throw new AssertionError("memory must not be written to");
        }

        @Override
        public List<ChatMessage> messages() {
            return messages;
        }

        @Override
        public void clear() {
            throw new AssertionError("memory must not be cleared");
        }
    }

    private static OutputGuardrailRequest request(@Nullable ChatMemory memory, String response) {
        return OutputGuardrailRequest.builder()
                .responseFromLLM(ChatResponse.builder()
                        .aiMessage(AiMessage.from(response))
                        .build())
                .chatExecutor(new ChatExecutor() {
                    @Override
                    public ChatResponse execute() {
                        throw new AssertionError("guardrail must not call the model");
                    }

                    @Override
                    public ChatResponse execute(List<ChatMessage> messages) {
                        throw new AssertionError("guardrail must not call the model");
                    }
                })
                .requestParams(GuardrailRequestParams.builder()
                        .chatMemory(memory)
                        .userMessageTemplate("")
                        .variables(Map.of())
                        .invocationContext(InvocationContext.builder()
                                .interfaceName(Bot.class.getName())
                                .methodName("chat")
                                .build())
                        .build())
                .build();
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void guardrail_neverWritesToTheMemory(OutputAction action) {
        for (boolean removes : new boolean[] {true, false}) {
            SafetyOutputGuardrail guardrail = SafetyOutputGuardrail.builder(guard)
                    .action(action)
                    .removeFromMemory(removes)
                    .build();

            OutputGuardrailResult blocked =
                    guardrail.validate(request(new ReadOnlyMemory(INSTRUCTION, AiMessage.from(BLOCKED)), BLOCKED));
            OutputGuardrailResult passed =
                    guardrail.validate(request(new ReadOnlyMemory(INSTRUCTION, AiMessage.from(PASSED)), PASSED));

            assertThat(blocked.isFatal()).isTrue();
            assertThat(blocked.shouldRemoveViolatingMessage()).isEqualTo(removes);
            assertThat(passed.isSuccess()).isTrue();
        }
    }

    /** The framework would remove the response to an earlier instruction. */
    @Test
    void memoryThatDoesNotEndWithTheResponse_isNotToBeChanged() {
        ReadOnlyMemory other = new ReadOnlyMemory(UserMessage.from("Hi"), AiMessage.from("Hello"), INSTRUCTION);

        OutputGuardrailResult result = SafetyOutputGuardrail.of(guard).validate(request(other, BLOCKED));

        assertThat(result.isFatal()).isTrue();
        assertThat(result.shouldRemoveViolatingMessage()).isFalse();
    }

    private static final class FrameworkExecutorBuilder
            extends OutputGuardrailExecutor.OutputGuardrailExecutorBuilder {}

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void otherExecutor_failsTheCall(OutputAction action) {
        for (List<OutputGuardrail> guardrails : List.<List<OutputGuardrail>>of(
                List.of(safety(action)), List.of(safety(action), SUCCESS), List.of(SUCCESS, safety(action)))) {
            OutputGuardrailExecutor executor =
                    new FrameworkExecutorBuilder().guardrails(guardrails).build();

            assertThatThrownBy(() -> executor.execute(request(null, BLOCKED)))
                    .satisfies(SafetyOutputGuardrailTest::assertBlocked);
        }
        OutputGuardrailResult rewritten = new FrameworkExecutorBuilder()
                .guardrails(List.of(rewriting("BAD", "good"), safety(action)))
                .build()
                .execute(request(null, BLOCKED));
        assertThat(rewritten.successfulText()).isEqualTo("good advice on locks");
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void threadThatDoesNotSeeTheExecutor_failsTheCall(OutputAction action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Bot bot = service(ScriptedModel.saying(BLOCKED), true, List.of(safety(action), SUCCESS))
                .build();
        try {
            thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());

            assertThatThrownBy(() -> bot.chat("How do locks work?"))
                    .isInstanceOf(OutputGuardrailException.class)
                    .satisfies(thrown ->
                            assertThat(BlockedException.verdictOf(thrown)).isPresent());
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(memory.messages()).containsExactly(INSTRUCTION);
    }
}
