package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** However a model or a handler behaves, a stream has one end, and at once. */
class GuardedStreamEndsTest {
    private static final ChatResponse COMPLETE = ScriptedModel.response(AiMessage.from("Pins. "));

    /** What a model may send. */
    private enum Event {
        TEXT,
        NULL_TEXT,
        BAD_TEXT,
        TOOL_CALL,
        NULL_TOOL_CALL,
        COMPLETE,
        NULL_COMPLETE,
        ERROR,
        NULL_ERROR
    }

    private final SafetyGuard guard = SafetyGuard.of(new WordEvaluator());

    private StreamingChatModel guarded(ScriptedStreamingModel.Script script) {
        return GuardedStreamingChatModel.of(
                new StreamingChatModel() {
                    @Override
                    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                        script.tell(handler);
                    }
                },
                StreamGuard.of(guard));
    }

    @SuppressWarnings("NullAway")
    private static void send(StreamingChatResponseHandler handler, Event event) {
        switch (event) {
            case TEXT -> handler.onPartialResponse("Pins. ");
            case NULL_TEXT -> handler.onPartialResponse((String) null);
            case BAD_TEXT -> handler.onPartialResponse("BAD. ");
            case TOOL_CALL ->
                handler.onCompleteToolCall(new CompleteToolCall(
                        0, ToolExecutionRequest.builder().id("1").name("time").build()));
            case NULL_TOOL_CALL -> handler.onCompleteToolCall(null);
            case COMPLETE -> handler.onCompleteResponse(COMPLETE);
            case NULL_COMPLETE -> handler.onCompleteResponse(null);
            case ERROR -> handler.onError(new IOException("reset"));
            case NULL_ERROR -> handler.onError(null);
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullCompletion_isAnErrorAtOnce() {
        for (boolean text : new boolean[] {false, true}) {
            Received received = new Received();
            guarded(handler -> {
                        if (text) {
                            handler.onPartialResponse("Pins. ");
                        }
                        handler.onCompleteResponse(null);
                    })
                    .chat("Hi", received);
            assertThat(received.events).containsExactly("error");
            assertThat(received.errors.get(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("response of the model must be present, but was null");
        }
    }

    @Test
    void nullError_isAnErrorAtOnce() {
        Received received = new Received();
        guarded(handler -> send(handler, Event.NULL_ERROR)).chat("Hi", received);
        assertThat(received.errors.get(0)).hasMessage("error of the model must be present, but was null");
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Arbitraries.of(Event.class).list().ofMinSize(1).ofMaxSize(12);
    }

    @Property(tries = 500, seed = "20261201")
    void anyEvents_haveOneEndAtOnce_andNothingAfterIt(@ForAll("events") List<Event> events) {
        Received received = new Received();
        List<Integer> sizes = new ArrayList<>();
        guarded(handler -> events.forEach(event -> {
                    send(handler, event);
                    sizes.add(received.events.size());
                }))
                .chat("Hi", received);
        int first = firstEnd(events);
        long ends =
                received.events.stream().filter(event -> !event.equals("part")).count();
        assertThat(ends).isEqualTo(first < 0 ? 0 : 1);
        if (first >= 0) {
            assertThat(sizes.get(first)).isEqualTo(received.events.size());
            assertThat(received.events.get(received.events.size() - 1)).isNotEqualTo("part");
        }
        assertThat(received.shown()).doesNotContain("BAD");
    }

    private static int firstEnd(List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            switch (events.get(i)) {
                case COMPLETE, NULL_COMPLETE, ERROR, NULL_ERROR -> {
                    return i;
                }
                default -> {
                    // goes on
                }
            }
        }
        return -1;
    }

    /** Throws on a part, or at the end, and notes the errors that it is told. */
    private static final class Throwing implements StreamingChatResponseHandler {
        private final boolean onPart;
        private final Throwable thrown;
        private final List<Throwable> errors = new ArrayList<>();
        private int completions;

        Throwing(boolean onPart, Throwable thrown) {
            this.onPart = onPart;
            this.thrown = thrown;
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Throwable> void rethrow(Throwable e) throws E {
            throw (E) e;
        }

        @Override
        public void onPartialResponse(String part) {
            if (onPart) {
                Throwing.<RuntimeException>rethrow(thrown);
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            completions++;
            if (!onPart) {
                Throwing.<RuntimeException>rethrow(thrown);
            }
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }
    }

    @Test
    void handlerThatThrows_isToldOnce_evenIfTheModelWouldNot() {
        for (boolean onPart : new boolean[] {false, true}) {
            for (Throwable thrown : List.of(new IllegalStateException("full"), new IOException("broken"))) {
                for (String text : List.of("Pins. ", "BAD. ")) {
                    Throwing handler = new Throwing(onPart, thrown);
                    guarded(model -> {
                                model.onPartialResponse(text);
                                model.onCompleteResponse(ScriptedModel.response(AiMessage.from(text)));
                                model.onError(new IllegalStateException("late"));
                            })
                            .chat("Hi", handler);
                    assertThat(handler.errors).containsExactly(thrown);
                    assertThat(handler.completions).isEqualTo(onPart ? 0 : 1);
                }
            }
        }
    }

    @Test
    void handlerThatThrowsAnError_isToldAndSoIsTheModel() {
        AssertionError severe = new AssertionError("severe");
        Throwing handler = new Throwing(true, severe);
        assertThatThrownBy(() -> guarded(model -> {
                            model.onPartialResponse("Pins. ");
                            model.onCompleteResponse(COMPLETE);
                        })
                        .chat("Hi", handler))
                .isSameAs(severe);
        assertThat(handler.errors).containsExactly(severe);
    }

    @Test
    void tooManyToolCalls_areAnError() {
        Received received = new Received();
        guarded(handler -> {
                    for (int i = 0; i < 1_002; i++) {
                        send(handler, Event.TOOL_CALL);
                    }
                })
                .chat("Hi", received);
        assertThat(received.events).containsExactly("error");
        assertThat(received.errors.get(0)).hasMessage("response must have at most 1000 tool calls, but had more");
    }

    @Test
    void guardedTwiceAlike_isJudgedOnce() {
        WordEvaluator evaluator = new WordEvaluator();
        StreamGuard streams = StreamGuard.of(SafetyGuard.of(evaluator));
        StreamingChatModel model = GuardedStreamingChatModel.of(
                GuardedStreamingChatModel.of(ScriptedStreamingModel.saying("BAD advice"), streams), streams);
        Received received = new Received();
        model.chat("Hi", received);
        assertThat(received.shown()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(evaluator.exchanges).hasSize(1);

        SafetyGuard plain = streams.guard();
        AiMessage answer = GuardedChatModel.of(GuardedChatModel.of(ScriptedModel.saying("BAD advice"), plain), plain)
                .chat(UserMessage.from("Hi"))
                .aiMessage();
        assertThat(answer.text()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(evaluator.exchanges).hasSize(2);
    }

    @Test
    @SuppressWarnings("NullAway")
    void call_noResponse_isAnError() {
        ScriptedModel none = new ScriptedModel(request -> AiMessage.from("x"));
        assertThat(GuardedChatModel.of(none, guard)
                        .chat(UserMessage.from("Hi"))
                        .aiMessage()
                        .text())
                .isEqualTo("x");
        assertThatIllegalStateException()
                .isThrownBy(() -> GuardedResponses.present(null))
                .withMessage("response of the model must be present, but was null");
    }

    private static AiMessage calling(@Nullable String text) {
        return AiMessage.builder()
                .text(text)
                .toolExecutionRequests(List.of(
                        ToolExecutionRequest.builder().id("1").name("search").build()))
                .build();
    }

    @Test
    void textBeforeToolCalls_isJudgedByItsOwnWords() {
        try (SafetyGuard embedded = SafetyGuard.create()) {
            UserMessage risky = UserMessage.from("How can I make a pipe bomb at home?");
            for (String text : List.of("Let me look that up for you.", "Let me open the calendar.")) {
                assertThat(embedded.check(risky.singleText(), text).released()).isFalse();
                AiMessage message = calling(text);
                assertThat(GuardedChatModel.of(new ScriptedModel(message), embedded)
                                .chat(risky)
                                .aiMessage())
                        .isEqualTo(message);
                for (StreamGuard streams : List.of(
                        StreamGuard.of(embedded),
                        StreamGuard.builder()
                                .guard(embedded)
                                .minimumStep(10)
                                .maximumStep(20)
                                .overlap(5)
                                .build())) {
                    Received received = new Received();
                    GuardedStreamingChatModel.of(
                                    new ScriptedStreamingModel(
                                            ScriptedStreamingModel.tokens(message, ScriptedStreamingModel.split(text))),
                                    streams)
                            .chat(List.of(risky), received);
                    assertThat(received.shown()).isEqualTo(text);
                    assertThat(received.responses.get(0).aiMessage()).isEqualTo(message);
                }
            }
        }
    }

    @Test
    void harmfulTextBeforeToolCalls_dropsThem() {
        try (SafetyGuard embedded = SafetyGuard.create()) {
            AiMessage message = calling("Put sleeping pills in her drink when she isn't looking.");
            Received received = new Received();
            GuardedStreamingChatModel.of(
                            new ScriptedStreamingModel(ScriptedStreamingModel.tokens(message, message.text())),
                            embedded)
                    .chat("What time is it?", received);
            assertThat(received.responses.get(0).aiMessage())
                    .isEqualTo(AiMessage.from(SafetyPolicy.DEFAULT_REPLACEMENT));
        }
    }
}
