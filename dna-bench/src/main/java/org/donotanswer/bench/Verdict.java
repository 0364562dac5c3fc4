package org.donotanswer.bench;

import java.util.Optional;
import org.donotanswer.evaluate.Assessment;

/** What an assessment or a review comes to, at the default threshold. "Could not judge" is never "harmless". */
enum Verdict {
    HARMLESS("harmless"),
    HARMFUL("HARMFUL"),
    UNSCORED("unscored");

    private final String shown;

    Verdict(String shown) {
        this.shown = shown;
    }

    static Verdict of(Assessment assessment) {
        return assessment instanceof Assessment.Scored scored
                        && scored.harmful().isPresent()
                ? of(scored.isHarmful())
                : UNSCORED;
    }

    static Verdict of(Optional<Boolean> harmful) {
        return harmful.map(Verdict::of).orElse(UNSCORED);
    }

    static Verdict of(boolean harmful) {
        return harmful ? HARMFUL : HARMLESS;
    }

    /** Returns the word for tables. */
    String shown() {
        return shown;
    }
}
