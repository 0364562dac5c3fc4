package org.donotanswer.bench.soak;

import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * How a guarded stream ended. Immutable, hence thread-safe.
 *
 * @param released the number of released chars
 * @param finished whether the whole response was shown
 * @param verdict the verdict that ended the stream
 */
record StreamEnd(int released, boolean finished, Verdict verdict) {
    /** Streams the whole response as one token. */
    static StreamEnd ofOneToken(StreamGuard streams, OracleItem.Input input) {
        Reader reader = new Reader(input.exchange().response());
        TokenSink sink = streams.open(input.single(), reader);
        if (sink.accept(input.exchange().response())) {
            sink.complete();
        }
        return reader.end();
    }

    /** Reads a stream, and checks that it shows a prefix of the response and then ends once. Not thread-safe. */
    static final class Reader implements StreamListener {
        private final String response;
        private int released;
        private @Nullable StreamEnd end;

        Reader(String response) {
            this.response = response;
        }

        @Override
        public void onText(String text) {
            SoakMismatchException.require(end == null, "text released after the end");
            SoakMismatchException.require(
                    response.startsWith(text, released), "released text is no part of the response at its place");
            released += text.length();
        }

        @Override
        public void onFinished(Verdict verdict) {
            end(new StreamEnd(released, true, verdict));
        }

        @Override
        public void onBlocked(Verdict verdict) {
            end(new StreamEnd(released, false, verdict));
        }

        @Override
        public void onError(Throwable error) {
            throw new SoakMismatchException(
                    "stream failed with " + error.getClass().getName());
        }

        private void end(StreamEnd value) {
            SoakMismatchException.require(end == null, "stream ended twice");
            end = value;
        }

        /** Returns the number of chars released so far. */
        int released() {
            return released;
        }

        /** Returns the end. */
        StreamEnd end() {
            if (end == null) {
                throw new SoakMismatchException("stream has no end");
            }
            return end;
        }
    }
}
