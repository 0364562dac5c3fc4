package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.EvaluationFigures.ClassFigures;
import org.donotanswer.evaluate.EvaluationFigures.FlaggingFigures;
import org.donotanswer.evaluate.EvaluationFigures.HarmfulFigures;
import org.donotanswer.evaluate.EvaluationFigures.LabelCoverage;
import org.donotanswer.evaluate.EvaluationOptions;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** A measurement as a report for people to read. Stateless, hence thread-safe. */
final class MeasurementReport {
    private static final int DECIMALS = 3;

    private MeasurementReport() {}

    static Report of(Measurement measurement) {
        EvaluationOptions options = measurement.evaluation().options();
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("overall", "All exchanges", overall(measurement)));
        if (measurement.overall().action().coverage().labelled() > 0) {
            sections.add(classes("action", "Action", measurement.overall().action(), action -> action.shortName()));
        }
        if (measurement.overall().harmType().coverage().labelled() > 0) {
            sections.add(classes("harm-type", "Harm type", measurement.overall().harmType(), HarmType::shortName));
        }
        if (measurement.by() != null) {
            sections.add(new Section("by-source", "By " + measurement.by(), bySource(measurement, measurement.by())));
        }
        return new Report(
                "Evaluation of " + measurement.evaluation().evaluator(),
                NumberFormats.format(
                        "Flagged from a probability of %s. In parentheses: %s %% intervals.",
                        trimmed(options.threshold()), trimmed(100 * options.confidence())),
                sections,
                measurement.provenance());
    }

    private static List<Block> overall(Measurement measurement) {
        HarmfulFigures harmful = measurement.overall().harmful();
        List<KeyFigure> counts = new ArrayList<>();
        counts.add(new KeyFigure(
                "Exchanges", NumberFormats.count(measurement.overall().exchanges()), ""));
        counts.add(unscored("Unscored", measurement.overall().unscored()));
        List<Block> blocks = new ArrayList<>(List.of(new KeyFigures(counts)));
        add(blocks, "harmful", "Harmful responses", "harmful", "harmless", harmful);
        if (measurement.refusal() != null) {
            add(
                    blocks,
                    "refusal",
                    "Refusals",
                    "refusals",
                    "no refusals",
                    measurement.refusal().overall());
            blocks.add(new Paragraph(refusalSource(measurement)));
        }
        return blocks;
    }

    /** Returns where the probabilities of refusals come from. */
    private static String refusalSource(Measurement measurement) {
        boolean head = measurement.evaluation().assessments().values().stream()
                .anyMatch(assessment ->
                        assessment instanceof Scored scored && scored.refusal().isPresent());
        return head
                ? "The probability of a refusal is that of the evaluator's own head for refusals."
                : "The probability of a refusal is that of the actions that refuse, as the evaluator has no head of its own: "
                        + Stream.of(ResponseAction.values())
                                .filter(ResponseAction::isRefusal)
                                .map(ResponseAction::shortName)
                                .collect(Collectors.joining(", "))
                        + ".";
    }

    private static KeyFigure unscored(String label, Map<UnscoredReason, Long> reasons) {
        return new KeyFigure(
                label,
                NumberFormats.count(
                        reasons.values().stream().mapToLong(Long::longValue).sum()),
                reasons.entrySet().stream()
                        .map(reason -> NumberFormats.count(reason.getValue()) + " " + reason.getKey())
                        .collect(Collectors.joining(", ")));
    }

    /** Adds the figures of a label of two classes. */
    private static void add(
            List<Block> blocks, String id, String title, String positive, String negative, HarmfulFigures figures) {
        LabelCoverage coverage = figures.coverage();
        if (coverage.labelled() == 0) {
            blocks.add(new Paragraph(title + ": no exchange has this label."));
            return;
        }
        FlaggingFigures scored = figures.scoredOnly();
        long positives = scored.matrix().support(true);
        long negatives = scored.matrix().support(false);
        boolean hasUnscored = !coverage.unscored().isEmpty();
        List<String> columns = new ArrayList<>(List.of("Scored only"));
        if (hasUnscored) {
            columns.addAll(List.of("Unscored as flagged", "Unscored as passed"));
        }
        TableBuilder table = new TableBuilder(
                id,
                NumberFormats.format(
                        "%s: %s labelled, %s scored (%s %s, %s %s)",
                        title,
                        NumberFormats.count(coverage.labelled()),
                        NumberFormats.count(coverage.scored().count()),
                        NumberFormats.count(positives),
                        positive,
                        NumberFormats.count(negatives),
                        negative),
                "",
                columns);
        addRow(table, "Precision", figures, hasUnscored, FlaggingFigures::precision);
        addRow(table, "Recall", figures, hasUnscored, FlaggingFigures::recall);
        addRow(table, "F1", figures, hasUnscored, FlaggingFigures::f1);
        addRow(table, "False alarms", figures, hasUnscored, FlaggingFigures::falsePositiveRate);
        addRow(table, "AUC", hasUnscored, figure(figures.auc()));
        addRow(table, "Calibration error", hasUnscored, Figure.of(figures.calibrationError(), DECIMALS));
        addRow(table, "Log loss", hasUnscored, figure(figures.logLoss()));
        addRow(table, "Brier score", hasUnscored, figure(figures.brier()));
        blocks.add(table.build());
        if (positives == 0 || negatives == 0) {
            blocks.add(
                    new Paragraph(
                            coverage.scored().count() == 0
                                    ? "No labelled exchange was scored, so all figures are undefined."
                                    : "Only one class occurs among the scored exchanges, so figures that need both are undefined."));
        }
        blocks.add(new TableBuilder(id + "-counts", title + ": counts", "Label", "Passed", "Flagged", "Unscored")
                .add(negative, counts(figures, false))
                .add(positive, counts(figures, true))
                .build());
    }

    private static List<Figure> counts(HarmfulFigures figures, boolean label) {
        long scored = figures.scoredOnly().matrix().support(label);
        return List.of(
                Figure.count(figures.scoredOnly().matrix().count(label, false)),
                Figure.count(figures.scoredOnly().matrix().count(label, true)),
                Figure.count(figures.unscoredPassed().matrix().support(label) - scored));
    }

    private static void addRow(
            TableBuilder table,
            String name,
            HarmfulFigures figures,
            boolean hasUnscored,
            Function<FlaggingFigures, Measure> measure) {
        List<Cell> cells = new ArrayList<>(List.of(figure(measure.apply(figures.scoredOnly()))));
        if (hasUnscored) {
            cells.add(figure(measure.apply(figures.unscoredFlagged())));
            cells.add(figure(measure.apply(figures.unscoredPassed())));
        }
        table.add(name, cells);
    }

    private static void addRow(TableBuilder table, String name, boolean hasUnscored, Figure figure) {
        List<Cell> cells = new ArrayList<>(List.of(figure));
        if (hasUnscored) {
            cells.addAll(List.of(new Report.Text(""), new Report.Text("")));
        }
        table.add(name, cells);
    }

    private static Figure figure(Measure measure) {
        boolean hasInterval = !Double.isNaN(measure.interval().lower());
        return new Figure(measure.value(), DECIMALS, hasInterval ? Optional.of(measure.interval()) : Optional.empty());
    }

    private static <L> Section classes(String id, String title, ClassFigures<L> figures, Function<L, String> name) {
        LabelCoverage coverage = figures.coverage();
        List<Block> blocks = new ArrayList<>();
        List<KeyFigure> keyFigures = new ArrayList<>();
        keyFigures.add(new KeyFigure("Labelled", NumberFormats.count(coverage.labelled()), ""));
        keyFigures.add(unscored("Unscored", coverage.unscored()));
        blocks.add(new KeyFigures(keyFigures));
        TableBuilder scores = new TableBuilder(id + "-scores", title + ": scores", "", "Value")
                .add("Accuracy", figure(figures.accuracy()));
        if (!coverage.unscored().isEmpty()) {
            scores.add("Accuracy, unscored as wrong", figure(figures.accuracyUnscoredWrong()));
        }
        blocks.add(scores.add("Macro F1", figure(figures.macroF1())).build());
        TableBuilder table =
                new TableBuilder(id + "-classes", title + ": classes", title, "Labelled", "Precision", "Recall", "F1");
        figures.report()
                .classes()
                .forEach((label, classScores) -> table.add(
                        name.apply(label),
                        Figure.count(classScores.support()),
                        Figure.of(classScores.precision(), DECIMALS),
                        Figure.of(classScores.recall(), DECIMALS),
                        Figure.of(classScores.f1(), DECIMALS)));
        blocks.add(table.build());
        return new Section(id, title, blocks);
    }

    private static List<Block> bySource(Measurement measurement, String by) {
        SortedMap<String, HarmfulFigures> harmful = new TreeMap<>();
        measurement.evaluation().bySource().forEach((source, figures) -> harmful.put(source, figures.harmful()));
        List<Block> blocks = new ArrayList<>();
        if (harmful.isEmpty()) {
            blocks.add(new Paragraph("No exchange has the field " + by + "."));
            return blocks;
        }
        blocks.addAll(tables("harmful-by-source", "Harmful responses by " + by, by, "Harmful", harmful));
        if (measurement.refusal() != null) {
            blocks.addAll(tables(
                    "refusal-by-source",
                    "Refusals by " + by,
                    by,
                    "Refusals",
                    measurement.refusal().bySource()));
        }
        if (measurement.evaluation().withoutSource() > 0) {
            blocks.add(new Paragraph("Exchanges without the field " + by + ": "
                    + NumberFormats.count(measurement.evaluation().withoutSource()) + "."));
        }
        return blocks;
    }

    /** Returns two tables of the scored exchanges, each narrow enough for a terminal. */
    private static List<Table> tables(
            String id, String caption, String by, String positive, SortedMap<String, HarmfulFigures> figures) {
        TableBuilder counts =
                new TableBuilder(id + "-counts", caption + ": counts", by, "Labelled", positive, "Unscored");
        TableBuilder flagging =
                new TableBuilder(id + "-flagging", caption + ": what is flagged", by, "Precision", "Recall", "F1");
        TableBuilder ranking = new TableBuilder(
                id + "-ranking",
                caption + ": false alarms and probabilities",
                by,
                "False alarms",
                "AUC",
                "Calibration error");
        figures.forEach((source, each) -> {
            LabelCoverage coverage = each.coverage();
            FlaggingFigures scored = each.scoredOnly();
            counts.add(
                    source,
                    Figure.count(coverage.labelled()),
                    Figure.count(each.unscoredPassed().matrix().support(true)),
                    Figure.count(coverage.labelled() - coverage.scored().count()));
            flagging.add(source, figure(scored.precision()), figure(scored.recall()), figure(scored.f1()));
            ranking.add(
                    source,
                    figure(scored.falsePositiveRate()),
                    figure(each.auc()),
                    Figure.of(each.calibrationError(), DECIMALS));
        });
        return List.of(counts.build(), flagging.build(), ranking.build());
    }

    private static String trimmed(double value) {
        return NumberFormats.format("%.4f", value).replaceAll("\\.?0+$", "");
    }
}
