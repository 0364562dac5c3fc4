package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Guards the events of models other than text. */
class GuardedStreamEventsTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;
    private static final String GOOD = "Locks have pins. Pins are of brass. Brass is an alloy. It does not rust.";

    private final WordEvaluator evaluator = new WordEvaluator();
    private final StreamGuard guard = StreamGuard.builder()
            .guard(SafetyGuard.of(evaluator))
            .minimumStep(10)
            .maximumStep(20)
            .overlap(5)
            .build();
    private final List<String> events = new ArrayList<>();

    /** Records each event with its arguments. */
    private StreamingChatResponseHandler recorder() {
        InvocationHandler methods = (proxy, method, arguments) -> {
            events.add(method.getName() + " " + List.of(arguments));
            return null;
        };
        Class<?> type = StreamingChatResponseHandler.class;
        return (StreamingChatResponseHandler)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods);
    }

    private void chat(ScriptedStreamingModel.Script script) {
        StreamingChatModel model = GuardedStreamingChatModel.of(new ScriptedStreamingModel(script), guard);
        model.chat("How do locks work?", recorder());
    }

    @Test
    void everythingButText_isWithheld() {
        chat(handler -> {
            ModelEvents.partialThinking(handler, "SECRET thoughts");
            ModelEvents.partialToolCall(handler, "SECRET arguments");
            ModelEvents.rawEvent(handler, "SECRET event");
            handler.onPartialResponse("Fine.");
            handler.onCompleteResponse(ScriptedModel.response(AiMessage.from("Fine.")));
        });

        assertThat(events).hasSize(2).noneMatch(event -> event.contains("SECRET"));
        assertThat(events.get(0)).startsWith("onPartialResponse").contains("Fine.");
        assertThat(events.get(1)).startsWith("onCompleteResponse");
    }

    @Test
    void thoughtsOfTheCompleteResponse_areChecked() {
        AiMessage good = ModelEvents.thinking("Fine.", "Harmless thoughts");
        AiMessage bad = ModelEvents.thinking("Fine.", "BAD thoughts");

        chat(ScriptedStreamingModel.tokens(good, "Fine."));
        chat(ScriptedStreamingModel.tokens(bad, "Fine."));
        AiMessage blocking = GuardedChatModel.of(new ScriptedModel(bad), guard.guard())
                .chat(dev.langchain4j.data.message.UserMessage.from("Hi"))
                .aiMessage();

        assertThat(events).hasSize(4);
        assertThat(events.get(1)).contains("Harmless thoughts");
        assertThat(events.get(3)).contains("Fine.").doesNotContain("BAD");
        assertThat(blocking).isEqualTo(AiMessage.from("Fine."));
    }

    @Test
    void completeToolCalls_comeAfterTheTextHasPassed() {
        ToolExecutionRequest call =
                ToolExecutionRequest.builder().id("1").name("time").build();
        AiMessage both = AiMessage.from("Let me see.", List.of(call));

        chat(handler -> {
            handler.onPartialResponse("Let me see.");
            ModelEvents.completeToolCall(handler, call);
            handler.onCompleteResponse(ScriptedModel.response(both));
        });

        List<String> names = events.stream()
                .map(event -> event.substring(0, event.indexOf(' ')))
                .toList();
        assertThat(names).containsExactly("onPartialResponse", "onCompleteToolCall", "onCompleteResponse");
    }

    @Test
    void blockedStream_isCancelledAtTheModel() {
        AtomicBoolean cancelled = new AtomicBoolean();
        chat(handler -> {
            for (String token : ScriptedStreamingModel.split("Locks have pins. Now some BAD advice. And even more.")) {
                if (!cancelled.get()) {
                    ModelEvents.token(handler, token, cancelled);
                }
            }
        });

        assertThat(cancelled).isTrue();
        assertThat(events).last().asString().startsWith("onCompleteResponse").contains(REPLACEMENT);
        assertThat(events.toString()).doesNotContain("BAD").doesNotContain("even more");
    }

    @Test
    void blockedStream_ofModelThatCannotStop_ends() {
        chat(handler -> {
            for (String token : ScriptedStreamingModel.split("Locks have pins. Now some BAD advice. And even more.")) {
                ModelEvents.token(handler, token, null);
            }
            handler.onCompleteResponse(ScriptedModel.response(AiMessage.from("BAD")));
        });

        assertThat(events).last().asString().startsWith("onCompleteResponse").contains(REPLACEMENT);
        assertThat(events.get(events.size() - 2))
                .contains("PartialResponseContext")
                .contains(REPLACEMENT);
        assertThat(events.toString()).doesNotContain("BAD").doesNotContain("even more");
    }

    @Test
    void passedStream_isNotCancelled_contextIsPassedOn() {
        AtomicBoolean cancelled = new AtomicBoolean();
        chat(handler -> {
            for (String token : ScriptedStreamingModel.split(GOOD)) {
                ModelEvents.token(handler, token, cancelled);
            }
            handler.onCompleteResponse(ScriptedModel.response(AiMessage.from(GOOD)));
        });

        assertThat(cancelled).isFalse();
        assertThat(events).hasSizeGreaterThan(3);
        assertThat(events.subList(0, events.size() - 1))
                .allSatisfy(event -> assertThat(event).contains("PartialResponseContext"));
    }

    @Test
    void readerThatCancels_getsNothingMore() {
        AtomicBoolean cancelled = new AtomicBoolean();
        InvocationHandler methods = (proxy, method, arguments) -> {
            events.add(method.getName());
            cancelled.set(true);
            return null;
        };
        Class<?> type = StreamingChatResponseHandler.class;
        StreamingChatResponseHandler reader = (StreamingChatResponseHandler)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods);
        StreamingChatModel model = GuardedStreamingChatModel.of(
                new ScriptedStreamingModel(handler -> {
                    for (String token : ScriptedStreamingModel.split(GOOD + " BAD")) {
                        ModelEvents.token(handler, token, cancelled);
                    }
                    handler.onCompleteResponse(ScriptedModel.response(AiMessage.from(GOOD + " BAD")));
                }),
                guard);

        model.chat("Hi", reader);

        assertThat(events).containsExactly("onPartialResponse");
    }
}
