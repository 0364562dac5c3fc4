package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.donotanswer.guard.springai.Streams.HARMLESS;
import static org.donotanswer.guard.springai.Streams.TURNING;
import static org.donotanswer.guard.springai.Streams.ask;
import static org.donotanswer.guard.springai.Streams.assertReplaced;
import static org.donotanswer.guard.springai.Streams.assertShownInPart;
import static org.donotanswer.guard.springai.Streams.await;
import static org.donotanswer.guard.springai.Streams.chars;
import static org.donotanswer.guard.springai.Streams.small;
import static org.donotanswer.guard.springai.Streams.stream;
import static org.donotanswer.guard.springai.Streams.text;
import static org.donotanswer.guard.springai.Streams.verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Tests streams that break off, hang, throw, are blocked or are cancelled. */
class SafetyAdvisorStreamFaultsTest {
    private final KeywordEvaluator evaluator = new KeywordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    private SafetyAdvisor advisor() {
        return SafetyAdvisor.of(small(guard));
    }

    @Test
    void stream_blockedAndThrowing_endsInAnErrorAfterWhatPassed() {
        SafetyAdvisor throwing =
                SafetyAdvisor.builder().guard(small(guard)).throwing(true).build();
        List<ChatClientResponse> shown = new ArrayList<>();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> stream(new ScriptedSpringModel().response(chars(TURNING)), throwing)
                        .doOnNext(shown::add)
                        .blockLast())
                .satisfies(blocked -> assertThat(blocked.verdict().reason()).isEqualTo(Reason.HARMFUL));
        assertShownInPart(text(shown));
    }

    @Test
    void stream_slowConsumer_losesNothingBeforeTheError() {
        SafetyAdvisor throwing =
                SafetyAdvisor.builder().guard(small(guard)).throwing(true).build();
        StringBuilder shown = new StringBuilder();
        CountDownLatch ended = new CountDownLatch(1);
        stream(new ScriptedSpringModel().response(chars(TURNING)), throwing).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatClientResponse chunk) {
                shown.append(text(chunk));
                request(1);
            }

            @Override
            protected void hookOnError(Throwable error) {
                ended.countDown();
            }
        });
        await(ended);
        assertShownInPart(shown.toString());
    }

    @Test
    void stream_interleavedResponses_isAnError() {
        AssistantMessage second = AssistantMessage.builder()
                .content("Or so.")
                .properties(Map.of("index", 1))
                .build();
        ScriptedSpringModel model = new ScriptedSpringModel()
                .responses(
                        List.of(ScriptedSpringModel.chunk("So. "), new ChatResponse(List.of(new Generation(second)))));
        assertThatIllegalStateException()
                .isThrownBy(() -> ask(model, advisor()))
                .withMessage("stream must have one response, but had alternatives 0 and 1");
    }

    @Test
    void stream_breaksOff_showsNothingWithheld() {
        ScriptedSpringModel model = new ScriptedSpringModel()
                .stream(Flux.just(ScriptedSpringModel.chunk("First boil the water. Then pour it over the leaves. "))
                        .concatWith(Flux.error(new IllegalStateException("connection must be open, but was closed"))));
        List<ChatClientResponse> shown = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> stream(model, advisor()).doOnNext(shown::add).blockLast())
                .withMessage("connection must be open, but was closed");
        assertThat(HARMLESS).startsWith(text(shown));
        assertThat(shown).allSatisfy(chunk -> assertThat(chunk.context()).doesNotContainKey(SafetyAdvisor.VERDICT));
    }

    @Test
    void stream_blockedNearerToTheModel_staysAnError() {
        SafetyAdvisor inner = SafetyAdvisor.builder()
                .guard(small(guard))
                .throwing(true)
                .order(SafetyAdvisor.DEFAULT_ORDER + 1)
                .build();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> ask(
                        new ScriptedSpringModel().response(TURNING),
                        inner,
                        SafetyAdvisor.of(SafetyGuard.of(new KeywordEvaluator()))));
    }

    @Test
    void stream_consumerCancels_cancelsTheModel() {
        Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
        CountDownLatch cancelled = new CountDownLatch(1);
        ScriptedSpringModel model =
                new ScriptedSpringModel().stream(source.asFlux().doOnCancel(cancelled::countDown));
        CountDownLatch shown = new CountDownLatch(1);
        var subscription = stream(model, advisor()).subscribe(chunk -> shown.countDown());
        source.tryEmitNext(
                ScriptedSpringModel.chunk("First boil the water. Then pour it over the leaves. Wait for it. "));
        await(shown);
        subscription.dispose();
        await(cancelled);
    }

    @Test
    void stream_silentSource_isBlockedByTheIdleTimeout() {
        StreamGuard impatient = StreamGuard.builder()
                .guard(guard)
                .idleTimeout(Duration.ofMillis(1))
                .build();
        ScriptedSpringModel model = new ScriptedSpringModel().stream(Flux.never());
        List<ChatClientResponse> chunks = ask(model, SafetyAdvisor.of(impatient));
        assertReplaced(chunks, "");
        assertThat(verdict(chunks).reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(model.cancelled).hasValue(1);
    }

    @Test
    void stream_evaluatorThrows_failModeDecides() {
        KeywordEvaluator failing = new KeywordEvaluator(text -> {
            throw new IllegalArgumentException(text);
        });
        List<ChatClientResponse> closed = ask(
                new ScriptedSpringModel().response(chars(HARMLESS)), SafetyAdvisor.of(small(SafetyGuard.of(failing))));
        assertReplaced(closed, "");
        assertThat(verdict(closed).reason()).isEqualTo(Reason.EVALUATOR_FAILED);

        SafetyGuard open =
                SafetyGuard.builder().evaluator(failing).failMode(FailMode.OPEN).build();
        List<ChatClientResponse> shown =
                ask(new ScriptedSpringModel().response(chars(HARMLESS)), SafetyAdvisor.of(small(open)));
        assertThat(text(shown)).isEqualTo(HARMLESS);
        assertThat(verdict(shown).isChecked()).isFalse();
    }

    @Test
    void stream_evaluatorHangs_isBlockedAtTheDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        try (SafetyGuard hurried = SafetyGuard.builder()
                .evaluator(new KeywordEvaluator(text -> await(never)))
                .deadline(Duration.ofMillis(20))
                .build()) {
            List<ChatClientResponse> chunks =
                    ask(new ScriptedSpringModel().response(chars(HARMLESS)), SafetyAdvisor.of(small(hurried)));
            assertReplaced(chunks, "");
            assertThat(verdict(chunks).reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        } finally {
            never.countDown();
        }
    }

    @Test
    void stream_guardClosedMidway_isBlocked() {
        ScriptedSpringModel model = new ScriptedSpringModel()
                .stream(Flux.fromArray(chars(HARMLESS)).index().map(part -> {
                    if (part.getT1() == 60) {
                        guard.close();
                    }
                    return ScriptedSpringModel.chunk(part.getT2());
                }));
        List<ChatClientResponse> chunks = ask(model, advisor());
        assertThat(text(chunks)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(chunks).reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void stream_fromAnEventLoop_isNotCheckedOnIt() {
        Scheduler loop = Schedulers.newSingle("event-loop");
        try {
            ScriptedSpringModel model = new ScriptedSpringModel()
                    .stream(Flux.fromArray(chars(HARMLESS))
                            .map(ScriptedSpringModel::chunk)
                            .publishOn(loop));
            assertThat(text(ask(model, advisor()))).isEqualTo(HARMLESS);
            assertThat(evaluator.threads)
                    .isNotEmpty()
                    .noneMatch(thread -> thread.getName().startsWith("event-loop"))
                    .noneMatch(Schedulers::isNonBlockingThread);
        } finally {
            loop.dispose();
        }
    }

    @Test
    void stream_twoAtOnce_areKeptApart() {
        SafetyAdvisor shared = advisor();
        Flux<String> blocked = stream(new ScriptedSpringModel().response(chars(TURNING)), shared)
                .collectList()
                .map(Streams::text)
                .flux();
        Flux<String> passing = stream(new ScriptedSpringModel().response(chars(HARMLESS)), shared)
                .collectList()
                .map(Streams::text)
                .flux();
        List<String> texts = Objects.requireNonNull(
                Flux.mergeSequential(blocked, passing).collectList().block());
        assertThat(texts.get(0)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(texts.get(1)).isEqualTo(HARMLESS);
    }
}
