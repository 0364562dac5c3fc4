package org.donotanswer.harness.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The open file of a run's responses. Thread-safe. */
public final class ResponseLog implements Closeable {
    private final AppendLog log;

    ResponseLog(AppendLog log) {
        this.log = log;
    }

    /**
     * Adds a response, and returns when it is on the disk. Whether its id is new is the caller's to know.
     *
     * @throws org.donotanswer.harness.io.OutputException if it cannot be written
     */
    public void append(CollectedResponse response) throws IOException {
        append(List.of(response));
    }

    /**
     * Adds responses, and returns when they are on the disk; see {@link #append(CollectedResponse)}.
     *
     * @throws org.donotanswer.harness.io.OutputException if they cannot be written; then none is
     */
    public void append(List<CollectedResponse> responses) throws IOException {
        log.append(responses.stream().map(RunJson::line).toList());
    }

    /** Closes the file. Closing it again does nothing. */
    @Override
    public void close() throws IOException {
        log.close();
    }
}
