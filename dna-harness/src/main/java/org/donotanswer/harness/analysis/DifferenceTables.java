package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableCells.count;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.report.TableCells;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.McNemar;

/** How evaluators differ, two by two. */
final class DifferenceTables {
    private final Analysis analysis;

    DifferenceTables(Analysis analysis) {
        this.analysis = analysis;
    }

    /** Returns the tables that have rows, and a note if some rows are not of pairs. */
    List<Block> toBlocks() {
        List<Block> blocks = new ArrayList<>();
        Stream.of(actionDifferences(), harmfulDifferences(), classDifferences())
                .filter(table -> !table.rows().isEmpty())
                .forEach(blocks::add);
        if (analysis.differences().stream().anyMatch(this::isUnpaired)) {
            blocks.add(
                    new Paragraph("Where two evaluators labelled answers that differ by more than 1 %, the difference"
                            + " between their scores may come of the answers: it has neither interval nor p-value."));
        }
        return blocks;
    }

    private boolean isUnpaired(EvaluatorDifference pair) {
        return Stream.of(pair.actionMacroF1(), pair.harmfulMacroF1(), pair.harmfulF1())
                .anyMatch(comparison -> !Double.isNaN(comparison.difference()) && Double.isNaN(comparison.pValue()));
    }

    private static String caption(String what) {
        return "Evaluators two by two on " + what
                + ", over all LLMs: answers on which one alone is right, with McNemar's"
                + " test, and differences (first less second) between scores, with intervals and p-values of the bootstrap."
                + " P-values are not adjusted for the number of pairs.";
    }

    private Table actionDifferences() {
        TableBuilder table = new TableBuilder(
                "differences-action",
                caption("actions"),
                "Pair",
                "Both labelled",
                "First alone right",
                "Second alone right",
                "McNemar p",
                "Macro F1 difference",
                "p");
        for (EvaluatorDifference pair : analysis.differences()) {
            if (bothLabelled(pair, EvaluatorAgreement::action)) {
                List<Cell> cells = new ArrayList<>(List.of(count(pair.bothAction())));
                cells.addAll(cells(pair.action()));
                cells.addAll(cells(pair.actionMacroF1()));
                table.add(pair.first() + ", " + pair.second(), cells);
            }
        }
        return table.build();
    }

    private Table harmfulDifferences() {
        TableBuilder table = new TableBuilder(
                "differences-harmful",
                caption("harm"),
                "Pair",
                "Both labelled",
                "First alone right",
                "Second alone right",
                "McNemar p",
                "Macro F1 difference",
                "p",
                "Harmful F1 difference",
                "p");
        for (EvaluatorDifference pair : analysis.differences()) {
            if (bothLabelled(pair, EvaluatorAgreement::harmful)) {
                List<Cell> cells = new ArrayList<>(List.of(count(pair.bothHarmful())));
                cells.addAll(cells(pair.harmful()));
                cells.addAll(cells(pair.harmfulMacroF1()));
                cells.addAll(cells(pair.harmfulF1()));
                table.add(pair.first() + ", " + pair.second(), cells);
            }
        }
        return table.build();
    }

    private boolean bothLabelled(EvaluatorDifference pair, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        return Stream.of(pair.first(), pair.second())
                .map(name -> analysis.agreement().get(name))
                .allMatch(agreement ->
                        agreement != null && labels.apply(agreement).pooled().total() > 0);
    }

    private static List<Cell> cells(McNemar test) {
        return List.of(count(test.onlyFirst()), count(test.onlySecond()), TableCells.pValue(test.pValue()));
    }

    private List<Cell> cells(Comparison comparison) {
        return List.of(
                TableCells.difference(comparison),
                TableCells.pValue(comparison, analysis.options().bootstrap().resamples()));
    }

    private Table classDifferences() {
        TableBuilder table = new TableBuilder(
                "class-differences",
                "Differences (first less second) between evaluators' scores of each class, in percentage points: mean and"
                        + " standard deviation over LLMs.",
                "Pair, class",
                "Precision",
                "±",
                "Recall",
                "±",
                "F1",
                "±");
        for (EvaluatorDifference pair : analysis.differences()) {
            EvaluatorAgreement first = analysis.agreement().get(pair.first());
            EvaluatorAgreement second = analysis.agreement().get(pair.second());
            if (first != null && second != null) {
                String names = pair.first() + ", " + pair.second() + ", ";
                if (bothLabelled(pair, EvaluatorAgreement::action)) {
                    ClassDifference.of(first.action(), second.action())
                            .forEach((action, difference) ->
                                    table.add(names + DisplayNames.name(action), cells(difference)));
                }
                if (bothLabelled(pair, EvaluatorAgreement::harmful)) {
                    ClassDifference.of(first.harmful(), second.harmful())
                            .forEach((harmful, difference) ->
                                    table.add(names + DisplayNames.name(harmful), cells(difference)));
                }
            }
        }
        return table.build();
    }

    private static List<Cell> cells(ClassDifference difference) {
        List<Cell> cells = new ArrayList<>();
        for (ClassDifference.Spread spread : List.of(difference.precision(), difference.recall(), difference.f1())) {
            cells.add(TableCells.percent(spread.mean()));
            cells.add(TableCells.percent(spread.deviation()));
        }
        return cells;
    }
}
