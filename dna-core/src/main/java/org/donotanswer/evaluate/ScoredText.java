package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Scores as one line for people to read. */
final class ScoredText {
    private ScoredText() {}

    static String describe(Assessment.Scored scored) {
        List<String> parts = new ArrayList<>();
        scored.harmful().ifPresent(probability -> parts.add("harmful " + percent(probability)));
        scored.actions().ifPresent(actions -> {
            ResponseAction action = actions.mostLikely();
            parts.add("action: " + action.shortName() + " " + percent(actions.probability(action)));
        });
        scored.instructionRisk().ifPresent(probability -> parts.add("risky instruction " + percent(probability)));
        scored.harmTypes().ifPresent(types -> {
            HarmType type = types.mostLikely();
            parts.add("harm type if risky: " + type.shortName() + " " + percent(types.probability(type)));
        });
        if (scored.truncated()) {
            parts.add("text truncated");
        }
        return String.join("; ", parts) + " [" + scored.evaluator() + "]";
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }
}
