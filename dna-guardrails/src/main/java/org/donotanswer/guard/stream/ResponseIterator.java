package org.donotanswer.guard.stream;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseStream.Passage;
import org.jspecify.annotations.Nullable;

/** Guards an answer between an iterator and who reads it. */
final class ResponseIterator implements GuardedIterator {
    private final ResponseStream answer;
    private final Iterator<String> source;

    /** Null if the reading thread takes the tokens. */
    private final @Nullable TokenPuller puller;

    private @Nullable Throwable error;
    private boolean over;

    ResponseIterator(StreamGuard settings, Conversation conversation, Iterator<String> source) {
        this.source = source;
        answer = new ResponseStream(settings, conversation);
        puller = settings.idleTimeoutNanos() == 0
                ? null
                : new TokenPuller(source, settings.timer(), settings.idleTimeoutNanos());
    }

    @Override
    public boolean hasNext() {
        boolean done = false;
        try {
            while (!over && !answer.hasReleased()) {
                advance();
            }
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
        throwError();
        Verdict verdict = answer.verdict();
        if (over && verdict != null && !answer.isFinished()) {
            throw new BlockedException(verdict);
        }
        return !over;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("answer has no more text");
        }
        return answer.takeReleased();
    }

    @Override
    public Optional<Verdict> verdict() {
        return over ? Optional.ofNullable(answer.verdict()) : Optional.empty();
    }

    @Override
    public void close() {
        over = true;
        if (puller != null) {
            puller.stop();
        }
        answer.forget();
    }

    private void advance() {
        Passage passage = answer.next();
        if (passage != null) {
            answer.check(passage);
        } else if (answer.verdict() == null) {
            takeToken();
        } else {
            close();
        }
    }

    private void takeToken() {
        String token = null;
        if (puller == null) {
            if (source.hasNext()) {
                token = Optional.ofNullable(source.next()).orElse("");
            }
        } else {
            try {
                token = puller.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer.end(Reason.CANCELLED);
                return;
            }
        }
        if (token != null) {
            answer.append(token);
        } else if (puller != null && puller.isIdle()) {
            answer.end(Reason.IDLE_TIMEOUT);
        } else if (puller != null && puller.error() != null) {
            error = puller.error();
            close();
        } else {
            answer.complete();
        }
    }

    private void throwError() {
        if (error instanceof RuntimeException e) {
            throw e;
        } else if (error instanceof Error e) {
            throw e;
        } else if (error != null) {
            // Thrown by a source of a language that does not check exceptions.
            throw new UndeclaredThrowableException(error);
        }
    }
}
