package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ManualTime;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Guards streams of models that work for long before they send text. */
class BusyModelTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ToolExecutionRequest CALL =
            ToolExecutionRequest.builder().id("1").name("time").build();

    private final ManualTime time = new ManualTime();

    /** Returns events without text, as far as the release under test has them. */
    private static List<ScriptedStreamingModel.Script> events() {
        List<ScriptedStreamingModel.Script> events = new ArrayList<>();
        events.add(handler -> handler.onPartialResponse(""));
        events.add(handler -> handler.onPartialResponse(null));
        events.add(handler -> ModelEvents.partialThinking(handler, "Hm."));
        events.add(handler -> ModelEvents.partialToolCall(handler, "{"));
        events.add(handler -> ModelEvents.completeToolCall(handler, CALL));
        if (LangChain4jVersionTest.isFrom(17)) {
            events.add(handler -> ModelEvents.rawEvent(handler, "ping"));
        }
        return events;
    }

    private Received chat(ScriptedStreamingModel.Script event, int times) {
        StreamGuard.Builder streams = time.rule(StreamGuard.builder())
                .guard(SafetyGuard.of(new WordEvaluator()))
                .idleTimeout(MINUTE);
        ScriptedStreamingModel model = new ScriptedStreamingModel(handler -> {
            for (int i = 0; i < times; i++) {
                event.tell(handler);
                time.advance(MINUTE.minusNanos(1));
            }
            ScriptedStreamingModel.words("Fine.").tell(handler);
        });
        Received received = new Received();
        GuardedStreamingChatModel.builder(model, streams.build())
                .action(ModelAction.ERROR)
                .build()
                .chat("How do locks work?", received);
        return received;
    }

    @Test
    void modelThatThinksForLong_isNotSilent() {
        for (ScriptedStreamingModel.Script event : events()) {
            Received received = chat(event, 9);
            assertThat(received.errors).isEmpty();
            assertThat(received.response()).isEqualTo("Fine.");
        }
    }

    @Test
    void modelThatThinksWithoutEnd_isBlocked() {
        for (ScriptedStreamingModel.Script event : events()) {
            Received received = chat(event, 100);
            assertThat(received.events).containsExactly("error");
            assertThat(BlockedException.verdictOf(received.errors.get(0))
                            .orElseThrow()
                            .reason())
                    .isEqualTo(Reason.IDLE_TIMEOUT);
        }
    }
}
