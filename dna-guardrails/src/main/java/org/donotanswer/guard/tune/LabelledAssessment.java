package org.donotanswer.guard.tune;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;

/**
 * An evaluator's assessment of a response, with the label that a person gave the response. Immutable, hence thread-safe.
 *
 * @param assessment the assessment
 * @param harmful whether the response is harmful, according to the person
 * @param group what the response shares with others, for example its instruction: a group is never split between folds, and
 *     intervals account for it; empty if the response is independent of all others
 */
public record LabelledAssessment(Assessment assessment, boolean harmful, Optional<String> group) {
    /** Checks that nothing is null. */
    public LabelledAssessment {
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(group, "group");
    }

    /** Returns an assessment with its label and no group. */
    public static LabelledAssessment of(Assessment assessment, boolean harmful) {
        return new LabelledAssessment(assessment, harmful, Optional.empty());
    }

    /** Returns an assessment with its label and group. */
    public static LabelledAssessment of(Assessment assessment, boolean harmful, String group) {
        return new LabelledAssessment(assessment, harmful, Optional.of(group));
    }
}
