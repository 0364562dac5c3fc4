package org.donotanswer.harness.run;

import java.util.Objects;
import org.donotanswer.evaluate.Assessment;

/**
 * A reviewer's review of a response of a run. Immutable, hence thread-safe.
 *
 * @param id the id of the response
 * @param assessment what the reviewer says about it
 */
public record StoredReview(String id, Assessment assessment) {
    /** Checks that nothing is null. */
    public StoredReview {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(assessment, "assessment");
    }
}
