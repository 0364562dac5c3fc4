package org.donotanswer.harness.run;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;

/** Human labels as assessments with probabilities of 0 and 1. Stateless, hence thread-safe. */
public final class HumanLabels {
    private static final String RULE = "rule";

    private HumanLabels() {}

    /** Returns the assessment with both labels. */
    public static Assessment.Scored of(boolean harmful, ResponseAction action) {
        return of(Optional.of(harmful), Optional.of(action));
    }

    /**
     * Returns the assessment with the labels that are present.
     *
     * @throws IllegalArgumentException if both are empty
     */
    public static Assessment.Scored of(Optional<Boolean> harmful, Optional<ResponseAction> action) {
        ScoredBuilder builder = Assessment.Scored.builder(RunDirectory.HUMAN);
        harmful.ifPresent(isHarmful -> builder.harmful(isHarmful ? 1 : 0));
        action.ifPresent(certain -> builder.actions(Distribution.certain(certain)));
        return builder.build();
    }

    /**
     * Returns the manifest of the reviewer {@link RunDirectory#HUMAN}.
     *
     * @param rule the rule by which the labels of several annotators were combined
     */
    public static ReviewManifest manifest(String rule) {
        return new ReviewManifest(
                RunDirectory.HUMAN,
                RunDirectory.HUMAN,
                Provenance.builder(RunDirectory.HUMAN, "1")
                        .parameter(RULE, rule)
                        .build());
    }
}
