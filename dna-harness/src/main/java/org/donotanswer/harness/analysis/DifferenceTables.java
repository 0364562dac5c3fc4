package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.difference;
import static org.donotanswer.harness.report.TableCells.pValue;
import static org.donotanswer.harness.report.TableCells.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;

/** How pairs of evaluators differ. */
final class DifferenceTables {
    private final Analysis analysis;
    private final int resamples;

    DifferenceTables(Analysis analysis) {
        this.analysis = analysis;
        this.resamples = analysis.options().bootstrap().resamples();
    }

    /** Returns the tables that have rows, and a note if some differences are not paired. */
    List<Block> toBlocks() {
        List<Block> blocks = new ArrayList<>();
        Stream.of(actionDifferences(), harmfulDifferences(), classDifferences())
                .filter(table -> !table.rows().isEmpty())
                .forEach(blocks::add);
        if (analysis.differences().stream().anyMatch(DifferenceTables::isUnpaired)) {
            blocks.add(
                    new Paragraph("If the sets of responses that two evaluators labelled differ by more than 1 %, the"
                            + " difference between their scores may be due to the responses: it has neither an interval nor a"
                            + " p-value."));
        }
        return blocks;
    }

    private static boolean isUnpaired(EvaluatorDifference pair) {
        return Stream.of(pair.actionMacroF1(), pair.harmfulMacroF1(), pair.harmfulF1())
                .anyMatch(comparison -> !Double.isNaN(comparison.difference()) && Double.isNaN(comparison.pValue()));
    }

    private static String caption(String what) {
        return "Pairs of evaluators on " + what
                + ", over all LLMs: responses on which only one is right, with McNemar's test, and differences (first less"
                + " second) between scores, with intervals and p-values of the bootstrap. P-values are not adjusted for the"
                + " number of pairs.";
    }

    private List<EvaluatorDifference> bothLabelled(Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        return analysis.differences().stream()
                .filter(pair -> Stream.of(pair.first(), pair.second())
                        .map(name -> analysis.agreement().get(name))
                        .allMatch(agreement -> agreement != null
                                && labels.apply(agreement).pooled().total() > 0))
                .toList();
    }

    private static String name(EvaluatorDifference pair) {
        return pair.first() + ", " + pair.second();
    }

    private Table actionDifferences() {
        return TableBuilder.of(
                "differences-action",
                caption("actions"),
                "Pair",
                bothLabelled(EvaluatorAgreement::action),
                DifferenceTables::name,
                column("Both labelled", pair -> count(pair.bothAction())),
                column("Only first right", pair -> count(pair.action().onlyFirst())),
                column("Only second right", pair -> count(pair.action().onlySecond())),
                column("McNemar p", pair -> pValue(pair.action().pValue())),
                column("Macro F1 difference", pair -> difference(pair.actionMacroF1())),
                column("p", pair -> pValue(pair.actionMacroF1(), resamples)));
    }

    private Table harmfulDifferences() {
        return TableBuilder.of(
                "differences-harmful",
                caption("harm"),
                "Pair",
                bothLabelled(EvaluatorAgreement::harmful),
                DifferenceTables::name,
                column("Both labelled", pair -> count(pair.bothHarmful())),
                column("Only first right", pair -> count(pair.harmful().onlyFirst())),
                column("Only second right", pair -> count(pair.harmful().onlySecond())),
                column("McNemar p", pair -> pValue(pair.harmful().pValue())),
                column("Macro F1 difference", pair -> difference(pair.harmfulMacroF1())),
                column("p", pair -> pValue(pair.harmfulMacroF1(), resamples)),
                column("Harmful F1 difference", pair -> difference(pair.harmfulF1())),
                column("p", pair -> pValue(pair.harmfulF1(), resamples)));
    }

    private Table classDifferences() {
        TableBuilder table = new TableBuilder(
                "class-differences",
                "Differences (first less second) between evaluators' scores of each class, in percentage points: mean and"
                        + " standard deviation over LLMs.",
                "Pair, class",
                List.of("Precision", "±", "Recall", "±", "F1", "±"));
        for (EvaluatorDifference pair : analysis.differences()) {
            if (bothLabelled(EvaluatorAgreement::action).contains(pair)) {
                addClasses(table, pair, EvaluatorAgreement::action, DisplayNames::name);
            }
            if (bothLabelled(EvaluatorAgreement::harmful).contains(pair)) {
                addClasses(table, pair, EvaluatorAgreement::harmful, DisplayNames::name);
            }
        }
        return table.build();
    }

    private <L> void addClasses(
            TableBuilder table,
            EvaluatorDifference pair,
            Function<EvaluatorAgreement, LabelAgreement<L>> labels,
            Function<L, String> name) {
        ClassDifference.of(
                        labels.apply(analysis.agreement(pair.first())), labels.apply(analysis.agreement(pair.second())))
                .forEach((label, difference) -> table.add(
                        name(pair) + ", " + name.apply(label),
                        Stream.of(difference.precision(), difference.recall(), difference.f1())
                                .flatMap(spread -> Stream.of(percent(spread.mean()), percent(spread.deviation())))
                                .toList()));
    }
}
