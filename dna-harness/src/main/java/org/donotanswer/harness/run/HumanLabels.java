package org.donotanswer.harness.run;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;

/** What people said of a response, as an assessment: a label is a certain one. Pure functions, hence thread-safe. */
public final class HumanLabels {
    /** The parameter of a manifest that says how the labels of several people were made one. */
    public static final String RULE = "rule";

    private HumanLabels() {}

    /** Returns the assessment that has both labels. */
    public static Assessment.Scored of(boolean harmful, ResponseAction action) {
        return of(Optional.of(harmful), Optional.of(action));
    }

    /**
     * Returns the assessment that has the labels which are there.
     *
     * @throws IllegalArgumentException if neither is
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
     * @param rule how the labels of several people were made one
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
