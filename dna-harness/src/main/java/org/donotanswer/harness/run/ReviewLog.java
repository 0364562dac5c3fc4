package org.donotanswer.harness.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.donotanswer.evaluate.Assessment;

/** The open file of a reviewer's reviews. Thread-safe. */
public final class ReviewLog implements Closeable {
    private final AppendLog log;

    ReviewLog(AppendLog log) {
        this.log = log;
    }

    /**
     * Appends reviews by id and forces them to disk. The caller makes sure that the ids are new.
     *
     * @throws org.donotanswer.harness.io.OutputException if they cannot be written; none of them is written then
     */
    public void append(Map<String, Assessment> reviews) throws IOException {
        log.append(reviews.entrySet().stream()
                .map(review -> RunJson.line(review.getKey(), review.getValue()))
                .toList());
    }

    /** Closes the file. Closing it again does nothing. */
    @Override
    public void close() throws IOException {
        log.close();
    }
}
