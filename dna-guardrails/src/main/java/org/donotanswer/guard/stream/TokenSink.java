package org.donotanswer.guard.stream;

/**
 * Takes the tokens of an answer, in their order, as they come. Not thread-safe: one thread at a time hands it tokens; {@link
 * #cancel()} may be called by any.
 */
public interface TokenSink {
    /**
     * Takes the next token; a null or empty one only shows that the source is at it, as it may be for ten idle
     * timeouts without any text. Returns when as much as may be shown was handed on.
     *
     * @return whether more is wanted: false from the time on that the stream was blocked, cancelled or ended
     */
    boolean accept(@org.jspecify.annotations.Nullable String token);

    /** Takes note that the answer is complete: judges what was held back, and all of it once more, and hands it on. */
    void complete();

    /** Takes note that the answer broke off at its source. */
    void fail(Throwable error);

    /** Stops: nothing more is judged or handed on, no listener is told, and the text is forgotten. */
    void cancel();
}
