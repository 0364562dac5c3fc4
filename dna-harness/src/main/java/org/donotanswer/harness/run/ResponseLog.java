package org.donotanswer.harness.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The open response file of a run. Thread-safe. */
public final class ResponseLog implements Closeable {
    private final AppendLog log;

    ResponseLog(AppendLog log) {
        this.log = log;
    }

    /**
     * Appends a response and forces it to disk. The caller makes sure that its id is new.
     *
     * @throws org.donotanswer.harness.io.OutputException if it cannot be written
     */
    public void append(CollectedResponse response) throws IOException {
        append(List.of(response));
    }

    /**
     * Appends responses and forces them to disk; see {@link #append(CollectedResponse)}.
     *
     * @throws org.donotanswer.harness.io.OutputException if they cannot be written; none of them is written then
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
