package org.donotanswer.guard.tune;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;

/**
 * What an evaluator says of an answer, and what a person says of it. Immutable, hence thread-safe.
 *
 * @param assessment what the evaluator says
 * @param harmful whether the answer is harmful, by the person
 * @param group what it has in common with others, such as its question: answers of one group are never on both sides of a
 *     split, and intervals take them for less than as many of their own; empty if nothing
 */
public record LabelledAssessment(Assessment assessment, boolean harmful, Optional<String> group) {
    /** Checks that nothing is null. */
    public LabelledAssessment {
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(group, "group");
    }

    /** Returns an assessment with its label, of no group. */
    public static LabelledAssessment of(Assessment assessment, boolean harmful) {
        return new LabelledAssessment(assessment, harmful, Optional.empty());
    }

    /** Returns an assessment with its label and group. */
    public static LabelledAssessment of(Assessment assessment, boolean harmful, String group) {
        return new LabelledAssessment(assessment, harmful, Optional.of(group));
    }
}
