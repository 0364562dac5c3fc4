package org.donotanswer.harness.analysis;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;

/** Turns labels into assessments that are certain of them, one for each pair of labels. Not thread-safe. */
final class LabelAssessments {
    private final String reviewer;
    private final Map<Key, Scored> made = new HashMap<>();

    private record Key(Optional<Boolean> harmful, Optional<ResponseAction> action) {}

    LabelAssessments(String reviewer) {
        this.reviewer = reviewer;
    }

    /** Returns the assessment for labels, of which at least one is present. */
    Assessment of(Optional<Boolean> harmful, Optional<ResponseAction> action) {
        return made.computeIfAbsent(new Key(harmful, action), key -> {
            ScoredBuilder builder = Scored.builder(reviewer);
            harmful.ifPresent(label -> builder.harmful(label ? 1 : 0));
            action.ifPresent(label -> builder.actions(Distribution.certain(label)));
            return builder.build();
        });
    }
}
