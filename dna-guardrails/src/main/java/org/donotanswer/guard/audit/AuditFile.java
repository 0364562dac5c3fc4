package org.donotanswer.guard.audit;

import java.io.Closeable;
import java.io.IOException;

/** Where lines go. Used by one thread at a time. */
interface AuditFile extends Closeable {
    /**
     * Appends a line.
     *
     * @throws IOException if it could not be written; then nothing of it stands before the next line
     */
    void append(byte[] line) throws IOException;

    /** Has all lines put on the disk. */
    void force() throws IOException;
}
