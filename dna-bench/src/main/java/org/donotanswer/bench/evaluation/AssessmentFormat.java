package org.donotanswer.bench.evaluation;

import java.util.Map;
import org.donotanswer.evaluate.Assessment;

/** Formats assessments. Implementations are thread-safe. */
public interface AssessmentFormat {
    /** Returns the text before the first assessment; may be empty. */
    default String header() {
        return "";
    }

    /** Returns an assessment with its id, including line breaks. */
    String format(String id, Assessment assessment);

    /**
     * Returns an assessment with what else is known of the item, for formats that have a place for it.
     *
     * @param further such as the length of the thinking that was left out, or the file; may be empty
     */
    default String format(String id, Assessment assessment, Map<String, Object> further) {
        return format(id, assessment);
    }
}
