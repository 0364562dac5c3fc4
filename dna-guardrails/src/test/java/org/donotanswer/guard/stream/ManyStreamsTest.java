package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand responses at a time, on two threads, all of them half-way before the first one ends. */
@Timeout(240)
class ManyStreamsTest {
    private static final int STREAMS = 10_000;
    private static final int TOKENS = 120;
    private static final String[] WORDS = {"the ", "fox ", "jumps. ", "over ", "dogs ", "sleeping! ", "\n", "今日は。"};

    /** One response, whose tokens the test sends one by one, as far as they are requested. */
    private static final class Streamed implements Flow.Subscription, Flow.Subscriber<String> {
        final GuardedProcessor processor;
        final StringBuilder received = new StringBuilder();
        final StringBuilder sent = new StringBuilder();
        final AtomicLong wanted = new AtomicLong();
        final AtomicInteger ends = new AtomicInteger();
        final int harmAt;
        private final Random random;
        private final CountDownLatch allEnds;
        volatile boolean cancelled;
        volatile boolean blocked;
        int tokens;

        Streamed(StreamGuard streams, int number, CountDownLatch allEnds) {
            this.allEnds = allEnds;
            random = new Random(number);
            harmAt = number % 3 == 0 ? random.nextInt(TOKENS) : -1;
            processor = streams.processor(Conversation.of("What of stream " + number + "?"));
            processor.subscribe(this);
            processor.onSubscribe(this);
        }

        /** Sends a token, or the end, if it is requested. */
        void advance() {
            if (cancelled || ends.get() > 0) {
                return;
            }
            if (tokens == TOKENS) {
                processor.onComplete();
                return;
            }
            if (wanted.get() == 0) {
                return;
            }
            wanted.decrementAndGet();
            String token = tokens == harmAt ? "BOMB" : WORDS[random.nextInt(WORDS.length)];
            tokens++;
            sent.append(token);
            processor.onNext(token);
        }

        @Override
        public void request(long n) {
            wanted.addAndGet(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String text) {
            received.append(text);
        }

        @Override
        public void onError(Throwable error) {
            blocked = error instanceof BlockedException;
            end();
        }

        @Override
        public void onComplete() {
            end();
        }

        private void end() {
            ends.incrementAndGet();
            allEnds.countDown();
        }
    }

    @Test
    void tenThousandStreams_onTwoThreads_keepTheirGuarantees() throws Exception {
        MarkerEvaluator evaluator = new MarkerEvaluator("BOMB");
        ManualStreamTimer timer = new ManualStreamTimer();
        StreamGuard streams = StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .minimumStep(60)
                .maximumStep(240)
                .overlap(20)
                .timer(timer)
                .build();
        CountDownLatch ends = new CountDownLatch(STREAMS);
        List<Streamed> all = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            all.add(new Streamed(streams, i, ends));
        }
        // One task of the timer per stream, and nothing more.
        assertThat(timer.pending()).isEqualTo(STREAMS);

        ExecutorService workers = Executors.newFixedThreadPool(2);
        for (int worker = 0; worker < 2; worker++) {
            int mine = worker;
            workers.execute(() -> {
                for (int round = 0; round <= TOKENS; round++) {
                    for (int i = mine; i < STREAMS; i += 2) {
                        all.get(i).advance();
                    }
                }
            });
        }
        workers.shutdown();
        assertThat(workers.awaitTermination(200, TimeUnit.SECONDS)).isTrue();

        assertThat(ends.getCount()).isZero();
        assertThat(timer.pending()).isZero();
        long chars = 0;
        for (Streamed streamed : all) {
            chars += streamed.sent.length();
            assertThat(streamed.ends).hasValue(1);
            assertThat(streamed.blocked).isEqualTo(streamed.harmAt >= 0);
            if (streamed.harmAt < 0) {
                assertThat(streamed.received.toString()).isEqualTo(streamed.sent.toString());
            } else {
                assertThat(streamed.sent.toString()).startsWith(streamed.received.toString());
                assertThat(streamed.received.length()).isLessThanOrEqualTo(streamed.sent.indexOf("BOMB"));
            }
        }
        assertThat(evaluator.charsRead.get()).isLessThan(12 * chars);
    }
}
