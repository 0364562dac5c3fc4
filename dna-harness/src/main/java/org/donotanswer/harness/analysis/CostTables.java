package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.report.TableCells;
import org.donotanswer.harness.review.EvaluatorStatistics;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.ReviewStatistics;
import org.donotanswer.harness.run.RunDirectory;

/** How many answers went to which evaluator, and what that cost: a table for each reviewer of some runs. */
final class CostTables {
    private static final double NANOS = 1e9;

    private CostTables() {}

    /** Returns the tables of the reviewers whose statistics are there. */
    static List<Table> of(Collection<RunDirectory> runs) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (RunDirectory run : runs) {
            names.addAll(run.reviewers().keySet());
        }
        Map<String, String> slugs = DisplayNames.slugs(names);
        List<Table> tables = new ArrayList<>();
        for (String name : names) {
            Map<Llm, ReviewStatistics> byLlm = new LinkedHashMap<>();
            for (RunDirectory run : runs) {
                ReviewStatistics.read(run, name)
                        .ifPresent(found -> byLlm.put(run.manifest().llm(), found));
            }
            if (!byLlm.isEmpty()) {
                tables.add(table("cost-" + slugs.get(name), name, byLlm));
            }
        }
        return tables;
    }

    private static Table table(String id, String name, Map<Llm, ReviewStatistics> byLlm) {
        TableBuilder table = new TableBuilder(
                id,
                "Answers that " + name + " judged, by the evaluator that they went to, and what it took" + cutOff(byLlm)
                        + ".",
                "LLM, evaluator",
                "Arrived",
                "Decided",
                "Passed on",
                "Unscored",
                "Seconds",
                "Requests",
                "From the cache",
                "Tokens in",
                "Tokens out",
                "Cost");
        byLlm.forEach((llm, statistics) ->
                statistics.stages().forEach(stage -> table.add(llm + ", " + stage.evaluator(), cells(stage))));
        if (byLlm.size() > 1) {
            total(byLlm.values()).ifPresent(total -> total.stages()
                    .forEach(stage -> table.add("All, " + stage.evaluator(), cells(stage))));
        }
        return table.build();
    }

    /** What a batch took in whose midst the process was killed is in no sum. */
    private static String cutOff(Map<Llm, ReviewStatistics> byLlm) {
        long batches =
                byLlm.values().stream().mapToLong(ReviewStatistics::cutOff).sum();
        return batches == 0 ? "" : ", but for " + batches + " batches that were cut off, of which that is not known";
    }

    private static List<Cell> cells(EvaluatorStatistics stage) {
        ResourceUsage spent = stage.usage();
        return List.of(
                TableCells.count(stage.arrived()),
                TableCells.count(stage.decided()),
                TableCells.count(stage.passedOn()),
                TableCells.count(stage.unscored()),
                Figure.of(stage.nanos() / NANOS, 1),
                TableCells.count(spent.requests()),
                TableCells.count(spent.cacheHits()),
                TableCells.count(spent.tokens().input()),
                TableCells.count(spent.tokens().output()),
                cost(spent));
    }

    /** Returns nothing where nothing was asked, and says so where a price is not known. */
    private static Cell cost(ResourceUsage spent) {
        return spent.cost()
                .map(cost -> TableCells.text(DisplayNames.money(cost.amount()) + " " + cost.currency()))
                .orElse(TableCells.text(spent.requests() == 0 ? "0" : "price not given"));
    }

    /** Returns the sum, if all are of the same evaluators, and their costs in one currency. */
    private static Optional<ReviewStatistics> total(Collection<ReviewStatistics> all) {
        boolean same = all.stream()
                                .map(statistics -> statistics.stages().stream()
                                        .map(EvaluatorStatistics::evaluator)
                                        .toList())
                                .distinct()
                                .count()
                        == 1
                && all.stream()
                                .flatMap(statistics -> statistics.stages().stream())
                                .flatMap(stage -> stage.usage().cost().stream())
                                .map(EvaluatorStatistics.Cost::currency)
                                .distinct()
                                .count()
                        <= 1;
        return same ? all.stream().reduce(ReviewStatistics::plus) : Optional.empty();
    }
}
