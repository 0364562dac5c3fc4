package org.donotanswer.guard.stream;

import java.util.Iterator;
import java.util.Optional;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Verdict;

/**
 * Iterates over the parts of a response that may be shown. If the rest must not be shown, {@code hasNext} and {@code
 * next} throw a {@link BlockedException}. Close it if it is not read to the end: its source may be read on another
 * thread. Not thread-safe.
 */
public interface GuardedIterator extends Iterator<String>, AutoCloseable {
    /** Returns the verdict that ended the stream; empty until it has ended. */
    Optional<Verdict> verdict();

    /** Stops: nothing more is checked or returned. */
    @Override
    void close();
}
