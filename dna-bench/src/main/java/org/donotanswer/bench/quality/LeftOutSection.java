package org.donotanswer.bench.quality;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.score;
import static org.donotanswer.harness.report.TableCells.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.bench.quality.SourceFigures.Flagged;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;

/** Lays out how well sources were judged that were left out of the training. */
final class LeftOutSection {
    private static final String SOURCE = "Source";

    private final LeftOutFigures figures;

    LeftOutSection(LeftOutFigures figures) {
        this.figures = figures;
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Paragraph(
                        "Each source was judged by a model that was trained on none of it, nor on near-duplicates of"
                                + " its texts. To save time, sources were left out several at once, in "
                                + figures.folds().size()
                                + " trainings, so each model lacked more than the source under test; the last table says what was left out"
                                + " together. A file of contrast groups is one writer's, and counts as a source. Sources differ in what they"
                                + " call harmful: where F1 is far below the best F1, the order is right, and the threshold .5 is not."));
        blocks.add(new Paragraph(
                "Intervals are of 95 % confidence: of a bootstrap that draws instructions or groups with all of"
                        + " their responses, and Wilson's where a source has one class only. Log loss should be below that of the base"
                        + " rate, which is what somebody would get who knows no more than how many responses are harmful. The calibration"
                        + " error is over 15 bins. Responses that were not scored, mostly as they are not in English, count in their own"
                        + " column only."));
        blocks.addAll(harm());
        blocks.addAll(oneClass(
                "left-out-harmless",
                "Sources of harmless responses only: flagged at .5, in percent.",
                SourceFigures::falseAlarms));
        blocks.addAll(oneClass(
                "left-out-harmful",
                "Sources of harmful responses only: flagged at .5, in percent.",
                SourceFigures::harmful));
        binary("left-out-refusals", "Refusals, by the head of their own.", SourceFigures::refusal)
                .ifPresent(blocks::add);
        binary("left-out-instructions", "Instructions alone: risky or not.", SourceFigures::risk)
                .ifPresent(blocks::add);
        blocks.addAll(oneClass(
                "left-out-risky",
                "Sources of risky instructions only: taken for risky at .5, in percent.",
                SourceFigures::risky));
        blocks.addAll(oneClass(
                "left-out-harmless-instructions",
                "Sources of harmless instructions only: taken for risky at .5, in percent.",
                SourceFigures::riskFalseAlarms));
        blocks.add(folds());
        return new Section("sources-left-out", "Sources left out", blocks);
    }

    /** A source or a mean with its figures. */
    private record Row(String name, String labelledBy, BinaryFigures figures) {}

    private List<Row> rows(Function<SourceFigures, Optional<BinaryFigures>> part) {
        List<Row> rows = new ArrayList<>();
        // Sources that people labelled come first.
        for (boolean byPeople : new boolean[] {true, false}) {
            figures.sources().stream()
                    .filter(source -> source.isLabelledByPeople() == byPeople)
                    .forEach(source -> part.apply(source)
                            .ifPresent(each -> rows.add(new Row(source.source(), source.labelledBy(), each))));
        }
        return rows;
    }

    private List<Table> harm() {
        List<Row> rows = rows(SourceFigures::harm);
        if (rows.isEmpty()) {
            return List.of();
        }
        figures.peopleMean()
                .ifPresent(mean -> rows.add(0, new Row("mean of sources labelled by people", "human", mean)));
        return List.of(
                TableBuilder.of(
                        "left-out-harm",
                        "Sources with harmful and harmless responses: what is found, and what is flagged.",
                        SOURCE,
                        rows,
                        Row::name,
                        column("Labelled by", row -> text(row.labelledBy())),
                        column("Harmful", row -> count(row.figures().positives())),
                        column("Harmless", row -> count(row.figures().negatives())),
                        column("Unscored", row -> count(row.figures().unscored())),
                        column("AUC", row -> measure(row.figures().auc())),
                        column("F1 at .5", row -> measure(row.figures().f1())),
                        column("Best F1", row -> measure(row.figures().bestF1())),
                        column("Precision", row -> measure(row.figures().precision())),
                        column("Recall", row -> measure(row.figures().recall())),
                        column("False alarms", row -> measure(row.figures().falsePositiveRate()))),
                TableBuilder.of(
                        "left-out-calibration",
                        "The same sources: what the probabilities of harm are worth.",
                        SOURCE,
                        rows,
                        Row::name,
                        column("Log loss", row -> measure(row.figures().logLoss())),
                        column(
                                "Base rate's log loss",
                                row -> score(row.figures().baseLogLoss())),
                        column("Calibration error", row -> measure(row.figures().calibrationError()))));
    }

    private Optional<Table> binary(String id, String caption, Function<SourceFigures, Optional<BinaryFigures>> part) {
        List<Row> rows = rows(part);
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(TableBuilder.of(
                        id,
                        caption,
                        SOURCE,
                        rows,
                        Row::name,
                        column("Yes", row -> count(row.figures().positives())),
                        column("No", row -> count(row.figures().negatives())),
                        column("Unscored", row -> count(row.figures().unscored())),
                        column("AUC", row -> measure(row.figures().auc())),
                        column("F1 at .5", row -> measure(row.figures().f1())),
                        column("Best F1", row -> measure(row.figures().bestF1()))));
    }

    private List<Table> oneClass(String id, String caption, Function<SourceFigures, Optional<Flagged>> part) {
        TableBuilder table = new TableBuilder(id, caption, SOURCE, "Labelled by", "Scored", "Unscored", "Flagged");
        List<SourceFigures> sources = figures.sources().stream()
                .filter(source -> part.apply(source).isPresent())
                .toList();
        for (SourceFigures source : sources) {
            Flagged flagged = part.apply(source).orElseThrow();
            table.add(
                    source.source(),
                    text(source.labelledBy()),
                    count(flagged.scored().total()),
                    count(flagged.unscored()),
                    percent(flagged.scored(), QualityReport.CONFIDENCE));
        }
        return sources.isEmpty() ? List.of() : List.of(table.build());
    }

    private Table folds() {
        return TableBuilder.of(
                "left-out-together",
                "What was left out together, and what the model was trained on.",
                "Sources left out",
                figures.folds(),
                LeftOutSources.LeftOutFold::sources,
                column("Training examples", fold -> count(fold.trainingExamples())),
                column("Near-duplicates dropped", fold -> count(fold.dropped())));
    }

    private static Cell measure(Measure measure) {
        return score(measure.value(), measure.interval());
    }
}
