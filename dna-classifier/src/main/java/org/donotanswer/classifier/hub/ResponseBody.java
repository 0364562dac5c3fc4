package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, read by one thread. Unlike the input stream of the JDK's client, it gives up when the server
 * falls silent, and an interrupt ends the wait.
 */
final class ResponseBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    private ResponseBody() {}

    private sealed interface Signal {}

    private record Received(List<ByteBuffer> buffers) implements Signal {}

    private record Completed(@Nullable Throwable failure) implements Signal {}

    static ResponseBody of(Flow.Publisher<List<ByteBuffer>> publisher) {
        ResponseBody body = new ResponseBody();
        publisher.subscribe(body);
        return body;
    }

    /**
     * Returns the next bytes; null after the last.
     *
     * @throws HttpTimeoutException if none arrive within the timeout
     * @throws IOException if the connection breaks
     */
    @Nullable
    List<ByteBuffer> next(Duration timeout) throws IOException, InterruptedException {
        Signal signal = signals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (signal instanceof Received received) {
            request();
            return received.buffers();
        }
        if (signal instanceof Completed completed) {
            if (completed.failure() == null) {
                return null;
            }
            throw new IOException("connection must last until the end of the response, but broke", completed.failure());
        }
        throw new HttpTimeoutException("server must not fall silent, but was silent for " + timeout);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    private synchronized void request() {
        if (subscription != null && !closed) {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Received(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Completed(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Completed(null));
    }

    /** Cancels the rest of the response. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
