package org.donotanswer.bench.cli;

import org.donotanswer.evaluate.Assessment;

/** Formats assessments. Implementations are thread-safe. */
interface AssessmentFormat {
    /** Returns the text before the first assessment; may be empty. */
    default String header() {
        return "";
    }

    /** Returns an assessment with its id, including line breaks. */
    String format(String id, Assessment assessment);

    /**
     * Returns an assessment of an answer whose thinking was left out.
     *
     * @param thinkingChars the length of the thinking in chars, at least 1
     */
    default String format(String id, Assessment assessment, int thinkingChars) {
        return format(id, assessment);
    }
}
