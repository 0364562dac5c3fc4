package org.donotanswer.guard;

import java.util.Locale;
import java.util.StringJoiner;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.internal.ProbabilityText;

/** Describes verdicts. Stateless, hence thread-safe. */
final class VerdictText {
    private VerdictText() {}

    /**
     * Returns a line, for example "response BLOCK: HARMFUL, 0.9312 with threshold 0.5 (default), by embedded 1, in
     * 0.042 ms".
     */
    static String describe(Verdict verdict) {
        StringJoiner line = new StringJoiner(", ");
        line.add(subject(verdict) + " " + verdict.outcome() + ": " + verdict.reason());
        if (verdict.probability().isPresent()) {
            String probability = ProbabilityText.number(verdict.probability().getAsDouble());
            line.add(probability
                    + verdict.threshold()
                            .map(threshold -> " with threshold " + threshold.value() + " (" + threshold.scope() + ")")
                            .orElse(""));
        }
        verdict.assessment()
                .filter(Unscored.class::isInstance)
                .map(unscored -> ((Unscored) unscored).reason().name())
                .filter(reason -> !reason.equals(verdict.reason().name()))
                .ifPresent(line::add);
        verdict.action().ifPresent(action -> line.add("action " + action));
        verdict.harmType()
                .filter(type -> verdict.outcome() != Outcome.ALLOW || isAboutHarm(verdict))
                .ifPresent(type -> line.add("harm type " + type));
        if (verdict.contextTurns() > 0) {
            line.add("with " + verdict.contextTurns()
                    + (verdict.contextTurns() == 1 ? " earlier turn" : " earlier turns"));
        }
        if (verdict.truncated()) {
            line.add("not read to the end");
        }
        if (verdict.released() && verdict.outcome() != Outcome.ALLOW) {
            line.add(verdict.shadow() ? "released in shadow mode" : "released");
        }
        line.add("by " + verdict.decidedBy() + (verdict.cached() ? " (cached)" : ""));
        line.add(String.format(Locale.ROOT, "in %.3f ms", verdict.latencyNanos() / 1e6));
        return line.toString();
    }

    private static boolean isAboutHarm(Verdict verdict) {
        return verdict.assessment()
                .filter(assessment -> assessment instanceof Scored scored && scored.isAboutHarm())
                .isPresent();
    }

    private static String subject(Verdict verdict) {
        String subject = verdict.subject().name().toLowerCase(Locale.ROOT);
        return verdict.window()
                .map(window -> subject + " [" + window.start() + ", " + window.end() + ")")
                .orElse(subject);
    }
}
