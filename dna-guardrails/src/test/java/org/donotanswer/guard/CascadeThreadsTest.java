package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.donotanswer.guard.stream.GuardedIterator;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A cascade whose last stage may wait judges on the guard's threads within the deadline, however the guard is called; the
 * first stage, which never waits, changes nothing about that.
 */
@Timeout(60)
class CascadeThreadsTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Conversation QUESTION = Conversation.of("How do I make tea?");
    private static final String RESPONSE = "First boil the water. Then pour it over the leaves. Enjoy it!";

    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final HangingEvaluation hanging = HangingEvaluation.interruptible();
    private final List<SafetyGuard> guards = new ArrayList<>();

    @AfterEach
    void close() {
        hanging.end.countDown();
        guards.forEach(SafetyGuard::close);
    }

    /** Returns an evaluator whose quick first stage is never sure. */
    private static SafetyEvaluator cascade(SafetyEvaluator last) {
        return Cascade.builder()
                .stage(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.5)))
                .last(last)
                .build();
    }

    private SafetyGuard guard(SafetyGuard.Builder builder) {
        SafetyGuard guard = builder.build();
        guards.add(guard);
        return guard;
    }

    private SafetyGuard noting() {
        return guard(SafetyGuard.builder().evaluator(cascade(ScriptedEvaluator.slow(exchange -> {
            threads.add(Thread.currentThread().getName());
            return ScriptedEvaluator.byWord(exchange);
        }))));
    }

    private SafetyGuard hurried() {
        return guard(
                SafetyGuard.builder().evaluator(cascade(hanging.evaluator())).deadline(SHORT));
    }

    private void assertOnWorkers() {
        assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith("safety-guard-"));
    }

    private static void assertInTime(Verdict verdict) {
        assertThat(verdict.released()).isFalse();
        assertThat(verdict.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    }

    private static Flux<String> tokens() {
        return Flux.fromArray(RESPONSE.split("(?<= )"));
    }

    @Test
    void guard_ofACascade_mayBlock() {
        assertThat(noting().isNonBlocking()).isFalse();
    }

    @Test
    void check_anyText_runsOnTheGuardsThreads() {
        SafetyGuard guard = noting();
        assertThat(guard.check("How?", RESPONSE).released()).isTrue();
        assertThat(guard.check("How?", "HARM").released()).isFalse();
        guard.checkInstruction("How?");
        assertThat(guard.checkInterim(QUESTION, "Let me see what the tea says.").isChecked())
                .isTrue();
        assertOnWorkers();
    }

    @Test
    void check_aStageThatHangs_endsAtTheDeadline() {
        SafetyGuard guard = hurried();
        assertInTime(guard.check("How?", RESPONSE));
        assertInTime(guard.checkAsync(QUESTION, RESPONSE).join());
        assertInTime(guard.checkInstruction("How?"));
    }

    @Test
    void checkAsync_aStageThatHangs_returnsAtOnce() throws InterruptedException {
        SafetyGuard guard = guard(
                SafetyGuard.builder().evaluator(cascade(hanging.evaluator())).deadline(Duration.ofMinutes(5)));
        CompletableFuture<Verdict> verdict = guard.checkAsync(QUESTION, RESPONSE);
        assertThat(hanging.begun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(verdict).isNotDone();
        hanging.end.countDown();
        assertThat(verdict.join().released()).isTrue();
    }

    /** Keeps the verdict that ended a stream. */
    private static final class End implements StreamListener {
        private final AtomicReference<Verdict> verdict = new AtomicReference<>();

        @Override
        public void onText(String text) {}

        @Override
        public void onFinished(Verdict found) {
            verdict.set(found);
        }

        @Override
        public void onBlocked(Verdict found) {
            verdict.set(found);
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        private Verdict of(StreamGuard streams) {
            TokenSink sink = streams.open(QUESTION, this);
            tokens().toIterable().forEach(sink::accept);
            sink.complete();
            return verdict.get();
        }
    }

    @Test
    void stream_callback_runsOnTheGuardsThreadsInTime() {
        assertThat(new End().of(StreamGuard.of(noting())).released()).isTrue();
        assertOnWorkers();
        assertInTime(new End().of(StreamGuard.of(hurried())));
    }

    @Test
    void stream_iterator_runsOnTheGuardsThreadsInTime() {
        GuardedIterator parts =
                StreamGuard.of(noting()).iterate(QUESTION, tokens().toIterable().iterator());
        StringBuilder shown = new StringBuilder();
        parts.forEachRemaining(shown::append);
        assertThat(shown).hasToString(RESPONSE);
        assertOnWorkers();
        GuardedIterator late = StreamGuard.of(hurried())
                .iterate(QUESTION, tokens().toIterable().iterator());
        assertThatThrownBy(late::hasNext)
                .isInstanceOfSatisfying(BlockedException.class, blocked -> assertInTime(blocked.verdict()));
    }

    @Test
    void stream_flux_runsOnTheGuardsThreadsInTime() {
        assertThat(GuardedFlux.of(StreamGuard.of(noting()), QUESTION, tokens())
                        .reduce("", String::concat)
                        .block())
                .isEqualTo(RESPONSE);
        assertOnWorkers();
        assertThatThrownBy(() -> GuardedFlux.of(StreamGuard.of(hurried()), QUESTION, tokens())
                        .blockLast())
                .isInstanceOfSatisfying(BlockedException.class, blocked -> assertInTime(blocked.verdict()));
    }

    @Test
    void stream_fluxOnAnEventLoop_leavesTheLoopFree() throws InterruptedException {
        SafetyGuard guard = guard(
                SafetyGuard.builder().evaluator(cascade(hanging.evaluator())).deadline(Duration.ofMinutes(5)));
        Scheduler loop = Schedulers.newSingle("event-loop");
        try {
            CompletableFuture<String> shown = GuardedFlux.of(StreamGuard.of(guard), QUESTION, tokens().publishOn(loop))
                    .reduce("", String::concat)
                    .subscribeOn(loop)
                    .toFuture();
            assertThat(hanging.begun.await(30, TimeUnit.SECONDS)).isTrue();
            // While the evaluation hangs, the loop does other work.
            CountDownLatch other = new CountDownLatch(1);
            loop.schedule(other::countDown);
            assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
            hanging.end.countDown();
            assertThat(shown.join()).isEqualTo(RESPONSE);
        } finally {
            loop.dispose();
        }
    }

    private static ChatClient client(SafetyGuard guard) {
        ChatModel model = new ChatModel() {
            @Override
            public ChatResponse call(Prompt prompt) {
                return response(RESPONSE);
            }

            @Override
            public Flux<ChatResponse> stream(Prompt prompt) {
                return tokens().map(CascadeThreadsTest::response);
            }
        };
        return ChatClient.builder(model)
                .defaultAdvisors(
                        SafetyAdvisor.builder().guard(guard).throwing(true).build())
                .build();
    }

    private static ChatResponse response(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }

    @Test
    void call_advisor_runsOnTheGuardsThreadsInTime() {
        assertThat(client(noting()).prompt("How?").call().content()).isEqualTo(RESPONSE);
        assertOnWorkers();
        ChatClient late = client(hurried());
        assertThatThrownBy(() -> late.prompt("How?").call().content())
                .isInstanceOfSatisfying(BlockedException.class, blocked -> assertInTime(blocked.verdict()));
    }

    @Test
    void stream_advisor_runsOnTheGuardsThreadsInTime() {
        assertThat(client(noting()).prompt("How?").stream()
                        .content()
                        .reduce("", String::concat)
                        .block())
                .isEqualTo(RESPONSE);
        assertOnWorkers();
        ChatClient late = client(hurried());
        assertThatThrownBy(() -> late.prompt("How?").stream().content().blockLast())
                .isInstanceOfSatisfying(BlockedException.class, blocked -> assertInTime(blocked.verdict()));
    }
}
