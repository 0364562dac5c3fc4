package org.donotanswer.guard.stream;

import java.util.Objects;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseStream.Passage;
import org.jspecify.annotations.Nullable;

/** Guards an answer on the thread that brings its tokens. */
final class CallbackSink implements TokenSink {
    private enum State {
        /** Nobody is at work. */
        WAITING,
        /** A thread that brought something is at work. */
        BUSY,
        /** It is over. */
        ENDED
    }

    private final ResponseStream answer;
    private final StreamListener listener;
    private final StreamTimer timer;
    private final IdleWatch watch;
    private final Object lock = new Object();

    /** Written under the lock, as the timer's thread may end the stream at any time, but when another is at work. */
    private State state = State.WAITING;

    /** Whether nothing more is to be told. */
    private volatile boolean over;

    CallbackSink(StreamGuard settings, Conversation conversation, StreamListener listener) {
        this.listener = listener;
        answer = new ResponseStream(settings, conversation);
        timer = settings.timer();
        watch = new IdleWatch(timer, settings.idleTimeoutNanos(), this::endIfIdle);
    }

    /** Starts to wait for the first token. */
    CallbackSink start() {
        watch.await();
        return this;
    }

    @Override
    public boolean accept(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return touch();
        }
        return work(() -> {
            answer.append(token);
            advance();
        });
    }

    /** Takes note of the source's activity, and returns whether the stream goes on. */
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
        work(() -> {
            answer.complete();
            advance();
        });
    }

    @Override
    public void fail(Throwable error) {
        Objects.requireNonNull(error, "error");
        work(() -> {
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

    /** Judges and hands on what can be, up to the end. */
    private void advance() {
        while (!over) {
            if (answer.hasReleased()) {
                listener.onText(answer.takeReleased());
                continue;
            }
            Passage passage = answer.next();
            if (passage == null) {
                tellVerdict();
                return;
            }
            answer.check(passage);
        }
    }

    private void tellVerdict() {
        Verdict verdict = answer.verdict();
        if (verdict != null && !over) {
            over = true;
            if (answer.isFinished()) {
                listener.onFinished(verdict);
            } else {
                listener.onBlocked(verdict);
            }
        }
    }

    /** Runs a piece of work unless the stream has ended, and returns whether it goes on. One that throws ends it. */
    private boolean work(Runnable piece) {
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
                    watch.await();
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
                answer.end(Reason.IDLE_TIMEOUT);
                tellVerdict();
            } finally {
                answer.forget();
            }
        });
    }

    private void end() {
        state = State.ENDED;
        watch.stop();
        answer.forget();
    }
}
