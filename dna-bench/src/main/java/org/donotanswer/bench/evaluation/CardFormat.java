package org.donotanswer.bench.evaluation;

import java.util.Comparator;
import java.util.Map;
import org.donotanswer.bench.crossvalidation.HarmLabel;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.internal.ProbabilityText;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/** Formats an assessment in full for people, one line for each figure. Immutable, hence thread-safe. */
public final class CardFormat implements AssessmentFormat {
    private static final int BAR_WIDTH = 30;

    @Override
    public String format(String id, Assessment assessment) {
        if (!(assessment instanceof Assessment.Scored scored)) {
            return assessment.describe() + "\n";
        }
        StringBuilder card = new StringBuilder();
        scored.harmful()
                .ifPresent(probability -> line(
                        card,
                        "response harmful",
                        probability,
                        HarmLabel.of(assessment).text()));
        scored.actions().ifPresent(actions -> {
            line(card, "response's action", null, actions.mostLikely().label());
            actions.probabilities().entrySet().stream()
                    .sorted(Map.Entry.<ResponseAction, Double>comparingByValue(Comparator.reverseOrder()))
                    .forEach(entry -> {
                        String row = NumberFormats.format(
                                "  %-20s%8s  %s",
                                entry.getKey().shortName(), ProbabilityText.percent(entry.getValue()), "#".repeat((int)
                                                Math.round(BAR_WIDTH * entry.getValue())));
                        card.append(row.stripTrailing()).append('\n');
                    });
        });
        scored.refusal()
                .ifPresent(probability -> line(
                        card,
                        "response refuses",
                        probability,
                        probability >= Assessment.DEFAULT_THRESHOLD ? "yes" : "no"));
        if (scored.isAboutHarm()) {
            harm(card, scored);
        }
        line(card, "text truncated", null, scored.truncated() ? "yes" : "no");
        line(card, "evaluator", null, scored.evaluator());
        return card.toString();
    }

    private static void harm(StringBuilder card, Assessment.Scored scored) {
        scored.instructionRisk()
                .ifPresent(risk -> line(
                        card,
                        "instruction risky",
                        risk,
                        risk >= Assessment.RISKY_INSTRUCTION_THRESHOLD ? "yes" : "no"));
        scored.harmTypes()
                .ifPresent(types -> line(
                        card,
                        "type of harm",
                        types.probability(types.mostLikely()),
                        types.mostLikely().shortName() + ", if the instruction is risky"));
    }

    private static void line(StringBuilder card, String name, @Nullable Double probability, String value) {
        String percentage =
                probability == null ? " " : NumberFormats.format("%8s  ", ProbabilityText.percent(probability));
        card.append(NumberFormats.format("%-22s%s%s\n", name, percentage, value));
    }
}
