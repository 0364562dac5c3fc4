package org.donotanswer.bench.comparison;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.score;
import static org.donotanswer.harness.report.TableCells.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.donotanswer.bench.quality.BinaryFigures;
import org.donotanswer.bench.quality.EvaluatorQuality;
import org.donotanswer.bench.quality.EvaluatorQuality.ActionScores;
import org.donotanswer.bench.speed.FreshJvmFigures;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.report.TableBuilder.Column;
import org.donotanswer.metrics.Proportion;

/** Lays out evaluators side by side. Pure functions, hence thread-safe. */
final class ComparisonSections {
    private static final String NAMES = "Evaluator";
    private static final double MEGABYTE = 1e6;
    private static final double MEBIBYTES_PER_MEGABYTE = 1.048576;
    /** A cell of a table whose row has no such figure. */
    private static final Cell NOTHING = text("-");

    private ComparisonSections() {}

    static Report report(ComparisonReport comparison) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("in-short", "In short", summaryBlocks(comparison)));
        for (int i = 0; i < comparison.inputs().size(); i++) {
            sections.add(input(comparison, i));
        }
        if (isMeasured(comparison)) {
            sections.add(speed(comparison.evaluators()));
        }
        sections.add(requirements(comparison.evaluators()));
        return new Report(
                "Evaluators side by side",
                "Made by dna compare. The command and the checksums of all data are at the end.",
                sections,
                comparison.provenance());
    }

    private static boolean isMeasured(ComparisonReport comparison) {
        return comparison.evaluators().stream()
                .anyMatch(evaluator -> evaluator.jvm().isPresent());
    }

    private static List<Block> summaryBlocks(ComparisonReport comparison) {
        List<Block> blocks = new ArrayList<>(List.of(summary(comparison)));
        for (int i = 0; i < comparison.inputs().size(); i++) {
            trainedOn(comparison, i).ifPresent(blocks::add);
        }
        return blocks;
    }

    /** Returns a warning about the evaluators that were trained on an input; empty if none was. */
    private static Optional<Block> trainedOn(ComparisonReport comparison, int input) {
        String trained = comparison.evaluators().stream()
                .filter(each -> each.inputs().get(input).trainedOn())
                .map(ComparedEvaluator::name)
                .collect(Collectors.joining(", "));
        return trained.isEmpty()
                ? Optional.empty()
                : Optional.of(new Paragraph(format(
                        "Trained on exchanges of %s: %s. The figures there say nothing of exchanges that were not seen.",
                        comparison.inputs().get(input).name(), trained)));
    }

    private static Table summary(ComparisonReport comparison) {
        List<Column<ComparedEvaluator>> columns = new ArrayList<>();
        for (int i = 0; i < comparison.inputs().size(); i++) {
            int input = i;
            String name = comparison.inputs().get(i).name();
            columns.add(column(name + ": AUC", each -> value(harm(each, input), BinaryFigures::auc)));
            columns.add(column(name + ": F1", each -> value(harm(each, input), BinaryFigures::f1)));
            columns.add(column(
                    name + ": false alarms", each -> value(harm(each, input), BinaryFigures::falsePositiveRate)));
        }
        if (isMeasured(comparison)) {
            columns.add(column("Exchanges a second", jvm(0, jvm -> jvm.speed().perSecond())));
            columns.add(column("p99, ms", jvm(2, jvm -> jvm.speed().p99Micros() / 1e3)));
            columns.add(column("Memory, MB", jvm(0, jvm -> megabytes(jvm.residentMegabytes()))));
        }
        columns.add(column("Download, MB", ComparisonSections::download));
        TableBuilder table = new TableBuilder(
                "summary",
                "What each evaluator is worth, and what it costs.",
                NAMES,
                columns.stream().map(Column::title).toList());
        for (ComparedEvaluator evaluator : comparison.evaluators()) {
            table.add(
                    evaluator.name(),
                    columns.stream().map(each -> each.cell().apply(evaluator)).toList());
        }
        return table.build();
    }

    private static Section input(ComparisonReport comparison, int number) {
        ComparisonInput input = comparison.inputs().get(number);
        List<ComparedEvaluator> evaluators = comparison.evaluators();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(counts(input)));
        trainedOn(comparison, number).ifPresent(blocks::add);
        String id = "input-" + (number + 1);
        blocks.add(TableBuilder.of(
                id + "-harm",
                "Harmful responses.",
                NAMES,
                evaluators,
                ComparedEvaluator::name,
                column("AUC", each -> measure(harm(each, number), BinaryFigures::auc)),
                column("F1 at .5", each -> measure(harm(each, number), BinaryFigures::f1)),
                column("Best F1", each -> measure(harm(each, number), BinaryFigures::bestF1)),
                column("Recall", each -> measure(harm(each, number), BinaryFigures::recall)),
                column("False alarms", each -> measure(harm(each, number), BinaryFigures::falsePositiveRate))));
        blocks.add(further(id, evaluators, number));
        return new Section(id, input.name(), blocks);
    }

    private static Table further(String id, List<ComparedEvaluator> evaluators, int number) {
        return TableBuilder.of(
                id + "-further",
                "Harmless responses to harmless instructions, refusals, actions, and what was not scored or was passed on by the"
                        + " first stage of a cascade.",
                NAMES,
                evaluators,
                ComparedEvaluator::name,
                column(
                        "False alarms, harmless instructions",
                        each -> proportion(quality(each, number).harmlessInstructions())),
                column("Refusals: F1", each -> measure(quality(each, number).refusal(), BinaryFigures::f1)),
                column("Actions: accuracy", each -> action(each, number, ActionScores::accuracy)),
                column("Macro F1", each -> action(each, number, ActionScores::macroF1)),
                column("Unscored", each -> count(quality(each, number).unscored())),
                column(
                        "Passed on, %",
                        each -> each.inputs()
                                .get(number)
                                .passedOn()
                                .map(passed -> percent(passed.value()))
                                .orElse(NOTHING)));
    }

    private static String counts(ComparisonInput input) {
        return format(
                "%,d exchanges, labelled by %s: %,d harmful and %,d harmless responses.",
                input.examples().size(), input.labelledBy(), labelled(input, true), labelled(input, false));
    }

    private static long labelled(ComparisonInput input, boolean harmful) {
        return input.examples().stream()
                .filter(example -> example.harmful().equals(Optional.of(harmful)))
                .count();
    }

    private static Section speed(List<ComparedEvaluator> evaluators) {
        String machine = evaluators.stream()
                .flatMap(each -> each.jvm().stream())
                .map(jvm -> jvm.speed().machine())
                .findFirst()
                .orElseThrow();
        return new Section(
                "speed",
                "Speed and memory",
                List.of(
                        new Paragraph(
                                "Each evaluator in a JVM of its own, called by one thread with one exchange of all inputs at"
                                        + " a time; native libraries compute with one thread. Machine: " + machine
                                        + ". Memory is what the system counts as resident after a garbage collection; \"added\" is"
                                        + " without what the JVM had before it opened the evaluator, \"peak\" is the most at any time."),
                        TableBuilder.of(
                                "speed-figures",
                                "Speed of one thread, the time to open the evaluator in a new JVM, and memory.",
                                NAMES,
                                evaluators,
                                ComparedEvaluator::name,
                                column("Exchanges a second", jvm(0, jvm -> jvm.speed()
                                        .perSecond())),
                                column("p50, ms", jvm(2, jvm -> jvm.speed().p50Micros() / 1e3)),
                                column("p99, ms", jvm(2, jvm -> jvm.speed().p99Micros() / 1e3)),
                                column("Calls", jvm(0, jvm -> jvm.speed().exchanges())),
                                column("Open, ms", jvm(0, FreshJvmFigures::openMillis)),
                                column("Memory, MB", jvm(0, jvm -> megabytes(jvm.residentMegabytes()))),
                                column("Added, MB", jvm(0, jvm -> megabytes(jvm.addedMegabytes()))),
                                column("Peak, MB", jvm(0, jvm -> megabytes(jvm.peakMegabytes()))))));
    }

    private static Section requirements(List<ComparedEvaluator> evaluators) {
        return new Section(
                "requirements",
                "What each needs",
                List.of(TableBuilder.of(
                        "requirements-table",
                        "What a build downloads, jars and model together, and what is needed at run time.",
                        NAMES,
                        evaluators,
                        ComparedEvaluator::name,
                        column("Version", each -> text(each.version())),
                        column("Artifact", each -> text(each.requirements().artifact())),
                        column("Download, MB", ComparisonSections::download),
                        column("Licence", each -> text(each.requirements().licence())),
                        column("Native code", each -> text(each.requirements().nativeCode())),
                        column("Network", each -> text(each.requirements().network())))));
    }

    private static EvaluatorQuality quality(ComparedEvaluator evaluator, int input) {
        return evaluator.inputs().get(input).quality();
    }

    private static Optional<BinaryFigures> harm(ComparedEvaluator evaluator, int input) {
        return quality(evaluator, input).harm();
    }

    private static Cell measure(Optional<BinaryFigures> figures, Function<BinaryFigures, Measure> figure) {
        return figures.map(figure).map(ComparisonSections::cell).orElse(NOTHING);
    }

    /** Returns a figure without its interval. */
    private static Cell value(Optional<BinaryFigures> figures, Function<BinaryFigures, Measure> figure) {
        return figures.map(figure).map(found -> score(found.value())).orElse(NOTHING);
    }

    private static Cell action(ComparedEvaluator evaluator, int input, Function<ActionScores, Measure> figure) {
        return quality(evaluator, input)
                .action()
                .map(figure)
                .map(ComparisonSections::cell)
                .orElse(NOTHING);
    }

    private static Cell cell(Measure measure) {
        return score(measure.value(), measure.interval());
    }

    private static Cell proportion(Optional<Proportion> proportion) {
        return proportion
                .map(found -> score(found.value(), found.interval(ComparisonReport.CONFIDENCE)))
                .orElse(NOTHING);
    }

    private static Function<ComparedEvaluator, Cell> jvm(int decimals, ToDoubleFunction<FreshJvmFigures> figure) {
        return evaluator -> evaluator
                .jvm()
                .map(jvm -> (Cell) Figure.of(figure.applyAsDouble(jvm), decimals))
                .orElse(NOTHING);
    }

    /** Returns a size in units of 2^20 bytes in those of a million. */
    private static double megabytes(double mebibytes) {
        return mebibytes * MEBIBYTES_PER_MEGABYTE;
    }

    private static Cell download(ComparedEvaluator evaluator) {
        return Figure.of(evaluator.requirements().downloadBytes() / MEGABYTE, 1);
    }
}
