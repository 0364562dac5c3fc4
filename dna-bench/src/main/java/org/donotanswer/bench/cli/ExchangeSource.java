package org.donotanswer.bench.cli;

import java.io.Closeable;
import java.io.IOException;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/** A file or stream of exchanges, read one after another. Not thread-safe; what it returns may be parsed by any thread. */
interface ExchangeSource extends Closeable {
    /** An item as it was read. */
    interface RawItem {
        /** Returns the item. Whatever was read, this does not fail. */
        InputItem parse();

        /** Returns about how much memory the item takes, in chars. */
        long size();
    }

    /**
     * Returns the next item, or null at the end.
     *
     * @throws BadInputException if the source as a whole cannot be read on
     */
    @Nullable
    RawItem next() throws IOException;

    /** Returns whether the next item can be read, or the end be seen, without waiting. */
    boolean ready() throws IOException;
}
