package org.donotanswer.guard.stream;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseStream.Passage;
import org.jspecify.annotations.Nullable;

/**
 * Guards an answer between a publisher and a subscriber. Every signal, of either side, of the evaluator and of the timer, is
 * written down and then acted on by {@link #drain}, which one thread at a time runs: who comes while another is at it leaves it
 * to that one. So signals never overlap, and no call nests another however long the answer is.
 *
 * <p>What is released and not yet asked for stops all else; so at most one window is judged ahead of the demand, and no more
 * than {@value #PREFETCH} tokens wait.
 */
final class ResponseProcessor implements GuardedProcessor {
    /** How many tokens are asked of the publisher at most before they come. */
    static final int PREFETCH = 32;

    private static final int REFILL_AT = PREFETCH / 4;
    private static final Flow.Subscriber<Object> NOBODY = new Nobody();

    private final ResponseStream answer;
    private final StreamGuard settings;
    private final IdleWatch watch;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    private final AtomicInteger signals = new AtomicInteger();

    // What the signals say.
    private final AtomicReference<Flow.@Nullable Subscriber<? super String>> subscriber = new AtomicReference<>();
    private final AtomicReference<Flow.@Nullable Subscription> source = new AtomicReference<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger expected = new AtomicInteger();
    private volatile boolean subscribed;
    private volatile boolean sourceEnded;
    private volatile @Nullable Throwable sourceError;
    private volatile @Nullable RuntimeException violation;
    private volatile boolean cancelled;
    private volatile boolean maybeIdle;
    private volatile boolean ended;

    // What only the draining thread knows.
    private @Nullable Passage passage;
    private @Nullable CompletableFuture<Verdict> judgement;
    private boolean awaiting;
    private boolean emptySeen;

    /** Whether the subscriber is being told something, or was told the end. */
    private boolean telling;

    ResponseProcessor(StreamGuard settings, Conversation conversation) {
        this.settings = settings;
        answer = new ResponseStream(settings, conversation);
        watch = new IdleWatch(settings.timer(), settings.idleTimeoutNanos(), this::endIfIdle);
    }

