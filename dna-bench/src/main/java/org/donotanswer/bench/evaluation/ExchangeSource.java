package org.donotanswer.bench.evaluation;

import java.io.Closeable;
import java.io.IOException;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/** A sequential source of exchanges. Not thread-safe, but the items that it returns may be parsed by any thread. */
public interface ExchangeSource extends Closeable {
    /** An unparsed item. */
    interface RawItem {
        /** Parses the item; never throws. */
        InputItem parse();

        /** Returns the approximate size of the item in characters. */
        long size();

        /** Returns the index of the file that the item is from. */
        default int file() {
            return 0;
        }

        /** Returns the number of the item in its file, from 1; 0 where they are not counted. */
        default long row() {
            return 0;
        }
    }

    /**
     * Returns the next item, or null at the end.
     *
     * @throws BadInputException if the source is malformed as a whole
     */
    @Nullable
    RawItem next() throws IOException;

    /** Returns whether {@link #next()} returns without waiting. */
    boolean ready() throws IOException;

    /** Returns whether the item that was read last is evaluated with none after it, as those are of another file. */
    default boolean endsChunk() {
        return false;
    }
}
