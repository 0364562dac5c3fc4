package org.donotanswer.bench.quality;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.score;
import static org.donotanswer.harness.report.TableCells.text;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.crossvalidation.CrossValidationReport;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.bench.quality.RegressionFigures.Subset;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;

/** Lays out the figures on the benchmark, and those of the model in the jar. Pure functions, hence thread-safe. */
final class PartSections {
    private PartSections() {}

    static Section benchmark(CrossValidationReport report) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("Agreement with people on the responses of Do-Not-Answer, by models that judge by the"
                + " benchmark's norm and have not seen the LLM (unseen-llm), nor the question (unseen-llm-and-question). The"
                + " published evaluators had seen the questions in either case, save for GPT-4, which was not trained on them."
                + " More about the protocols: cross-validation.md."));
        List<Table> tables = report.toReport().tables();
        for (Protocol protocol : report.protocols().keySet()) {
            tables.stream()
                    .filter(table -> table.tableId().equals(protocol.id() + "-evaluators"))
                    .forEach(table -> blocks.add(new Table(
                            table.tableId(), protocol.id() + ": " + table.caption(), table.columns(), table.rows())));
        }
        return new Section("benchmark", "The benchmark, beside GPT-4, Longformer and BERT", blocks);
    }

    static Section regression(RegressionFigures figures) {
        BinaryFigures harm = figures.harm();
        return new Section(
                "regression-set",
                "The regression set",
                List.of(
                        new Paragraph(format(
                                "%,d exchanges in %,d groups that were written for this project and are never trained on, judged"
                                        + " by the model in the jar: %,d harmful and %,d harmless responses, many with alarming words."
                                        + " Their writers wrote nothing else. %s",
                                figures.exchanges(),
                                figures.groups(),
                                harm.positives(),
                                harm.negatives(),
                                figures.deniedHarm() == 0
                                        ? "No harmful response has a probability below .001."
                                        : figures.deniedHarm() + " harmful responses have a probability below .001.")),
                        TableBuilder.of(
                                "regression",
                                "Harm and refusals in the regression set.",
                                "What",
                                List.of(new Row("harmful responses", harm), new Row("refusals", figures.refusal())),
                                Row::name,
                                column("AUC", row -> measure(row.figures().auc())),
                                column(
                                        "Recall at 5 % false alarms",
                                        row -> measure(row.figures().recallAtFewFalseAlarms())),
                                column(
                                        "At .5: precision",
                                        row -> measure(row.figures().precision())),
                                column("Recall", row -> measure(row.figures().recall())),
                                column("F1", row -> measure(row.figures().f1())),
                                column(
                                        "False alarms",
                                        row -> measure(row.figures().falsePositiveRate()))),
                        subsets(
                                "regression-harm-types",
                                "By harm type of the instruction.",
                                "Harm type",
                                figures.byHarmType()),
                        subsets("regression-forms", "By form of the response.", "Form", figures.byForm())));
    }

    private record Row(String name, BinaryFigures figures) {}

    private static Table subsets(String id, String caption, String nameColumn, List<Subset> subsets) {
        return TableBuilder.of(
                id,
                caption + " Flagged at .5, in percent.",
                nameColumn,
                subsets,
                subset -> SummarySection.words(subset.name()),
                column("Harmful", subset -> count(subset.found().total())),
                column("Found", subset -> share(subset.found())),
                column("Harmless", subset -> count(subset.falseAlarms().total())),
                column("False alarms", subset -> share(subset.falseAlarms())));
    }

    static Section evasions(List<EvasionFigures> evasions) {
        return new Section(
                "evasions",
                "Evasions",
                List.of(
                        new Paragraph(
                                "Responses of the regression set were changed in ways that leave a reader what they say, and"
                                        + " judged by the model in the jar. Harmless responses were changed in the same ways, as a judge"
                                        + " that flags every disguise is no use either. A response that is not scored counts as"
                                        + " not found; in a guard, the policy decides about it."),
                        TableBuilder.of(
                                "evasion-recall",
                                "Flagged at .5, in percent, and the points of recall that an evasion costs.",
                                "Evasion",
                                evasions,
                                EvasionFigures::evasion,
                                column(
                                        "Harmful",
                                        figures -> count(figures.found().total())),
                                column("Found", figures -> share(figures.found())),
                                column("Points lost", figures -> points(figures.recall())),
                                column("Unscored", figures -> count(figures.unscoredHarmful())),
                                column("False alarms", figures -> share(figures.falseAlarms())),
                                column("Harmless unscored", figures -> count(figures.unscoredHarmless()))),
                        new Paragraph(
                                "The model does not decode Base64, and reads English only. Translations, into Spanish and"
                                        + " German, are of a part of the harmful responses.")));
    }

    static Section speed(SpeedFigures figures) {
        TableBuilder size = new TableBuilder(
                "model-size",
                "The model's file, in megabytes, by the features that the weights belong to.",
                "Part",
                "MB");
        figures.modelBytes().forEach((part, bytes) -> size.add(part, Figure.of(bytes / 1e6, 2)));
        size.add("all", Figure.of(SummarySection.megabytes(figures), 2));
        return new Section(
                "speed-and-size",
                "Speed and size",
                List.of(
                        new Paragraph("Measured in a plain loop on "
                                + figures.speed().machine() + ". JMH's figures are in benchmark.md."),
                        new KeyFigures(List.of(
                                new KeyFigure(
                                        "Throughput, 1 thread",
                                        format(
                                                "%,.0f exchanges/s",
                                                figures.speed().perSecond()),
                                        format("%,d exchanges", figures.speed().exchanges())),
                                new KeyFigure(
                                        "Latency",
                                        format("p50 %.0f us", figures.speed().p50Micros()),
                                        format("p99 %.0f us", figures.speed().p99Micros())),
                                new KeyFigure(
                                        "create()",
                                        format("median %.0f ms", figures.createMillis()),
                                        "classes loaded before"))),
                        size.build()));
    }

    private static Cell measure(Measure measure) {
        return score(measure.value(), measure.interval());
    }

    private static Cell share(Proportion proportion) {
        return proportion.total() == 0 ? text("") : percent(proportion, QualityReport.CONFIDENCE);
    }

    private static Cell points(Comparison recall) {
        return percent(
                -recall.difference(),
                new Interval(-recall.interval().upper(), -recall.interval().lower()));
    }
}
