package org.donotanswer.bench.cli;

import java.util.OptionalDouble;
import org.donotanswer.bench.crossvalidation.HarmLabel;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.internal.ProbabilityText;
import org.donotanswer.taxonomy.HarmType;

/** Assessments as a table for people, one line each. Immutable, hence thread-safe. */
final class TableFormat implements AssessmentFormat {
    private static final int ID_WIDTH = 20;
    private static final String LINE = "%-" + ID_WIDTH + "s %-8s%8s  %-19s%6s  %s\n";

    private final String evaluator;

    TableFormat(String evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public String header() {
        return "Evaluated by " + evaluator + "; HARMFUL means a probability of "
                + Math.round(100 * Assessment.DEFAULT_THRESHOLD) + " % or more.\n\n"
                + line("id", "verdict", "harmful", "action", "risk", "type of harm, if risky");
    }

    @Override
    public String format(String id, Assessment assessment) {
        if (assessment instanceof Assessment.Scored scored) {
            return line(
                    id,
                    HarmLabel.of(assessment).text(),
                    percent(scored.harmful()),
                    scored.action().map(action -> action.shortName()).orElse("-"),
                    scored.isAboutHarm() ? risk(scored.instructionRisk()) : "",
                    (scored.isAboutHarm()
                                    ? scored.harmType().map(HarmType::shortName).orElse("-")
                                    : "")
                            + (scored.truncated() ? " (text truncated)" : ""));
        }
        return NumberFormats.format("%-" + ID_WIDTH + "s %s\n", clip(id), assessment.describe());
    }

    private static String line(String id, String verdict, String harmful, String action, String risk, String type) {
        return NumberFormats.format(LINE, clip(id), verdict, harmful, action, risk, type)
                        .stripTrailing()
                + "\n";
    }

    /** Truncates an id that is longer than its column. */
    private static String clip(String id) {
        String shown = id.replaceAll("\\p{Cntrl}", " ");
        return shown.codePointCount(0, shown.length()) <= ID_WIDTH
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, ID_WIDTH - 3)) + "...";
    }

    private static String percent(OptionalDouble probability) {
        return probability.isEmpty() ? "-" : ProbabilityText.percent(probability.getAsDouble());
    }

    private static String risk(OptionalDouble probability) {
        return probability.isEmpty() ? "-" : ProbabilityText.wholePercent(probability.getAsDouble());
    }
}
