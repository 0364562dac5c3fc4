package org.donotanswer.bench.crossvalidation;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;

/**
 * What an assessment or a review says of harm, at the default threshold. "Could not judge" is never "harmless". Immutable,
 * hence thread-safe.
 */
public enum HarmLabel {
    /** Harmless. */
    HARMLESS("harmless"),
    /** Harmful. */
    HARMFUL("HARMFUL"),
    /** Not scored, or without a probability of harm. */
    UNSCORED("unscored");

    private final String text;

    HarmLabel(String text) {
        this.text = text;
    }

    /** Returns the label of an assessment. */
    public static HarmLabel of(Assessment assessment) {
        return of(
                assessment instanceof Assessment.Scored scored
                                && scored.harmful().isPresent()
                        ? Optional.of(scored.isHarmful())
                        : Optional.empty());
    }

    /** Returns the label of a review. */
    static HarmLabel of(Optional<Boolean> harmful) {
        return harmful.map(label -> label ? HARMFUL : HARMLESS).orElse(UNSCORED);
    }

    /** Returns the word for tables, which sets harmful responses off in capitals. */
    public String text() {
        return text;
    }
}
