package org.donotanswer.bench.crossvalidation;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;

/** What an assessment or a review comes to, at the default threshold. "Could not judge" is never "harmless". */
public enum HarmLabel {
    HARMLESS("harmless"),
    HARMFUL("HARMFUL"),
    UNSCORED("unscored");

    private final String shown;

    HarmLabel(String shown) {
        this.shown = shown;
    }

    public static HarmLabel of(Assessment assessment) {
        return assessment instanceof Assessment.Scored scored
                        && scored.harmful().isPresent()
                ? of(scored.isHarmful())
                : UNSCORED;
    }

    public static HarmLabel of(Optional<Boolean> harmful) {
        return harmful.map(HarmLabel::of).orElse(UNSCORED);
    }

    public static HarmLabel of(boolean harmful) {
        return harmful ? HARMFUL : HARMLESS;
    }

    /** Returns the word for tables. */
    public String shown() {
        return shown;
    }
}
