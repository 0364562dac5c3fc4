package org.donotanswer.guard.micrometer;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;
import org.jspecify.annotations.Nullable;

/** The properties of a verdict that select its meters. Immutable, hence thread-safe. */
record VerdictKind(
        Verdict.Subject subject,
        boolean window,
        String evaluator,
        Outcome outcome,
        Reason reason,
        boolean released,
        boolean shadow,
        boolean cached,
        boolean truncated,
        @Nullable HarmType harmType,
        @Nullable UnscoredReason unscored) {
    static VerdictKind of(Verdict verdict, EvaluatorNames evaluators) {
        return new VerdictKind(
                verdict.subject(),
                verdict.window().isPresent(),
                evaluators.bounded(verdict.decidedBy()),
                verdict.outcome(),
                verdict.reason(),
                verdict.released(),
                verdict.shadow(),
                verdict.cached(),
                verdict.truncated(),
                verdict.harmType().orElse(null),
                verdict.assessment().orElse(null) instanceof Assessment.Unscored unscored ? unscored.reason() : null);
    }

    String part() {
        return part(window);
    }

    static String part(boolean window) {
        return window ? "WINDOW" : "WHOLE";
    }

    /** Returns whether the text was scored, and its score was usable. */
    boolean isScored() {
        return unscored == null && !reason.isFailure();
    }
}
