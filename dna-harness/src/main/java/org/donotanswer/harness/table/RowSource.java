package org.donotanswer.harness.table;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A file of one format. Not thread-safe, but its rows are. */
interface RowSource extends Closeable {
    /** Returns the next record that is not empty, or null at the end. */
    @Nullable
    RawRow next() throws IOException;

    /** Returns whether a record can be started without waiting for input. */
    boolean ready() throws IOException;

    /**
     * Checks columns in the header, if there is one: each of the first must be there, and none of the others be there twice.
     * Without a header, each record has its own columns.
     */
    default void check(Collection<TableColumn> required, Collection<TableColumn> others) throws IOException {}

    /** Checks in the header, if there is one, that it is known where the instruction is, or that there is none. */
    default void checkInstruction() throws IOException {}

    /** Declares that only exchanges and their ids will be read, so that other columns can be passed over. */
    default void keepExchanges() {}
}
