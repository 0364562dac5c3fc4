package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards the streams of real AI services. */
class SafetyOutputGuardrailStreamTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    interface Bot {
        String chat(String message);
    }

    interface StreamingBot {
        TokenStream chat(String message);
    }

    private AiServices<Bot> service(ScriptedModel model, SafetyOutputGuardrail guardrail) {
        return AiServices.builder(Bot.class).chatModel(model).outputGuardrails(guardrail);
    }

    private AiServices<StreamingBot> service(ScriptedStreamingModel model, SafetyOutputGuardrail guardrail) {
        return AiServices.builder(StreamingBot.class).streamingChatModel(model).outputGuardrails(guardrail);
    }

    private SafetyOutputGuardrail doing(OutputAction action) {
        return SafetyOutputGuardrail.builder(guard).action(action).build();
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void stream_blocked_failsAndShowsNothing_whateverTheAction(OutputAction action) {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<StreamingBot> service =
                    service(ScriptedStreamingModel.saying("This is BAD advice", "Better."), doing(action));
            memory.clear();
            if (remembers) {
                service.chatMemory(memory);
            }

            Received received = Received.of(service.build().chat("How do locks work?"));

            assertThat(received.events).containsExactly("error");
            SafetyOutputGuardrailTest.assertBlocked(received.errors.get(0));
            assertThat(memory.messages())
                    .isEqualTo(remembers ? List.of(UserMessage.from("How do locks work?")) : List.of());
        }
    }

    @ParameterizedTest
    @EnumSource(OutputAction.class)
    void stream_blocked_otherGuardrailFollows_failsAndShowsNothing(OutputAction action) {
        OutputGuardrail success = new OutputGuardrail() {
            @Override
            public OutputGuardrailResult validate(AiMessage response) {
                return success();
            }
        };
        StreamingBot bot = AiServices.builder(StreamingBot.class)
                .streamingChatModel(ScriptedStreamingModel.saying("This is BAD advice", "Better."))
                .outputGuardrails(success, doing(action), success)
                .build();

        Received received = Received.of(bot.chat("How do locks work?"));

        assertThat(received.events).containsExactly("error");
        SafetyOutputGuardrailTest.assertBlocked(received.errors.get(0));
    }

    @Test
    void stream_passed_isShownWhenComplete() {
        for (boolean remembers : new boolean[] {true, false}) {
            AiServices<StreamingBot> service =
                    service(ScriptedStreamingModel.saying("Locks are of brass."), SafetyOutputGuardrail.of(guard));
            if (remembers) {
                service.chatMemory(memory);
            }

            Received received = Received.of(service.build().chat("What are locks made of?"));

            assertThat(received.shown()).isEqualTo("Locks are of brass.");
            assertThat(received.response()).isEqualTo("Locks are of brass.");
            assertThat(received.errors).isEmpty();
            assertThat(evaluator.lastInstruction()).isEqualTo("What are locks made of?");
        }
        assertThat(memory.messages())
                .containsExactly(UserMessage.from("What are locks made of?"), AiMessage.from("Locks are of brass."));
    }

    /** The framework's behaviour, which no guardrail can change. */
    @Test
    void stream_noCompletionHandler_runsNoGuardrailAndShowsNothing() {
        StreamingBot bot = service(ScriptedStreamingModel.saying("Fine."), SafetyOutputGuardrail.of(guard))
                .build();
        List<String> parts = new ArrayList<>();

        bot.chat("Hi").onPartialResponse(parts::add).ignoreErrors().start();

        assertThat(parts).isEmpty();
        assertThat(evaluator.exchanges).isEmpty();
    }

    /** A tool that calls another service. */
    static final class Expert {
        private final Bot bot;

        Expert(Bot bot) {
            this.bot = bot;
        }

        @Tool("Asks an expert")
        String ask() {
            return bot.chat("How do locks work?");
        }
    }

    @Test
    void serviceCalledInsideAStream_isNoStream() {
        SafetyOutputGuardrail replacing = doing(OutputAction.REPLACE);
        Bot expert = service(ScriptedModel.saying("BAD advice"), replacing).build();
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("ask")
                .arguments("{}")
                .build());
        StreamingBot bot = service(
                        new ScriptedStreamingModel(
                                ScriptedStreamingModel.tokens(call), ScriptedStreamingModel.words("I know it now.")),
                        replacing)
                .chatMemory(memory)
                .tools(new Expert(expert))
                .build();

        assertThat(Received.of(bot.chat("Ask the expert.")).response()).isEqualTo("I know it now.");

        assertThat(memory.messages().get(2).toString()).contains(REPLACEMENT);
    }
}
