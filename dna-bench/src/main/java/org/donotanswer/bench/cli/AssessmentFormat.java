package org.donotanswer.bench.cli;

import org.donotanswer.evaluate.Assessment;

/** How assessments are written. Implementations are thread-safe. */
interface AssessmentFormat {
    /** Returns what comes before the first assessment; may be empty. */
    default String header() {
        return "";
    }

    /** Returns an assessment with its id, line breaks included. */
    String format(String id, Assessment assessment);
}
