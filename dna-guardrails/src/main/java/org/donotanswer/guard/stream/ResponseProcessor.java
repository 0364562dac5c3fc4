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
import java.util.function.BooleanSupplier;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseRelease.Passage;
import org.jspecify.annotations.Nullable;

/**
 * Guards a response between a publisher and a subscriber. Every signal, from either side, from the evaluator and from
 * the timer, is recorded and then acted upon by {@link #drain}, which only one thread runs at a time: a thread that
 * finds another one draining leaves its signal to that thread. So signals never overlap, and calls never nest, however
 * long the response is.
 *
 * <p>Text that is released but not yet requested stops everything else, so that at most one window is checked ahead of
 * the demand, and no more than {@value #PREFETCH} tokens wait.
 */
final class ResponseProcessor implements GuardedProcessor {
    /** Maximum number of tokens requested from the publisher in advance. */
    static final int PREFETCH = 32;

    private static final int REFILL_AT = PREFETCH / 4;
    private static final Flow.Subscriber<Object> NOBODY = new Nobody();

    private final ResponseRelease response;
    private final StreamGuard settings;
    private final IdleWatch watch;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    private final AtomicInteger signals = new AtomicInteger();

    // Written by signals.
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
    private volatile boolean possiblyIdle;
    private volatile boolean ended;

    // Used by the draining thread only.
    private @Nullable Passage passage;
    private @Nullable CompletableFuture<Verdict> pendingVerdict;
    private boolean sourceTurn;

    /** Whether the publisher has shown a sign of life, but brought no text, since its turn began. */
    private boolean signSeen;

    /** Whether the publisher brought text that its present turn does not reckon with yet. */
    private boolean textTaken = true;

    /** Whether the subscriber is being called, or was told of the end. */
    private boolean callingSubscriber;

    ResponseProcessor(StreamGuard settings, Conversation conversation, @Nullable BooleanSupplier interim) {
        this.settings = settings;
        response = new ResponseRelease(settings, conversation, interim);
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
            violation = new IllegalStateException("publisher must send only what was requested, but sent more");
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
        possiblyIdle = true;
        // Draining calls the subscriber, which may take long.
        settings.timer().execute(this::drain);
    }

    /** Acts on all recorded signals. An exception, which nobody may throw, ends the stream. */
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
            if (!failWith(e)) {
                throw e;
            }
        }
    }

    /** Ends the stream because of an exception; returns whether the subscriber was told of it. */
    private boolean failWith(Throwable thrown) {
        Flow.Subscriber<? super String> receiver = subscriber.get();
        if (callingSubscriber || receiver == null) {
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
        if (possiblyIdle) {
            possiblyIdle = false;
            boolean idle = tokens.isEmpty() ? watch.isIdle() : watch.isPatienceOver();
            if (idle && tokens.stream().allMatch(ResponseRelease::isBlank) && !sourceEnded) {
                response.end(Reason.IDLE_TIMEOUT);
            }
        }
        watch.pause();
        while (!ended && step()) {
            // Each step may make another one possible.
        }
        if (!ended) {
            requestMore();
        }
    }

    /** Takes one step if possible; returns false if there is nothing to do. */
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
        if (response.hasReleased()) {
            return release(receiver);
        }
        if (pendingVerdict != null) {
            return takeVerdict(pendingVerdict);
        }
        Verdict ending = response.verdict();
        if (ending != null) {
            return finish(receiver, ending);
        }
        Passage next = response.next();
        if (next != null) {
            passage = next;
            pendingVerdict = check(next);
            return true;
        }
        return response.verdict() != null || takeToken(receiver);
    }

    private boolean release(Flow.Subscriber<? super String> receiver) {
        if (demand.get() == 0) {
            return false;
        }
        if (demand.get() != Long.MAX_VALUE) {
            demand.decrementAndGet();
        }
        String text = response.takeReleased();
        callingSubscriber = true;
        receiver.onNext(text);
        callingSubscriber = false;
        return true;
    }

    private CompletableFuture<Verdict> check(Passage next) {
        CompletableFuture<Verdict> future = response.checkAsync(next);
        if (!future.isDone()) {
            // Not on the guard's own threads, because the subscriber might keep one for long.
            var unused = future.whenComplete((result, error) -> settings.timer().execute(this::drain));
        }
        return future;
    }

    private boolean takeVerdict(CompletableFuture<Verdict> future) {
        if (!future.isDone()) {
            return false;
        }
        pendingVerdict = null;
        response.accept(Objects.requireNonNull(passage), future.join());
        passage = null;
        return true;
    }

    private boolean takeToken(Flow.Subscriber<? super String> receiver) {
        // Read first: no token comes after the end.
        boolean last = sourceEnded;
        String token = tokens.poll();
        while (token != null && token.isEmpty()) {
            signSeen = true;
            token = tokens.poll();
        }
        if (token != null) {
            boolean blank = ResponseRelease.isBlank(token);
            signSeen |= blank;
            textTaken |= !blank;
            response.append(token);
            return true;
        }
        if (!last) {
            return false;
        }
        Throwable error = sourceError;
        if (error != null) {
            return fail(receiver, error);
        }
        response.complete();
        return true;
    }

    private boolean finish(Flow.Subscriber<? super String> receiver, Verdict ending) {
        boolean finished = response.isFinished();
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

    /** Requests more tokens if the subscriber wants more text, and waits for them. */
    private void requestMore() {
        boolean wanted = demand.get() > 0 && pendingVerdict == null && !sourceEnded;
        // First, as a publisher may send, or wait, while it is being asked.
        if (wanted && textTaken) {
            watch.startTurn();
            textTaken = false;
        } else if (wanted && (signSeen || !sourceTurn)) {
            watch.touch();
        } else if (wanted) {
            watch.resume();
        }
        sourceTurn = wanted;
        signSeen = false;
        Flow.Subscription subscription = source.get();
        if (wanted && subscription != null) {
            int outstanding = expected.get();
            if (outstanding <= REFILL_AT) {
                expected.addAndGet(PREFETCH - outstanding);
                subscription.request(PREFETCH - outstanding);
            }
        }
    }

    /** Ends the stream and reports it, even if one of the receivers throws. */
    private void end(Runnable outcome, Runnable last) {
        try {
            stop();
        } finally {
            callingSubscriber = true;
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
        CompletableFuture<Verdict> unfinished = pendingVerdict;
        pendingVerdict = null;
        passage = null;
        tokens.clear();
        subscriber.set(NOBODY);
        response.forget();
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

    /** Receives the signals of the subscriber. */
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

    /** For a subscriber that receives nothing. */
    private static final class NoDemand implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    /** Replaces the subscriber after the end, so that it can be garbage-collected. */
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
