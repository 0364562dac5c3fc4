package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Sources that send for ever, but never a text, are ended by the idle rule in every form of streaming. */
@Timeout(60)
class StreamsOfNothingTest {
    private static final long TIMEOUT = 1_000;
    private static final Conversation CONVERSATION = Conversation.of("What is it?");

    private final ManualStreamTimer timer = new ManualStreamTimer();
    private final AtomicLong sent = new AtomicLong();
    private final StreamGuard streams = StreamGuard.builder()
            .guard(SafetyGuard.of(new MarkerEvaluator("HARM")))
            .idleTimeout(Duration.ofNanos(TIMEOUT))
            .timer(timer)
            .build();

    /** Sends another token, and lets a little time pass. */
    private String tick(String token) {
        sent.incrementAndGet();
        timer.advance(TIMEOUT / 10);
        return token;
    }

    private void assertEnded(Verdict verdict) {
        assertThat(verdict.reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(verdict.released()).isFalse();
        // Ten timeouts, and up to a quarter of one more.
        assertThat(sent.get()).isBetween(99L, 125L);
        assertThat(timer.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \t\r\n", "\u200B", "\u00A0"})
    void callbacks_neverAText_areBlocked(String token) {
        RecordingStreamListener listener = new RecordingStreamListener();
        TokenSink sink = streams.open(CONVERSATION, listener);
        boolean more = true;
        while (more) {
            more = sink.accept(tick(token));
        }
        assertThat(listener.end()).isEqualTo("blocked IDLE_TIMEOUT");
        assertThat(sent.get()).isBetween(99L, 125L);
        assertThat(timer.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void flux_neverAText_isBlocked(String token) {
        AtomicReference<@Nullable Verdict> verdict = new AtomicReference<>();
        Flux<String> source = Flux.generate(sink -> sink.next(tick(token)));
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> GuardedFlux.of(streams, CONVERSATION, source, verdict::set)
                        .blockLast());
        assertThat(verdict.get().reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(sent.get()).isBetween(99L, 400L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void processor_neverAText_isBlocked(String token) {
        GuardedProcessor processor = streams.processor(CONVERSATION);
        RecordingStreamListener listener = new RecordingStreamListener();
        processor.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String text) {
                assertThat(text).isBlank();
            }

            @Override
            public void onError(Throwable error) {
                listener.onBlocked(((BlockedException) error).verdict());
            }

            @Override
            public void onComplete() {}
        });
        AtomicLong wanted = new AtomicLong();
        boolean[] cancelled = {false};
        processor.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                wanted.addAndGet(n);
            }

            @Override
            public void cancel() {
                cancelled[0] = true;
            }
        });
        while (!cancelled[0]) {
            assertThat(wanted.getAndDecrement()).isPositive();
            processor.onNext(tick(token));
        }
        assertEnded(processor.verdict().toCompletableFuture().join());
        assertThat(listener.end()).isEqualTo("blocked IDLE_TIMEOUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void iterator_neverAText_isBlocked(String token) {
        Iterator<String> source = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                return tick(token);
            }
        };
        GuardedIterator iterator = streams.iterate(CONVERSATION, source);
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(
                        () -> iterator.forEachRemaining(text -> assertThat(text).isBlank()))
                .satisfies(blocked -> assertThat(blocked.verdict().reason()).isEqualTo(Reason.IDLE_TIMEOUT));
    }
}
