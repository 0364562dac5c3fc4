package org.donotanswer.guard.stream;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.ResponseRelease.Passage;
import org.jspecify.annotations.Nullable;

/** Guards a response that is read from an iterator. */
final class ResponseIterator implements GuardedIterator {
    private final ResponseRelease response;
    private final Iterator<String> source;

    /** Null if the reading thread takes the tokens itself. */
    private final @Nullable TokenPuller puller;

    private @Nullable Throwable error;
    private boolean over;

    ResponseIterator(StreamGuard settings, Conversation conversation, Iterator<String> source) {
        this.source = source;
        response = new ResponseRelease(settings, conversation, null);
        puller = settings.idleTimeoutNanos() == 0
                ? null
                : new TokenPuller(source, settings.timer(), settings.idleTimeoutNanos());
    }

    @Override
    public boolean hasNext() {
        throwError();
        try {
            while (!over && !response.hasReleased()) {
                advance();
            }
        } catch (Throwable e) {
            // Whatever the source throws, however often the reader asks.
            error = e;
            close();
            throw e;
        }
        throwError();
        Verdict verdict = response.verdict();
        if (over && verdict != null && !response.isFinished()) {
            throw new BlockedException(verdict);
        }
        return !over;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("response must have more text, but has ended");
        }
        return response.takeReleased();
    }

    @Override
    public Optional<Verdict> verdict() {
        return over ? Optional.ofNullable(response.verdict()) : Optional.empty();
    }

    @Override
    public void close() {
        over = true;
        if (puller != null) {
            puller.stop();
        }
        response.forget();
    }

    private void advance() {
        Passage passage = response.next();
        if (passage != null) {
            response.check(passage);
        } else if (response.verdict() == null) {
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
                response.end(Reason.CANCELLED);
                return;
            }
        }
        if (token != null) {
            response.append(token);
        } else if (puller != null && puller.isIdle()) {
            response.end(Reason.IDLE_TIMEOUT);
        } else if (puller != null && puller.error() != null) {
            error = puller.error();
            close();
        } else {
            response.complete();
        }
    }

    private void throwError() {
        if (error != null) {
            ResponseIterator.<RuntimeException>rethrow(error);
        }
    }

    /** Throws the very exception that the source did: one in a language without checked exceptions may throw any. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
