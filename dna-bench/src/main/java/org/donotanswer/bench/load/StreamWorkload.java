package org.donotanswer.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * Each arrival is a chunk of one of many open streams in turn; what it releases counts from when it was due. A chunk whose stream is
 * busy waits, in order, for the caller that works on it, and callers do not wait for streams. A stream that has ended is followed by
 * one of another response. Thread-safe.
 */
final class StreamWorkload implements Workload, AutoCloseable {
    /** The length of a chunk, in chars; about four make a window of a short response. */
    static final int CHUNK_CHARS = 100;

    private final StreamGuard guard;
    private final List<Exchange> exchanges;
    private final List<OpenStream> streams = new ArrayList<>();

    StreamWorkload(StreamGuard guard, List<Exchange> exchanges, int openStreams) {
        this.guard = guard;
        this.exchanges = List.copyOf(exchanges);
        for (int i = 0; i < openStreams; i++) {
            streams.add(new OpenStream(i));
        }
    }

    @Override
    public boolean serve(int arrival, long due, LoadRecorder recorder) {
        return streams.get(arrival % streams.size()).offer(due, recorder);
    }

    /** Cancels the streams that are still open. Nothing may be served any more. */
    @Override
    public void close() {
        streams.forEach(OpenStream::cancel);
    }

    /** One stream after another. Its signals come from one thread at a time. */
    private final class OpenStream implements StreamListener {
        private final Queue<Long> dueChunks = new ConcurrentLinkedQueue<>();
        private final AtomicInteger unserved = new AtomicInteger();

        // Used by the thread that serves chunks.
        private int exchange;
        private String response = "";
        private int sent;
        private @Nullable TokenSink sink;
        private long due;
        private @Nullable LoadRecorder recorder;
        private boolean refused;

        OpenStream(int first) {
            exchange = first;
        }

        /** Returns false if the stream ended as it could not be checked; true if another thread will see. */
        boolean offer(long dueChunk, LoadRecorder to) {
            dueChunks.add(dueChunk);
            if (unserved.getAndIncrement() != 0) {
                return true;
            }
            recorder = to;
            refused = false;
            do {
                Long chunk = dueChunks.poll();
                if (chunk != null) {
                    send(chunk);
                }
            } while (unserved.decrementAndGet() != 0);
            return !refused;
        }

        void cancel() {
            if (sink != null) {
                sink.cancel();
            }
        }

        private void send(long dueChunk) {
            due = dueChunk;
            TokenSink open = sink;
            if (open == null) {
                Exchange next = exchanges.get(Math.floorMod(exchange, exchanges.size()));
                exchange += streams.size();
                response = next.response();
                sent = 0;
                open = guard.open(Conversation.of(next.instruction()), this);
                sink = open;
            }
            int end = Math.min(response.length(), sent + CHUNK_CHARS);
            boolean goesOn = open.accept(response.substring(sent, end));
            sent = end;
            if (goesOn && sent == response.length()) {
                open.complete();
                goesOn = false;
            }
            if (!goesOn) {
                sink = null;
            }
        }

        @Override
        public void onText(String text) {
            if (recorder != null) {
                recorder.checked(due);
            }
        }

        @Override
        public void onFinished(Verdict verdict) {}

        @Override
        public void onBlocked(Verdict verdict) {
            refused |= !verdict.isChecked();
            if (recorder != null) {
                recorder.ended(due, verdict);
            }
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException("stream must not fail, but failed", error);
        }
    }
}
