package org.donotanswer.bench.evaluation;

import java.util.OptionalDouble;
import org.donotanswer.bench.crossvalidation.HarmLabel;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.internal.ProbabilityText;
import org.donotanswer.taxonomy.HarmType;

/** Assessments as a table for people, one line each. Immutable, hence thread-safe. */
public final class TableFormat implements AssessmentFormat {
    private static final int ID_WIDTH = 20;
    private static final String CELLS = "%-8s%8s  %-19s%6s  %s";

    private final String evaluator;

    public TableFormat(String evaluator) {
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
        return row(id, assessment.describe());
    }

    private static String line(String id, String verdict, String harmful, String action, String risk, String type) {
        return row(id, NumberFormats.format(CELLS, verdict, harmful, action, risk, type));
    }

    /** Returns a line with a whole id; one that is wider than its column has a line of its own. */
    private static String row(String id, String cells) {
        String shown = id.replaceAll("\\p{Cntrl}", " ");
        int width = shown.codePointCount(0, shown.length());
        String start =
                width <= ID_WIDTH ? shown + " ".repeat(ID_WIDTH + 1 - width) : shown + "\n" + " ".repeat(ID_WIDTH + 1);
        return (start + cells).stripTrailing() + "\n";
    }

    private static String percent(OptionalDouble probability) {
        return probability.isEmpty() ? "-" : ProbabilityText.percent(probability.getAsDouble());
    }

    private static String risk(OptionalDouble probability) {
        return probability.isEmpty() ? "-" : ProbabilityText.wholePercent(probability.getAsDouble());
    }
}
