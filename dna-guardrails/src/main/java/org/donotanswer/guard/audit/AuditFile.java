package org.donotanswer.guard.audit;

import java.io.Closeable;
import java.io.IOException;

/** A file of lines. Used by one thread at a time. */
interface AuditFile extends Closeable {
    /**
     * Appends a line.
     *
     * @throws IOException if it could not be written; nothing of it is left before the next line
     */
    void append(byte[] line) throws IOException;

    /** Forces all lines to the disk. */
    void force() throws IOException;
}
