package org.donotanswer.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;

/** Assessments as a table for people, one line each. Immutable, hence thread-safe. */
final class TableFormat implements AssessmentFormat {
    private static final int ID_WIDTH = 22;
    private static final String LINE = "%-" + ID_WIDTH + "s  %-8s  %8s  %-19s %5s  %6s  %s\n";

    private final String evaluator;

    TableFormat(String evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public String header() {
        return "Judged by " + evaluator + "; harmful is what is so with a probability of "
                + percent(Assessment.DEFAULT_THRESHOLD).strip() + " or more.\n\n"
                + line("id", "verdict", "harmful", "action of the response", "", "risk", "harm type, if risky");
    }

    @Override
    public String format(String id, Assessment assessment) {
        if (assessment instanceof Assessment.Scored scored) {
            return line(
                    id,
                    Verdict.of(assessment).shown(),
                    percent(scored.harmful()),
                    scored.action().map(action -> action.shortName()).orElse("-"),
                    share(scored.actions()),
                    percent(scored.instructionRisk()),
                    scored.harmType().map(type -> type.shortName()).orElse("-")
                            + (scored.truncated() ? " (text truncated)" : ""));
        }
        return String.format(Locale.ROOT, "%-" + ID_WIDTH + "s  %s\n", clip(id), assessment.describe());
    }

    private static String line(
            String id, String verdict, String harmful, String action, String share, String risk, String type) {
        return String.format(Locale.ROOT, LINE, clip(id), verdict, harmful, action, share, risk, type);
    }

    /** An id longer than its column loses its end, or it would shift all others. */
    private static String clip(String id) {
        String shown = id.replaceAll("\\p{Cntrl}", " ");
        return shown.codePointCount(0, shown.length()) <= ID_WIDTH
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, ID_WIDTH - 3)) + "...";
    }

    private static <E extends Enum<E>> String share(Optional<Distribution<E>> distribution) {
        return distribution
                .map(d -> String.format(Locale.ROOT, "%3.0f %%", 100 * d.probability(d.mostLikely())))
                .orElse("");
    }

    static String percent(OptionalDouble probability) {
        return probability.isEmpty() ? "-" : percent(probability.getAsDouble());
    }

    static String percent(double probability) {
        return String.format(Locale.ROOT, "%5.1f %%", 100 * probability);
    }
}
