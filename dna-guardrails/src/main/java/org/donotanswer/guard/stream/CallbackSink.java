package org.donotanswer.guard.stream;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseRelease.Passage;
import org.jspecify.annotations.Nullable;

/** Guards a response on the thread that brings its tokens. */
final class CallbackSink implements TokenSink {
    private enum State {
        /** No thread is working on the stream. */
        WAITING,
        /** A thread that brought something is working on the stream. */
        BUSY,
        /** The stream has ended. */
        ENDED
    }

    private final ResponseRelease response;
    private final StreamListener listener;
    private final StreamTimer timer;
    private final IdleWatch watch;
    private final Object lock = new Object();

    /**
     * Written under the lock: the timer's thread may end the stream at any time, unless another thread is working on
     * it.
     */
    private State state = State.WAITING;

    /** Whether the listener must not be called any more. */
    private volatile boolean over;

    CallbackSink(
            StreamGuard settings,
            Conversation conversation,
            StreamListener listener,
            @Nullable BooleanSupplier interim) {
        this.listener = listener;
        response = new ResponseRelease(settings, conversation, interim);
        timer = settings.timer();
        watch = new IdleWatch(timer, settings.idleTimeoutNanos(), this::endIfIdle);
    }

    /** Starts waiting for the first token. */
    CallbackSink start() {
        watch.startTurn();
        return this;
    }

    @Override
    public boolean accept(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return touch();
        }
        return work(!ResponseRelease.isBlank(token), () -> {
            response.append(token);
            advance();
        });
    }

    /** Records that the source is active; returns whether the stream goes on. */
    private boolean touch() {
        synchronized (lock) {
            if (state == State.WAITING) {
                watch.touch();
            }
            return state != State.ENDED;
        }
    }

    @Override
    public void complete() {
        work(true, () -> {
            response.complete();
            advance();
        });
    }

    @Override
    public void fail(Throwable error) {
        Objects.requireNonNull(error, "error");
        work(true, () -> {
            over = true;
            listener.onError(error);
        });
    }

    @Override
    public void cancel() {
        over = true;
        synchronized (lock) {
            if (state == State.WAITING) {
                end();
            }
        }
    }

    /** Checks and releases text as far as possible. */
    private void advance() {
        while (!over) {
            if (response.hasReleased()) {
                listener.onText(response.takeReleased());
                continue;
            }
            Passage passage = response.next();
            if (passage == null) {
                reportVerdict();
                return;
            }
            response.check(passage);
        }
    }

    private void reportVerdict() {
        Verdict verdict = response.verdict();
        if (verdict != null && !over) {
            over = true;
            if (response.isFinished()) {
                listener.onFinished(verdict);
            } else {
                listener.onBlocked(verdict);
            }
        }
    }

    /**
     * Runs a piece of work unless the stream has ended; returns whether the stream goes on. Work that throws ends it.
     *
     * @param text whether the source brought text, after which its next turn begins
     */
    private boolean work(boolean text, Runnable piece) {
        synchronized (lock) {
            if (state == State.BUSY) {
                throw new IllegalStateException("sink must be given one token at a time, but was given two");
            }
            if (state == State.ENDED) {
                return false;
            }
            state = State.BUSY;
        }
        boolean done = false;
        try {
            piece.run();
            done = true;
        } finally {
            synchronized (lock) {
                if (!done || over) {
                    end();
                } else {
                    state = State.WAITING;
                    if (text) {
                        watch.startTurn();
                    } else {
                        watch.touch();
                    }
                }
            }
        }
        return !over;
    }

    private void endIfIdle() {
        synchronized (lock) {
            if (state != State.WAITING || !watch.isIdle()) {
                return;
            }
            state = State.ENDED;
            watch.stop();
        }
        timer.execute(() -> {
            try {
                response.end(Reason.IDLE_TIMEOUT);
                reportVerdict();
            } finally {
                response.forget();
            }
        });
    }

    private void end() {
        state = State.ENDED;
        watch.stop();
        response.forget();
    }
}
