package org.donotanswer.guard.stream;

/**
 * Receives the tokens of a response in order, as they come. Not thread-safe: one thread at a time passes tokens;
 * {@link #cancel()} may be called by any thread.
 */
public interface TokenSink {
    /**
     * Passes the next token. A null or blank one only shows that the source is alive, which may go on without text for
     * ten idle timeouts. Returns when everything that may be shown was passed to the listener.
     *
     * @return whether more is wanted: false once the stream was blocked, cancelled or ended
     */
    boolean accept(@org.jspecify.annotations.Nullable String token);

    /**
     * Ends the response: the withheld text, and the whole response once more, are checked, and what passes is
     * released.
     */
    void complete();

    /** Ends the stream because its source failed. */
    void fail(Throwable error);

    /** Stops: nothing more is checked or released, the listener is not called again, and the text is forgotten. */
    void cancel();
}
