package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.EvaluationFigures.ClassFigures;
import org.donotanswer.evaluate.EvaluationFigures.FlaggingFigures;
import org.donotanswer.evaluate.EvaluationFigures.HarmfulFigures;
import org.donotanswer.evaluate.EvaluationFigures.LabelCoverage;
import org.donotanswer.metrics.ClassScores;

/** An evaluation as text for people to read. */
final class EvaluationText {
    private EvaluationText() {}

    static String describe(Evaluation evaluation) {
        EvaluationOptions options = evaluation.options();
        EvaluationFigures overall = evaluation.overall();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Evaluation of %s on %s: threshold %s, %s %% intervals in parentheses",
                evaluation.evaluator(),
                count(overall.exchanges(), "exchange"),
                number(options.threshold()),
                number(100 * options.confidence())));
        lines.add("Not scored: " + unscored(overall.unscored()));
        lines.add("");
        flags(lines, "Harmful", "harmless", overall.harmful());
        lines.add("");
        if (overall.refusal().coverage().labelled() > 0) {
            flags(lines, "Refusal", "no refusal", overall.refusal());
            lines.add("");
        }
        classes(lines, "Action", overall.action());
        lines.add("");
        classes(lines, "Harm type", overall.harmType());
        if (!evaluation.bySource().isEmpty()) {
            lines.add("");
            sources(lines, evaluation);
        }
        return String.join("\n", lines) + "\n";
    }

    private static void flags(List<String> lines, String positive, String negative, HarmfulFigures figures) {
        lines.add(positive + ": " + coverage(figures.coverage()));
        if (figures.coverage().labelled() == 0) {
            return;
        }
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "precision", "recall", "F1", "false positive rate"));
        table.add(flagging("scored only", figures.scoredOnly()));
        if (!figures.coverage().unscored().isEmpty()) {
            table.add(flagging("unscored as flagged", figures.unscoredFlagged()));
            table.add(flagging("unscored as passed", figures.unscoredPassed()));
        }
        lines.addAll(table(table));
        lines.add("  AUC " + figures.auc().describe());
        lines.add("  calibration error " + Measure.format(figures.calibrationError()) + ", log loss "
                + figures.logLoss().describe() + ", Brier score "
                + figures.brier().describe());
        lines.addAll(table(List.of(
                List.of("", "passed", "flagged"),
                counts(negative, figures.scoredOnly(), false),
                counts(positive.toLowerCase(Locale.ROOT), figures.scoredOnly(), true))));
    }

    private static List<String> flagging(String name, FlaggingFigures figures) {
        return List.of(
                name,
                figures.precision().describe(),
                figures.recall().describe(),
                figures.f1().describe(),
                figures.falsePositiveRate().describe());
    }

    private static List<String> counts(String name, FlaggingFigures figures, boolean harmful) {
        return List.of(
                name,
                Long.toString(figures.matrix().count(harmful, false)),
                Long.toString(figures.matrix().count(harmful, true)));
    }

    private static <L> void classes(List<String> lines, String name, ClassFigures<L> figures) {
        lines.add(name + ": " + coverage(figures.coverage()));
        if (figures.coverage().labelled() == 0) {
            return;
        }
        String accuracy = "  accuracy " + figures.accuracy().describe();
        if (!figures.coverage().unscored().isEmpty()) {
            accuracy += ", unscored as wrong " + figures.accuracyUnscoredWrong().describe();
        }
        lines.add(accuracy + ", macro F1 " + figures.macroF1().describe());
        List<L> labels = List.copyOf(figures.report().classes().keySet());
        if (labels.isEmpty()) {
            return;
        }
        List<List<String>> table = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("", "precision", "recall", "F1", "labelled"));
        // A column of the confusion matrix for each class, by the number of its row.
        IntStream.rangeClosed(1, labels.size()).forEach(number -> header.add("as " + number));
        table.add(header);
        for (int i = 0; i < labels.size(); i++) {
            L label = labels.get(i);
            ClassScores scores = figures.report().scores(label);
            List<String> row = new ArrayList<>(List.of(
                    (i + 1) + " " + label,
                    Measure.format(scores.precision()),
                    Measure.format(scores.recall()),
                    Measure.format(scores.f1()),
                    Long.toString(scores.support())));
            labels.forEach(predicted -> row.add(Long.toString(figures.matrix().count(label, predicted))));
            table.add(row);
        }
        lines.addAll(table(table));
    }

    private static void sources(List<String> lines, Evaluation evaluation) {
        lines.add("By source (harmful, scored only)");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "exchanges", "labelled", "scored", "precision", "recall", "F1", "AUC"));
        evaluation.bySource().forEach((source, figures) -> {
            HarmfulFigures harmful = figures.harmful();
            table.add(List.of(
                    source,
                    Long.toString(figures.exchanges()),
                    Long.toString(harmful.coverage().labelled()),
                    Long.toString(harmful.coverage().scored().count()),
                    harmful.scoredOnly().precision().describe(),
                    harmful.scoredOnly().recall().describe(),
                    harmful.scoredOnly().f1().describe(),
                    harmful.auc().describe()));
        });
        lines.addAll(table(table));
        if (evaluation.withoutSource() > 0) {
            lines.add("  without a source: " + count(evaluation.withoutSource(), "exchange"));
        }
    }

    private static String coverage(LabelCoverage coverage) {
        if (coverage.labelled() == 0) {
            return "no labels";
        }
        String text = coverage.labelled() + " labelled";
        if (coverage.unlabelled() > 0) {
            text += " (" + coverage.unlabelled() + " unlabelled)";
        }
        text += ", " + coverage.scored().count() + " scored";
        return coverage.unscored().isEmpty() ? text : text + ", not scored " + unscored(coverage.unscored());
    }

    private static String unscored(Map<UnscoredReason, Long> unscored) {
        long sum = unscored.values().stream().mapToLong(Long::longValue).sum();
        if (sum == 0) {
            return "0";
        }
        return sum
                + unscored.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** Returns the rows as lines, the first column to the left, the others to the right. */
    private static List<String> table(List<List<String>> rows) {
        List<Integer> widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .boxed()
                .toList();
        return rows.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder("  ").append(padded(row.get(0), -widths.get(0)));
                    for (int column = 1; column < row.size(); column++) {
                        line.append("  ").append(padded(row.get(column), widths.get(column)));
                    }
                    return line.toString();
                })
                .toList();
    }

    /** Returns the text with spaces to a width: before it, or after it if the width is negative. */
    private static String padded(String text, int width) {
        String spaces = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
        return width < 0 ? text + spaces : spaces + text;
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** Returns a number without needless digits: 0.5, 95. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
