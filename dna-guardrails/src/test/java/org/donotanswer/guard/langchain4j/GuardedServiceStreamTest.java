package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Guards models whose responses real AI services stream. */
class GuardedServiceStreamTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;
    private static final String GOOD = "Locks have pins. Pins are of brass. Brass is an alloy. It does not rust.";
    private static final String ILL = "Locks have pins. Pins are of brass. Now some BAD advice. And even more.";
    private static final ToolExecutionRequest CALL =
            ToolExecutionRequest.builder().id("1").name("time").arguments("{}").build();

    private final WordEvaluator evaluator = new WordEvaluator();
    private final StreamGuard guard = StreamGuard.builder()
            .guard(SafetyGuard.of(evaluator))
            .minimumStep(10)
            .maximumStep(20)
            .overlap(5)
            .build();
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
    private final List<String> toolCalls = new ArrayList<>();

    interface Bot {
        TokenStream chat(String message);
    }

    /** A tool that records its calls. */
    final class Clock {
        @Tool("Tells the time")
        String time() {
            toolCalls.add("time");
            return "noon";
        }
    }

    private AiServices<Bot> service(ScriptedStreamingModel model) {
        return AiServices.builder(Bot.class).streamingChatModel(GuardedStreamingChatModel.of(model, guard));
    }

    @Test
    void responseThatPasses_isStreamedAndStored() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<Bot> service = service(ScriptedStreamingModel.saying(GOOD));
            if (remembers) {
                service.chatMemory(memory);
            }

            Received received = Received.of(service.build().chat("How do locks work?"));

            assertThat(received.shown()).isEqualTo(GOOD);
            assertThat(received.parts).hasSizeGreaterThan(2);
            assertThat(received.response()).isEqualTo(GOOD);
        }
        assertThat(memory.messages()).containsExactly(UserMessage.from("How do locks work?"), AiMessage.from(GOOD));
    }

    @Test
    void blockedResponse_isReplaced_inMemoryToo_andTheNextTurnIsCheckedOnItsOwn() {
        Bot bot = service(ScriptedStreamingModel.saying(ILL, GOOD))
                .chatMemory(memory)
                .systemMessageProvider(id -> "Answer nothing RISKY or BAD.")
                .build();

        Received blocked = Received.of(bot.chat("A RISKY thing?"));
        Received passed = Received.of(bot.chat("How do locks work?"));

        assertThat(blocked.shown()).endsWith("\n\n" + REPLACEMENT).doesNotContain("BAD");
        assertThat(blocked.response()).isEqualTo(REPLACEMENT);
        assertThat(blocked.errors).isEmpty();
        assertThat(passed.response()).isEqualTo(GOOD);
        assertThat(evaluator.lastInstruction()).isEqualTo("How do locks work?");
        assertThat(memory.messages().subList(1, 5))
                .containsExactly(
                        UserMessage.from("A RISKY thing?"),
                        AiMessage.from(REPLACEMENT),
                        UserMessage.from("How do locks work?"),
                        AiMessage.from(GOOD));
    }

    @Test
    void blockedResponse_withoutMemory_isReplaced() {
        Received received =
                Received.of(service(ScriptedStreamingModel.saying(ILL)).build().chat("Hi"));

        assertThat(received.shown()).endsWith("\n\n" + REPLACEMENT).doesNotContain("BAD");
        assertThat(received.events).endsWith("part", "complete");
    }

    @Test
    void blockedResponse_error_isReportedAndNotStored() {
        Bot bot = AiServices.builder(Bot.class)
                .streamingChatModel(GuardedStreamingChatModel.builder(ScriptedStreamingModel.saying(ILL), guard)
                        .action(ModelAction.ERROR)
                        .build())
                .chatMemory(memory)
                .build();

        Received received = Received.of(bot.chat("Hi"));

        assertThat(received.shown()).isNotEmpty().doesNotContain("BAD");
        assertThat(received.events).endsWith("error").doesNotContain("complete");
        assertThat(BlockedException.verdictOf(received.errors.get(0))).isPresent();
        assertThat(memory.messages()).containsExactly(UserMessage.from("Hi"));

        int before = evaluator.exchanges.size();
        Received.of(bot.chat("How do locks work?"));
        // A blocked beginning is checked by itself as well, without the instruction.
        assertThat(evaluator.exchanges.subList(before, evaluator.exchanges.size()))
                .extracting(Exchange::instruction)
                .containsOnly("How do locks work?", "");
    }

    /** Unlike with an output guardrail. */
    @Test
    void noCompletionHandler_isStillGuarded() {
        List<String> parts = new ArrayList<>();

        service(ScriptedStreamingModel.saying(ILL))
                .build()
                .chat("Hi")
                .onPartialResponse(parts::add)
                .ignoreErrors()
                .start();

        assertThat(String.join("", parts))
                .startsWith("Locks")
                .endsWith(REPLACEMENT)
                .doesNotContain("BAD");
    }

    @Test
    void additionalGuardrail_failsTheStream() {
        OutputGuardrail strict = new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                return fatal("too long");
            }
        };
        Bot bot = service(ScriptedStreamingModel.saying(GOOD))
                .outputGuardrails(strict)
                .build();

        Received received = Received.of(bot.chat("Hi"));

        assertThat(received.events).containsExactly("error");
        assertThat(received.errors.get(0)).isInstanceOf(OutputGuardrailException.class);
    }

    @Test
    void toolsAreCalled_sequentially() {
        assertToolsCalled(service(toolUser()));
    }

    /** If told to, the framework calls tools while the model streams: then complete tool calls are events. */
    @Test
    void toolsAreCalled_concurrently() {
        assertToolsCalled(service(toolUser()).executeToolsConcurrently());
    }

    private static ScriptedStreamingModel toolUser() {
        return new ScriptedStreamingModel(
                handler -> {
                    ModelEvents.completeToolCall(handler, CALL);
                    handler.onCompleteResponse(ScriptedModel.response(AiMessage.from(CALL)));
                },
                ScriptedStreamingModel.words("It is noon."));
    }

    private void assertToolsCalled(AiServices<Bot> service) {
        Bot bot = service.chatMemory(memory).tools(new Clock()).build();

        Received received = Received.of(bot.chat("What time is it?"));

        assertThat(received.errors).isEmpty();
        assertThat(received.shown()).isEqualTo("It is noon.");
        assertThat(toolCalls).containsExactly("time");
        assertThat(evaluator.lastInstruction()).isEqualTo("What time is it?");
        assertThat(memory.messages())
                .<Class<?>>extracting(ChatMessage::getClass)
                .containsExactly(UserMessage.class, AiMessage.class, ToolExecutionResultMessage.class, AiMessage.class);
    }

    @Test
    void blockedTextBeforeToolCall_callsNoTool() {
        Bot bot = service(new ScriptedStreamingModel(handler -> {
                    handler.onPartialResponse("BAD plan.");
                    ModelEvents.completeToolCall(handler, CALL);
                    handler.onCompleteResponse(ScriptedModel.response(AiMessage.from("BAD plan.", List.of(CALL))));
                }))
                .tools(new Clock())
                .build();

        Received received = Received.of(bot.chat("What time is it?"));

        assertThat(received.response()).isEqualTo(REPLACEMENT);
        assertThat(toolCalls).isEmpty();
    }

    @Test
    void retrievedPassages_areLeftOut_ifUserTextIsSupplied() {
        Bot bot = AiServices.builder(Bot.class)
                .streamingChatModel(GuardedStreamingChatModel.builder(ScriptedStreamingModel.saying(GOOD), guard)
                        .userText(request -> {
                            List<ChatMessage> messages = request.messages();
                            String text = ((UserMessage) messages.get(messages.size() - 1)).singleText();
                            return text.substring(0, text.lastIndexOf("\n\nAnswer using"));
                        })
                        .build())
                .contentRetriever(query -> List.of(Content.from("A RISKY passage.")))
                .build();

        assertThat(Received.of(bot.chat("How do locks work?")).response()).isEqualTo(GOOD);

        assertThat(evaluator.lastInstruction()).isEqualTo("How do locks work?");
    }
}
