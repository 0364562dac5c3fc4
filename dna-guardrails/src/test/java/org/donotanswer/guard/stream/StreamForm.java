package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The forms of streaming, each run to its end. */
enum StreamForm {
    CALLBACK {
        @Override
        Outcome run(StreamGuard streams, List<String> tokens, List<Integer> demands) {
            RecordingStreamListener listener = new RecordingStreamListener();
            TokenSink sink = streams.open(CONVERSATION, listener);
            for (String token : tokens) {
                if (!sink.accept(token)) {
                    break;
                }
            }
            sink.complete();
            return new Outcome(listener.texts, listener.end());
        }
    },
    PROCESSOR {
        @Override
        Outcome run(StreamGuard streams, List<String> tokens, List<Integer> demands) {
            GuardedProcessor processor = streams.processor(CONVERSATION);
            DemandingSubscriber subscriber = new DemandingSubscriber(processor, demands);
            processor.subscribe(subscriber);
            new ListPublisher(tokens).subscribe(processor);
            subscriber.awaitEnd();
            return new Outcome(subscriber.listener.texts, subscriber.listener.end());
        }
    },
    ITERATOR {
        @Override
        Outcome run(StreamGuard streams, List<String> tokens, List<Integer> demands) {
            List<String> texts = new ArrayList<>();
            GuardedIterator iterator = streams.iterate(CONVERSATION, tokens.iterator());
            try {
                iterator.forEachRemaining(texts::add);
            } catch (BlockedException e) {
                return new Outcome(texts, "blocked " + e.verdict().reason());
            }
            return new Outcome(
                    texts, "finished " + iterator.verdict().orElseThrow().reason());
        }
    },
    REACTOR {
        @Override
        Outcome run(StreamGuard streams, List<String> tokens, List<Integer> demands) {
            List<String> texts = new ArrayList<>();
            AtomicReference<@Nullable Verdict> verdict = new AtomicReference<>();
            Flux<String> answer = GuardedFlux.of(streams, CONVERSATION, Flux.fromIterable(tokens), verdict::set)
                    .limitRate(demands.get(0))
                    .doOnNext(texts::add);
            try {
                answer.blockLast();
            } catch (BlockedException e) {
                return new Outcome(texts, "blocked " + e.verdict().reason());
            }
            return new Outcome(texts, "finished " + verdict.get().reason());
        }
    };

    static final Conversation CONVERSATION = Conversation.of("What is it?");

    /**
     * The result of a stream.
     *
     * @param texts the released texts
     * @param end how it ended, and why
     */
    record Outcome(List<String> texts, String end) {
        String text() {
            return String.join("", texts);
        }
    }

    /**
     * Guards a response.
     *
     * @param demands how much is requested at a time, repeatedly, if the form supports requests
     */
    abstract Outcome run(StreamGuard streams, List<String> tokens, List<Integer> demands);

    /** Sends what is requested immediately. Thread-safe. */
    static final class ListPublisher implements Flow.Publisher<String> {
        private final List<String> tokens;

        ListPublisher(List<String> tokens) {
            this.tokens = tokens;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private final AtomicLong wanted = new AtomicLong();
                private final AtomicInteger callers = new AtomicInteger();
                private int next;
                private volatile boolean over;

                @Override
                public void request(long n) {
                    wanted.addAndGet(n);
                    if (callers.getAndIncrement() != 0) {
                        return;
                    }
                    do {
                        while (!over && wanted.get() > 0 && next < tokens.size()) {
                            wanted.decrementAndGet();
                            subscriber.onNext(tokens.get(next++));
                        }
                        if (!over && next == tokens.size()) {
                            over = true;
                            subscriber.onComplete();
                        }
                    } while (callers.decrementAndGet() != 0);
                }

                @Override
                public void cancel() {
                    over = true;
                }
            });
        }
    }

    /** Requests a number at a time, and the next one when that many have come. */
    static final class DemandingSubscriber implements Flow.Subscriber<String> {
        final RecordingStreamListener listener = new RecordingStreamListener();
        private final GuardedProcessor processor;
        private final List<Integer> demands;
        private Flow.@Nullable Subscription subscription;
        private final CountDownLatch ended = new CountDownLatch(1);
        private int round;
        private int left;

        DemandingSubscriber(GuardedProcessor processor, List<Integer> demands) {
            this.processor = processor;
            this.demands = demands;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            ask();
        }

        private void ask() {
            left = demands.get(round++ % demands.size());
            subscription.request(left);
        }

        @Override
        public void onNext(String text) {
            listener.onText(text);
            if (--left < 0) {
                throw new AssertionError("no more must come than was asked for");
            }
            if (left == 0) {
                ask();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (error instanceof BlockedException blocked) {
                listener.onBlocked(blocked.verdict());
            } else {
                listener.onError(error);
            }
            ended.countDown();
        }

        @Override
        public void onComplete() {
            listener.onFinished(processor.verdict().toCompletableFuture().join());
            ended.countDown();
        }

        void awaitEnd() {
            try {
                assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
