package org.donotanswer.guard.stream;

import java.util.Iterator;
import java.util.Optional;
import org.donotanswer.guard.Verdict;

/**
 * Gives those parts of an answer that may be shown. Where the rest may not be, {@code hasNext} and {@code next} throw a {@link
 * BlockedException}. To be closed by whoever does not read it to its end, as its source may be waited for on another thread. Not
 * thread-safe.
 */
public interface GuardedIterator extends Iterator<String>, AutoCloseable {
    /** Returns the verdict that ended the stream; empty as long as it has not. */
    Optional<Verdict> verdict();

    /** Stops: nothing more is judged or given. */
    @Override
    void close();
}