    @Override
    public CompletionStage<Verdict> verdict() {
        return verdict.minimalCompletionStage();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> newSubscriber) {
        Objects.requireNonNull(newSubscriber, "subscriber");
        if (subscriber.compareAndSet(null, newSubscriber)) {
            newSubscriber.onSubscribe(new Demand());
            subscribed = true;
            drain();
        } else {
            newSubscriber.onSubscribe(new NoDemand());
            newSubscriber.onError(
                    new IllegalStateException("processor must have one subscriber, but was given a second"));
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (source.compareAndSet(null, subscription) && !ended) {
            drain();
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(String token) {
        Objects.requireNonNull(token, "token");
        if (ended) {
            return;
        }
        if (expected.getAndDecrement() <= 0) {
            violation = new IllegalStateException("publisher must send what was requested, but was sending more");
        } else {
            tokens.add(token);
        }
        drain();
    }

    @Override
    public void onError(Throwable error) {
        sourceError = Objects.requireNonNull(error, "error");
        sourceEnded = true;
        drain();
    }

    @Override
    public void onComplete() {
        sourceEnded = true;
        drain();
    }

    private void endIfIdle() {
        maybeIdle = true;
        // The subscriber is told, which may take long.
        settings.timer().execute(this::drain);
    }

    /** Acts on all that was signalled. Whatever is thrown, which nobody must, ends the stream. */
    private void drain() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        try {
            do {
                advance();
                seen = signals.addAndGet(-seen);
            } while (seen != 0);
        } catch (RuntimeException | Error e) {
            if (!breakOff(e)) {
                throw e;
            }
        }
    }

    /** Ends the stream because of what was thrown, and returns whether that is now the subscriber's to deal with. */
    private boolean breakOff(Throwable thrown) {
        Flow.Subscriber<? super String> receiver = subscriber.get();
        if (telling || receiver == null) {
            end(() -> verdict.cancel(false), () -> {});
            return false;
        }
        fail(receiver, thrown);
        return thrown instanceof RuntimeException;
    }

    private void advance() {
        if (ended) {
            tokens.clear();
        }
        if (!subscribed || ended) {
            return;
        }
        if (maybeIdle) {
            maybeIdle = false;
            if (watch.isIdle() && tokens.stream().allMatch(String::isEmpty) && !sourceEnded) {
                answer.end(Reason.IDLE_TIMEOUT);
            }
        }
        watch.pause();
        boolean moved = false;
        while (!ended && step()) {
            moved = true;
        }
        if (!ended) {
            await(moved);
        }
    }

    /** Does one thing that can be done; returns false if there is none. */
    private boolean step() {
        Flow.Subscriber<? super String> receiver = Objects.requireNonNull(subscriber.get());
        if (cancelled) {
            end(() -> verdict.completeExceptionally(new CancellationException("stream was cancelled")), () -> {});
            return false;
        }
        RuntimeException wrong = violation;
        if (wrong != null) {
            return fail(receiver, wrong);
        }
        if (answer.hasReleased()) {
            return release(receiver);
        }
        if (judgement != null) {
            return takeJudgement(judgement);
        }
        Verdict ending = answer.verdict();
        if (ending != null) {
            return finish(receiver, ending);
        }
        Passage next = answer.next();
        if (next != null) {
            passage = next;
            judgement = check(next);
            return true;
        }
        return answer.verdict() != null || takeToken(receiver);
    }

    private boolean release(Flow.Subscriber<? super String> receiver) {
        if (demand.get() == 0) {
            return false;
        }
        if (demand.get() != Long.MAX_VALUE) {
            demand.decrementAndGet();
        }
        String text = answer.takeReleased();
        telling = true;
        receiver.onNext(text);
        telling = false;
        return true;
    }

    private CompletableFuture<Verdict> check(Passage next) {
        CompletableFuture<Verdict> future = answer.checkAsync(next);
        if (!future.isDone()) {
            // Not on the guard's own threads, of which the subscriber could take long to return one.
            var unused = future.whenComplete((result, error) -> settings.timer().execute(this::drain));
        }
        return future;
    }

    private boolean takeJudgement(CompletableFuture<Verdict> future) {
        if (!future.isDone()) {
            return false;
        }
        judgement = null;
        answer.answer(Objects.requireNonNull(passage), future.join());
        passage = null;
        return true;
    }

    private boolean takeToken(Flow.Subscriber<? super String> receiver) {
        // Read first: no token comes after it.
        boolean last = sourceEnded;
        String token = tokens.poll();
        while (token != null && token.isEmpty()) {
            emptySeen = true;
            token = tokens.poll();
        }
        if (token != null) {
            answer.append(token);
            return true;
        }
        if (!last) {
            return false;
        }
        Throwable error = sourceError;
        if (error != null) {
            return fail(receiver, error);
        }
        answer.complete();
        return true;
    }

    private boolean finish(Flow.Subscriber<? super String> receiver, Verdict ending) {
        boolean finished = answer.isFinished();
        end(() -> verdict.complete(ending), () -> {
            if (finished) {
                receiver.onComplete();
            } else {
                receiver.onError(new BlockedException(ending));
            }
        });
        return false;
    }

    private boolean fail(Flow.Subscriber<? super String> receiver, Throwable error) {
        end(() -> verdict.completeExceptionally(error), () -> receiver.onError(error));
        return false;
    }

    /** Asks for more tokens if the subscriber wants more text, and waits for them. */
    private void await(boolean moved) {
        boolean wanted = demand.get() > 0 && judgement == null && !sourceEnded;
        Flow.Subscription subscription = source.get();
        if (wanted && subscription != null) {
            int outstanding = expected.get();
            if (outstanding <= REFILL_AT) {
                expected.addAndGet(PREFETCH - outstanding);
                subscription.request(PREFETCH - outstanding);
            }
        }
        if (wanted && (moved || !awaiting)) {
            watch.await();
        } else if (wanted) {
            watch.resume();
            if (emptySeen) {
                watch.touch();
            }
        }
        awaiting = wanted;
        emptySeen = false;
    }

    /** Ends the stream and says so, whatever one of those who are told throws. */
    private void end(Runnable outcome, Runnable last) {
        try {
            stop();
        } finally {
            telling = true;
            try {
                outcome.run();
            } finally {
                last.run();
            }
        }
    }

    private void stop() {
        ended = true;
        watch.stop();
        CompletableFuture<Verdict> unfinished = judgement;
        judgement = null;
        passage = null;
        tokens.clear();
        subscriber.set(NOBODY);
        answer.forget();
        try {
            if (unfinished != null) {
                unfinished.cancel(true);
            }
        } finally {
            Flow.Subscription subscription = source.get();
            if (subscription != null && !sourceEnded) {
                subscription.cancel();
            }
        }
    }

    /** What the subscriber says. */
    private final class Demand implements Flow.Subscription {
        @Override
        public void request(long n) {
            if (n <= 0) {
                violation = new IllegalArgumentException("requested number must be positive, but was " + n);
            } else {
                demand.accumulateAndGet(n, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
            }
            drain();
        }

        @Override
        public void cancel() {
            cancelled = true;
            drain();
        }
    }

    /** For a subscriber that gets nothing. */
    private static final class NoDemand implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    /** Stands for the subscriber after the end, so that it can be forgotten. */
    private static final class Nobody implements Flow.Subscriber<Object> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(Object item) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
