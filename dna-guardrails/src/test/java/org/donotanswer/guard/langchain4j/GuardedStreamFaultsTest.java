package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Tests guarded streams in which something fails. */
class GuardedStreamFaultsTest {
    private static final String REPLACEMENT = SafetyPolicy.DEFAULT_REPLACEMENT;
    private static final String GOOD = "Locks have pins. Pins are of brass. Brass is an alloy. It does not rust.";
    private static final String ILL = "Locks have pins. Pins are of brass. Now some BAD advice. And even more.";

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    private static StreamGuard.Builder windows(SafetyGuard guard) {
        return StreamGuard.builder()
                .guard(guard)
                .minimumStep(10)
                .maximumStep(20)
                .overlap(5);
    }

    private GuardedStreamingChatModel.Builder guarded(StreamingChatModel model) {
        return GuardedStreamingChatModel.builder(model, windows(guard).build());
    }

    private static Received chat(StreamingChatModel model) {
        Received received = new Received();
        model.chat("How do locks work?", received);
        return received;
    }

    @Test
    void modelThatFails_isReported_andNothingWithheldIsShown() {
        IllegalStateException failure = new IllegalStateException("model failed");
        Received received = chat(guarded(new ScriptedStreamingModel(handler -> {
                    handler.onPartialResponse("Locks have");
                    handler.onError(failure);
                    handler.onPartialResponse(" pins.");
                    handler.onError(failure);
                }))
                .build());

        assertThat(received.events).containsExactly("error");
        assertThat(received.errors).containsExactly(failure);
    }

    @Test
    void modelThatThrowsAtOnce_throws() {
        List<StreamingChatResponseHandler> handlers = new ArrayList<>();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handlers.add(handler);
                handler.onPartialResponse("Locks");
                throw new UnsupportedOperationException("not today");
            }
        };
        Received received = new Received();

        assertThatThrownBy(() -> guarded(model).build().chat("Hi", received))
                .isInstanceOf(UnsupportedOperationException.class);
        handlers.get(0).onCompleteResponse(ScriptedModel.response(AiMessage.from(GOOD)));

        assertThat(received.events).isEmpty();
    }

    @Test
    void handlerThatThrowsOnAPart_getsTheError() {
        List<Object> events = new ArrayList<>();
        IllegalStateException failure = new IllegalStateException("screen is broken");

        guarded(ScriptedStreamingModel.saying(GOOD)).build().chat("Hi", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String part) {
                events.add("part");
                throw failure;
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                events.add("complete");
            }

            @Override
            public void onError(Throwable error) {
                events.add(error);
            }
        });

        assertThat(events).containsExactly("part", failure);
    }

    @Test
    void handlerThatThrowsAtTheEnd_getsTheError() {
        for (String answer : List.of(GOOD, ILL)) {
            List<Object> events = new ArrayList<>();
            IllegalStateException failure = new IllegalStateException("disk is full");

            guarded(ScriptedStreamingModel.saying(answer)).build().chat("Hi", new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String part) {}

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    events.add("complete");
                    throw failure;
                }

                @Override
                public void onError(Throwable error) {
                    events.add(error);
                }
            });

            assertThat(events).containsExactly("complete", failure);
        }
    }

    @Test
    void nullEvents_areSkipped() {
        Received received = chat(guarded(new ScriptedStreamingModel(
                        ScriptedStreamingModel.tokens(AiMessage.from("Pins."), "Pi", null, "", "ns.")))
                .build());

        assertThat(received.shown()).isEqualTo("Pins.");
        assertThat(received.response()).isEqualTo("Pins.");
    }

    @Test
    void silentModel_isBlocked() throws InterruptedException {
        Received received = new Received();
        StreamingChatModel model = GuardedStreamingChatModel.builder(
                        new ScriptedStreamingModel(handler -> {}),
                        windows(guard).idleTimeout(Duration.ofMillis(1)).build())
                .action(ModelAction.ERROR)
                .build();

        model.chat("Hi", received);

        assertThat(received.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(BlockedException.verdictOf(received.errors.get(0))
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.IDLE_TIMEOUT);
    }

    @Test
    void modelOnAnotherThread_isGuarded() throws InterruptedException {
        Received received = new Received();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                Thread thread =
                        new Thread(() -> ScriptedStreamingModel.words(ILL).tell(handler));
                thread.start();
            }
        };

        guarded(model).build().chat("Hi", received);

        assertThat(received.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(received.shown()).endsWith(REPLACEMENT).doesNotContain("BAD");
    }

    @Test
    void evaluatorFails_failModeDecides() {
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build();
        StreamingChatModel model = ScriptedStreamingModel.saying("FAIL");

        assertThat(chat(GuardedStreamingChatModel.of(model, open)).shown()).isEqualTo("FAIL");
        assertThat(chat(GuardedStreamingChatModel.of(model, guard)).shown()).isEqualTo(REPLACEMENT);
    }
}
