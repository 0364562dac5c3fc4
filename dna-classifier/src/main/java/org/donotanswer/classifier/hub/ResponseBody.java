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
 * An answer's body, read by one thread. Unlike the client's own input stream, it gives up when the server falls silent, and
 * an interrupt ends the wait for it.
 */
final class ResponseBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    private ResponseBody() {}

    private sealed interface Signal {}

    private record Chunk(List<ByteBuffer> buffers) implements Signal {}

    private record End(@Nullable Throwable failure) implements Signal {}

    static ResponseBody of(Flow.Publisher<List<ByteBuffer>> publisher) {
        ResponseBody body = new ResponseBody();
        publisher.subscribe(body);
        return body;
    }

    /** Returns the next bytes; null after the last. */
    @Nullable
    List<ByteBuffer> next(Duration timeout) throws IOException, InterruptedException {
        Signal signal = signals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (signal instanceof Chunk chunk) {
            request();
            return chunk.buffers();
        }
        if (signal instanceof End end) {
            if (end.failure() == null) {
                return null;
            }
            throw new IOException("connection must last to the answer's end, but broke", end.failure());
        }
        throw new HttpTimeoutException("server must not fall silent, but was for " + timeout);
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
        signals.add(new Chunk(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new End(failure));
    }

    @Override
    public void onComplete() {
        signals.add(new End(null));
    }

    /** Lets go of the connection if there is more to come. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
