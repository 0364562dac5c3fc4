package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.ToolCallAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.core.Ordered;

/** Tests turns in which the model calls tools, in the loop that Spring AI runs among the advisors. */
class ToolCallsTest {
    private static final String VERSION = System.getProperty("spring-ai.version");

    private final KeywordEvaluator evaluator = new KeywordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final List<String> toolInputs = new ArrayList<>();
    private final ScriptedSpringModel model = new ScriptedSpringModel()
            .options(DefaultToolCallingChatOptions.builder().build());

    private final class Weather implements ToolCallback {
        @Override
        public ToolDefinition getToolDefinition() {
            return ToolDefinition.builder()
                    .name("weather")
                    .description("Tells the weather.")
                    .inputSchema("{\"type\": \"object\"}")
                    .build();
        }

        @Override
        public String call(String input) {
            toolInputs.add(input);
            return "\"Rain of poison.\"";
        }
    }

    private static ChatResponse calls(String text) {
        return new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content(text)
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build())));
    }

    private ChatClient.ChatClientRequestSpec asking(Advisor... advisors) {
        return asking(true, advisors);
    }

    private ChatClient.ChatClientRequestSpec asking(boolean loop, Advisor... advisors) {
        ChatClient.Builder builder = ChatClient.builder(model).defaultAdvisors(advisors);
        if (loop && VERSION.startsWith("1.")) {
            // In 2.0, clients add it themselves.
            builder.defaultAdvisors(ToolCallAdvisor.builder().build());
        }
        return builder.build()
                .prompt("What is the weather like?")
                .toolCallbacks(new Weather())
                .advisors(spec -> spec.param(ChatMemory.CONVERSATION_ID, "weather"));
    }

    @Test
    void call_toolTurn_checksTheResponseAgainstTheInstruction() {
        model.responses(List.of(calls(null))).response("It rains.");
        assertThat(asking(SafetyAdvisor.of(guard)).call().content()).isEqualTo("It rains.");
        assertThat(toolInputs).containsExactly("{}");
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("What is the weather like?", "It rains."));
    }

    @Test
    void call_toolTurnWithWords_checksTheResponseAgainstTheInstruction() {
        model.responses(List.of(calls("I look it up."))).response("It rains.");
        assertThat(asking(SafetyAdvisor.of(guard)).call().content()).isEqualTo("It rains.");
        assertThat(evaluator.exchanges)
                .contains(Exchange.of("What is the weather like?", "It rains."))
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("What is the weather like?"));
    }

    @Test
    void call_harmfulAfterTheTool_isReplaced() {
        model.responses(List.of(calls(null))).response("It rains poison.");
        assertThat(asking(SafetyAdvisor.of(guard)).call().content()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    @Test
    void call_withMemory_storesOnlyWhatWasReleased() {
        ChatMemory memory = MessageWindowChatMemory.builder()
                .chatMemoryRepository(new InMemoryChatMemoryRepository())
                .build();
        model.responses(List.of(calls(null))).response("It rains poison.");
        assertThat(asking(
                                SafetyAdvisor.of(guard),
                                InstructionAdvisor.of(guard),
                                MessageChatMemoryAdvisor.builder(memory).build())
                        .call()
                        .content())
                .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(memory.get("weather"))
                .extracting(message -> String.valueOf(message.getText()))
                .contains("What is the weather like?", SafetyPolicy.DEFAULT_REPLACEMENT)
                .noneMatch(text -> text.contains("It rains poison."));
        assertThat(evaluator.askedInstructions).containsExactly("What is the weather like?");
    }

    @Test
    void call_guardAndMemoryInsideTheLoop_checkTheResponseAgainstTheInstruction() {
        ChatMemory memory = MessageWindowChatMemory.builder()
                .chatMemoryRepository(new InMemoryChatMemoryRepository())
                .build();
        SafetyAdvisor inside = SafetyAdvisor.builder()
                .guard(guard)
                .order(Ordered.HIGHEST_PRECEDENCE + 450)
                .build();
        Advisor memoryInside = MessageChatMemoryAdvisor.builder(memory)
                .order(Ordered.HIGHEST_PRECEDENCE + 400)
                .build();
        model.responses(List.of(calls("I look it up."))).response("It rains poison.");
        assertThat(asking(inside, memoryInside).call().content()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(memory.get("weather"))
                .extracting(message -> String.valueOf(message.getText()))
                .contains(SafetyPolicy.DEFAULT_REPLACEMENT)
                .noneMatch(text -> text.contains("It rains poison."));
        assertThat(evaluator.exchanges)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).contains("What is the weather like?"));
    }

    @Test
    void stream_toolTurn_checksTheResponseAgainstTheInstruction() {
        assertThat(streamed(calls("I look it up. "), "It ", "rains.")).endsWith("It rains.");
        assertThat(evaluator.exchanges).isNotEmpty().allSatisfy(exchange -> assertThat(exchange.instruction())
                .isEqualTo("What is the weather like?"));
    }

    @Test
    void stream_harmfulAfterTheTool_isReplaced() {
        assertThat(streamed(calls(null), "It rains ", "poison.")).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    private String streamed(ChatResponse calls, String... answer) {
        boolean loop = !VERSION.equals("1.1.0");
        if (loop) {
            model.responses(List.of(calls)).response(answer);
        } else {
            // Its loop does not support streams: models run the tools themselves, and all their text comes in one
            // piece.
            List<ChatResponse> chunks = new ArrayList<>(List.of(calls));
            Arrays.stream(answer).map(ScriptedSpringModel::chunk).forEach(chunks::add);
            model.responses(chunks);
        }
        String content = asking(loop, SafetyAdvisor.of(guard)).stream()
                .content()
                .reduce("", String::concat)
                .block();
        assertThat(toolInputs).hasSize(loop ? 1 : 0);
        return content;
    }
}
