package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Eventually;
import org.donotanswer.guard.GuardThreads;
import org.donotanswer.guard.HangingEvaluation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResponseProcessorTest {
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MarkerEvaluator evaluator = new MarkerEvaluator("BOMB");
    private final ManualStreamTimer timer = new ManualStreamTimer();
    private final Source source = new Source();
    private final Sink sink = new Sink();

    private GuardedProcessor processor(SafetyGuard.Builder guard) {
        GuardedProcessor processor = StreamGuard.builder()
                .guard(guard.build())
                .minimumStep(100)
                .maximumStep(200)
                .overlap(20)
                .idleTimeout(MINUTE)
                .timer(timer)
                .build()
                .processor(Conversation.of("How do foxes jump?"));
        processor.subscribe(sink);
        processor.onSubscribe(source);
        return processor;
    }

    private GuardedProcessor processor() {
        return processor(SafetyGuard.builder().evaluator(evaluator));
    }

    /** What was requested of the publisher. */
    private static class Source implements Flow.Subscription {
        final List<Long> requests = Collections.synchronizedList(new ArrayList<>());
        volatile boolean cancelled;

        @Override
        public void request(long n) {
            requests.add(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** What the subscriber received. */
    private static class Sink implements Flow.Subscriber<String> {
        final List<String> texts = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger completions = new AtomicInteger();
        final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
        volatile Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
        }

        @Override
        public void onNext(String text) {
            texts.add(text);
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onComplete() {
            completions.incrementAndGet();
        }
    }

    @Test
    void request_nothing_asksNothingOfThePublisher() {
        GuardedProcessor processor = processor();
        assertThat(source.requests).isEmpty();
        sink.subscription.request(1);
        assertThat(source.requests).containsExactly((long) ResponseProcessor.PREFETCH);
        for (int i = 0; i < 23; i++) {
            processor.onNext("a");
        }
        assertThat(source.requests).hasSize(1);
        processor.onNext("a");
        assertThat(source.requests).containsExactly((long) ResponseProcessor.PREFETCH, 24L);
    }

    @Test
    void onNext_noDemand_releasesNothingAndChecksOneWindowAhead() {
        GuardedProcessor processor = processor();
        sink.subscription.request(1);
        for (int i = 0; i < 20; i++) {
            processor.onNext(SENTENCE);
        }
        assertThat(sink.texts).hasSize(1);
        assertThat(evaluator.evaluations).hasValue(2);
        assertThat(source.requests).hasSize(1);
        sink.subscription.request(2);
        assertThat(sink.texts).hasSize(3);
        processor.onComplete();
        assertThat(sink.completions).hasValue(0);
        sink.subscription.request(Long.MAX_VALUE);
        sink.subscription.request(Long.MAX_VALUE);
        assertThat(String.join("", sink.texts)).isEqualTo(SENTENCE.repeat(20));
        assertThat(sink.completions).hasValue(1);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void onNext_harm_cancelsThePublisherAndEndsOnce() throws Exception {
        GuardedProcessor processor = processor();
        sink.subscription.request(Long.MAX_VALUE);
        processor.onNext(SENTENCE.repeat(3));
        processor.onNext("The BOMB. " + SENTENCE.repeat(5));
        processor.onNext(SENTENCE);
        processor.onComplete();
        assertThat(source.cancelled).isTrue();
        assertThat(sink.completions).hasValue(0);
        assertThat(sink.errors).hasSize(1);
        Verdict verdict = BlockedException.verdictOf(sink.errors.get(0)).orElseThrow();
        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
        assertThat(processor.verdict().toCompletableFuture().get()).isSameAs(verdict);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void verdict_asSeenByTheSubscriber_isPresentAtTheEnd() {
        List<Boolean> done = new ArrayList<>();
        GuardedProcessor processor = processor();
        sink.subscription.cancel();
        GuardedProcessor[] own = new GuardedProcessor[1];
        Sink asking = new Sink() {
            @Override
            public void onComplete() {
                done.add(own[0].verdict().toCompletableFuture().isDone());
            }
        };
        own[0] = StreamGuard.of(SafetyGuard.of(evaluator)).processor(Conversation.unknown());
        own[0].subscribe(asking);
        own[0].onSubscribe(new Source());
        own[0].onComplete();
        assertThat(done).containsExactly(true);
        assertThat(processor.verdict().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void verdict_completedFromOutside_isNot() {
        GuardedProcessor processor = processor();
        processor.verdict().toCompletableFuture().cancel(true);
        assertThat(processor.verdict().toCompletableFuture()).isNotDone();
    }

    @Test
    void cancel_bySubscriber_cancelsThePublisher() {
        GuardedProcessor processor = processor();
        sink.subscription.request(5);
        processor.onNext(SENTENCE);
        sink.subscription.cancel();
        sink.subscription.cancel();
        sink.subscription.request(1);
        processor.onNext(SENTENCE);
        processor.onComplete();
        assertThat(source.cancelled).isTrue();
        assertThat(sink.texts).isEmpty();
        assertThat(sink.errors).isEmpty();
        assertThat(sink.completions).hasValue(0);
        assertThatThrownBy(() -> processor.verdict().toCompletableFuture().get())
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void request_notPositive_isAnError() {
        processor();
        sink.subscription.request(0);
        assertThat(sink.errors).hasSize(1);
        assertThat(sink.errors.get(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("requested number must be positive, but was 0");
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void onNext_nulls_areRefused() {
        GuardedProcessor processor = processor();
        assertThatThrownBy(() -> processor.onNext(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> processor.onError(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> processor.onSubscribe(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> processor.subscribe(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void onNext_moreThanRequested_isAnError() {
        GuardedProcessor processor = processor();
        sink.subscription.request(1);
        for (int i = 0; i < 24; i++) {
            processor.onNext("a");
        }
        assertThat(sink.errors).isEmpty();
        Flow.Subscription subscription = sink.subscription;
        GuardedProcessor greedy = StreamGuard.of(SafetyGuard.of(evaluator)).processor(Conversation.unknown());
        Sink other = new Sink();
        greedy.subscribe(other);
        greedy.onSubscribe(new Source());
        greedy.onNext("not asked for");
        assertThat(other.errors).hasSize(1);
        assertThat(other.errors.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("publisher must send only what was requested, but sent more");
        subscription.cancel();
    }

    @Test
    void subscribe_twice_isRefused() {
        GuardedProcessor processor = processor();
        Sink second = new Sink();
        processor.subscribe(second);
        assertThat(second.subscription).isNotNull();
        second.subscription.request(1);
        second.subscription.cancel();
        assertThat(second.errors).hasSize(1);
        assertThat(second.errors.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("processor must have one subscriber, but was given a second");
        assertThat(sink.errors).isEmpty();
        Source another = new Source();
        processor.onSubscribe(another);
        assertThat(another.cancelled).isTrue();
        assertThat(source.cancelled).isFalse();
    }

    @Test
    void onError_ofThePublisher_isHandedOnAfterWhatPassed() throws Exception {
        GuardedProcessor processor = processor();
        sink.subscription.request(1);
        processor.onNext(SENTENCE.repeat(20));
        IllegalStateException error = new IllegalStateException("broke off");
        processor.onError(error);
        assertThat(sink.errors).isEmpty();
        sink.subscription.request(Long.MAX_VALUE);
        assertThat(sink.errors).containsExactly(error);
        assertThat(SENTENCE.repeat(20)).startsWith(String.join("", sink.texts));
        assertThat(sink.texts).hasSizeGreaterThan(5);
        assertThatThrownBy(() -> processor.verdict().toCompletableFuture().get())
                .isInstanceOf(ExecutionException.class)
                .hasCause(error);
    }

    @Test
    void onSubscribe_afterTheEnd_isCancelled() {
        GuardedProcessor processor = StreamGuard.of(SafetyGuard.of(evaluator)).processor(Conversation.unknown());
        processor.subscribe(sink);
        sink.subscription.cancel();
        processor.onSubscribe(source);
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void onNext_subscriberThrows_endsTheStream() {
        Sink throwing = new Sink() {
            @Override
            public void onNext(String text) {
                throw new IllegalStateException("no");
            }
        };
        GuardedProcessor processor = StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .timer(timer)
                .build()
                .processor(Conversation.unknown());
        processor.subscribe(throwing);
        processor.onSubscribe(source);
        throwing.subscription.request(5);
        assertThatThrownBy(() -> processor.onNext(SENTENCE.repeat(50))).hasMessage("no");
        processor.onNext(SENTENCE);
        processor.onComplete();
        assertThat(source.cancelled).isTrue();
        assertThat(processor.verdict().toCompletableFuture()).isCompletedExceptionally();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void request_fromWithinOnNext_doesNotNest() {
        int windows = 20_000;
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        GuardedProcessor processor = StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .minimumStep(1)
                .maximumStep(2)
                .overlap(0)
                .head(0)
                .build()
                .processor(Conversation.unknown());
        Sink asking = new Sink() {
            @Override
            public void onNext(String text) {
                super.onNext(text);
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                subscription.request(1);
                depth.decrementAndGet();
            }
        };
        processor.subscribe(asking);
        new StreamForm.ListPublisher(Collections.nCopies(windows, "a\n")).subscribe(processor);
        asking.subscription.request(1);
        assertThat(asking.texts).hasSize(windows);
        assertThat(asking.completions).hasValue(1);
        assertThat(deepest).hasValue(1);
    }

    @Test
    void onNext_silenceWhileTextIsWanted_isBlocked() {
        GuardedProcessor processor = processor();
        sink.subscription.request(Long.MAX_VALUE);
        for (int i = 0; i < 5; i++) {
            timer.advance(MINUTE.toNanos() - 1);
            processor.onNext("Still there. ");
        }
        timer.advance(MINUTE.toNanos() - 1);
        assertThat(sink.errors).isEmpty();
        timer.advance(MINUTE.toNanos() / 4 + 2);
        assertThat(sink.errors).hasSize(1);
        assertThat(BlockedException.verdictOf(sink.errors.get(0)).orElseThrow().reason())
                .isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(source.cancelled).isTrue();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void onNext_silenceWhileNothingIsWanted_isNotThePublishers() {
        GuardedProcessor processor = processor();
        timer.advance(10 * MINUTE.toNanos());
        sink.subscription.request(1);
        processor.onNext(SENTENCE.repeat(4));
        assertThat(sink.texts).hasSize(1);
        timer.advance(10 * MINUTE.toNanos());
        assertThat(sink.errors).isEmpty();
        sink.subscription.request(1);
        timer.advance(MINUTE.toNanos() - 1);
        // A further request is not a token.
        sink.subscription.request(1);
        timer.advance(MINUTE.toNanos() / 4 + 2);
        assertThat(sink.errors).hasSize(1);
    }

    @Test
    void onNext_subscriberThatAsksNoMore_leavesNothingWithTheTimer() {
        GuardedProcessor processor = processor();
        sink.subscription.request(1);
        processor.onNext(SENTENCE.repeat(4));
        assertThat(sink.texts).hasSize(1);
        timer.advance(MINUTE.toNanos());
        assertThat(timer.pending()).isZero();
    }

    @Test
    void onNext_emptyTokens_showThatThePublisherIsAtItForTenTimeouts() {
        GuardedProcessor processor = processor();
        sink.subscription.request(Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            processor.onNext("");
            timer.advance(MINUTE.toNanos() - 1);
        }
        assertThat(sink.errors).isEmpty();
        for (int i = 0; i < 2; i++) {
            processor.onNext("");
            timer.advance(MINUTE.toNanos() - 1);
        }
        assertThat(sink.errors).hasSize(1);
        assertThat(BlockedException.verdictOf(sink.errors.get(0)).orElseThrow().reason())
                .isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void onNext_publisherThrows_failsTheSubscriber() {
        IllegalStateException error = new IllegalStateException("no");
        GuardedProcessor processor = StreamGuard.of(SafetyGuard.of(evaluator)).processor(Conversation.unknown());
        processor.subscribe(sink);
        processor.onSubscribe(new Source() {
            @Override
            public void request(long n) {
                throw error;
            }
        });
        sink.subscription.request(1);
        assertThat(sink.errors).containsExactly(error);
        assertThatThrownBy(() -> processor.verdict().toCompletableFuture().get())
                .hasCause(error);
    }

    @Test
    void onNext_publisherThrowsWhenCancelled_theSubscriberReceivesTheVerdict() throws Exception {
        IllegalStateException error = new IllegalStateException("no");
        GuardedProcessor processor = StreamGuard.of(SafetyGuard.of(evaluator)).processor(Conversation.unknown());
        processor.subscribe(sink);
        processor.onSubscribe(new Source() {
            @Override
            public void cancel() {
                throw error;
            }
        });
        sink.subscription.request(1);
        assertThatThrownBy(() -> processor.onNext("The BOMB. " + SENTENCE.repeat(50)))
                .isSameAs(error);
        assertThat(sink.errors).hasSize(1);
        assertThat(processor.verdict().toCompletableFuture().get().reason()).isEqualTo(Reason.HARMFUL);
    }

    @Test
    void subscribe_publisherNeverCalls_isBlocked() {
        GuardedProcessor processor = StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .idleTimeout(MINUTE)
                .timer(timer)
                .build()
                .processor(Conversation.unknown());
        processor.subscribe(sink);
        sink.subscription.request(1);
        timer.advance(2 * MINUTE.toNanos());
        assertThat(sink.errors).hasSize(1);
        processor.onSubscribe(source);
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void onNext_evaluatorThatWaits_doesNotKeepTheSignallingThread() throws Exception {
        HangingEvaluation hanging = HangingEvaluation.stubborn();
        SafetyGuard.Builder guard =
                SafetyGuard.builder().evaluator(hanging.evaluator()).maxConcurrent(1);
        GuardedProcessor processor = processor(guard);
        sink.subscription.request(Long.MAX_VALUE);
        processor.onNext(SENTENCE.repeat(4));
        hanging.begun.await();
        processor.onNext(SENTENCE.repeat(4));
        timer.advance(10 * MINUTE.toNanos());
        assertThat(sink.texts).isEmpty();
        assertThat(sink.errors).isEmpty();
        processor.onComplete();
        hanging.end.countDown();
        Eventually.is(() -> sink.completions.get() == 1);
        assertThat(String.join("", sink.texts)).isEqualTo(SENTENCE.repeat(8));
    }

    @Test
    void cancel_whileTheEvaluatorIsAtWork_interruptsIt() throws Exception {
        HangingEvaluation hanging = HangingEvaluation.interruptible();
        GuardedProcessor processor = processor(SafetyGuard.builder().evaluator(hanging.evaluator()));
        sink.subscription.request(1);
        processor.onNext(SENTENCE.repeat(4));
        hanging.begun.await();
        sink.subscription.cancel();
        Eventually.is(() -> hanging.interrupts.get() == 1);
        assertThat(source.cancelled).isTrue();
        assertThat(sink.texts).isEmpty();
    }

    @Test
    void anySignals_fromManyThreads_neverOverlap() throws Exception {
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .threads(GuardThreads.PLATFORM)
                .maxConcurrent(2)
                .build();
        for (int round = 0; round < 50; round++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger overlaps = new AtomicInteger();
            CompletableFuture<Void> end = new CompletableFuture<>();
            Sink counting = new Sink() {
                @Override
                public void onNext(String text) {
                    if (inside.incrementAndGet() != 1) {
                        overlaps.incrementAndGet();
                    }
                    super.onNext(text);
                    inside.decrementAndGet();
                }

                @Override
                public void onComplete() {
                    end.complete(null);
                }
            };
            GuardedProcessor processor = StreamGuard.builder()
                    .guard(guard)
                    .minimumStep(20)
                    .overlap(5)
                    .build()
                    .processor(Conversation.unknown());
            processor.subscribe(counting);
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                    () -> new StreamForm.ListPublisher(Collections.nCopies(100, SENTENCE)).subscribe(processor));
            for (int i = 0; i < 500; i++) {
                counting.subscription.request(1);
            }
            publishing.join();
            end.join();
            assertThat(overlaps).hasValue(0);
            assertThat(String.join("", counting.texts)).isEqualTo(SENTENCE.repeat(100));
        }
        Eventually.isQuiet(guard);
    }
}
