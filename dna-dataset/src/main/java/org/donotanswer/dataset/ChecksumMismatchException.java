package org.donotanswer.dataset;

import java.io.IOException;

/** Thrown when a file differs from the published one. Immutable, hence thread-safe. */
public final class ChecksumMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String expected;
    private final String found;

    ChecksumMismatchException(PublishedFile file, String found, String where) {
        super("SHA-256 of " + file.path() + " must be " + file.sha256() + ", but was " + found + " (" + where + ")");
        this.file = file.path();
        this.expected = file.sha256();
        this.found = found;
    }

    /** Returns the file's path in the published layout. */
    public String file() {
        return file;
    }

    /** Returns the checksum of the published file. */
    public String expected() {
        return expected;
    }

    /** Returns the checksum of the file that was found. */
    public String found() {
        return found;
    }
}
