package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.internal.ProbabilityText;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Scores as one line for people to read. */
final class ScoredText {
    private ScoredText() {}

    static String describe(Assessment.Scored scored) {
        List<String> parts = new ArrayList<>();
        scored.harmful().ifPresent(probability -> parts.add("harmful " + ProbabilityText.percent(probability)));
        scored.actions().ifPresent(actions -> {
            ResponseAction action = actions.mostLikely();
            parts.add("action: " + action.shortName() + " " + ProbabilityText.percent(actions.probability(action)));
        });
        scored.refusal().ifPresent(probability -> parts.add("refusal " + ProbabilityText.percent(probability)));
        if (scored.isAboutHarm()) {
            scored.instructionRisk()
                    .ifPresent(probability -> parts.add("risky instruction " + ProbabilityText.percent(probability)));
            scored.harmTypes().ifPresent(types -> {
                HarmType type = types.mostLikely();
                parts.add("harm type if risky: " + type.shortName() + " "
                        + ProbabilityText.percent(types.probability(type)));
            });
        }
        if (parts.isEmpty()) {
            // Of an instruction without a response, nothing else is known.
            parts.add("no risky instruction");
        }
        if (scored.truncated()) {
            parts.add("text truncated");
        }
        return String.join("; ", parts) + " [" + scored.evaluator() + "]";
    }
}
