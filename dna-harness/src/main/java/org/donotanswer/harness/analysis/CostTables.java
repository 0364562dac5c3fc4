package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.text;

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
import org.donotanswer.harness.review.EvaluatorStatistics;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.ReviewStatistics;
import org.donotanswer.harness.run.RunDirectory;

/**
 * One table for each reviewer of the runs: how many responses each of its evaluators reviewed, and at what cost.
 * Stateless, hence thread-safe.
 */
final class CostTables {
    private static final double NANOS_PER_SECOND = 1e9;

    private CostTables() {}

    /** A row of a table. */
    private record Row(String name, EvaluatorStatistics statistics) {
        ResourceUsage usage() {
            return statistics.usage();
        }
    }

    /**
     * Returns the tables of the reviewers that have statistics.
     *
     * @throws IOException if statistics cannot be read
     */
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
        List<Row> rows = new ArrayList<>();
        byLlm.forEach((llm, statistics) -> addRows(rows, llm.name(), statistics));
        if (byLlm.size() > 1) {
            total(byLlm.values()).ifPresent(total -> addRows(rows, "All", total));
        }
        return TableBuilder.of(
                id,
                "Responses reviewed by " + name + ", by the evaluator that they went to, with time and cost"
                        + interruptions(byLlm.values()) + ".",
                "LLM, evaluator",
                rows,
                Row::name,
                column("Arrived", row -> count(row.statistics().arrived())),
                column("Decided", row -> count(row.statistics().decided())),
                column("Passed on", row -> count(row.statistics().passedOn())),
                column("Unscored", row -> count(row.statistics().unscored())),
                column("Seconds", row -> Figure.of(row.statistics().nanos() / NANOS_PER_SECOND, 1)),
                column("Requests", row -> count(row.usage().requests())),
                column("From the cache", row -> count(row.usage().cacheHits())),
                column("Tokens in", row -> count(row.usage().tokens().input())),
                column("Tokens out", row -> count(row.usage().tokens().output())),
                column("Cost", row -> cost(row.usage())));
    }

    private static void addRows(List<Row> rows, String llm, ReviewStatistics statistics) {
        statistics.stages().forEach(stage -> rows.add(new Row(llm + ", " + stage.evaluator(), stage)));
    }

    /** Returns the caption's note on batches whose cost was lost because the process was killed. */
    static String interruptions(Collection<ReviewStatistics> all) {
        long batches = all.stream().mapToLong(ReviewStatistics::cutOff).sum();
        if (batches == 0) {
            return "";
        }
        return ", without " + (batches == 1 ? "1 interrupted batch" : batches + " interrupted batches")
                + ", whose time and cost are not known";
    }

    private static Cell cost(ResourceUsage usage) {
        return usage.cost()
                .map(cost -> text(DisplayNames.money(cost.amount()) + " " + cost.currency()))
                .orElse(text(usage.requests() == 0 ? "0" : "price not given"));
    }

    /** Returns the sum over LLMs; empty if their evaluators or currencies differ. */
    private static Optional<ReviewStatistics> total(Collection<ReviewStatistics> all) {
        long cascades = all.stream()
                .map(statistics -> statistics.stages().stream()
                        .map(EvaluatorStatistics::evaluator)
                        .toList())
                .distinct()
                .count();
        long currencies = all.stream()
                .flatMap(statistics -> statistics.stages().stream())
                .flatMap(stage -> stage.usage().cost().stream())
                .map(EvaluatorStatistics.Cost::currency)
                .distinct()
                .count();
        return cascades == 1 && currencies <= 1 ? all.stream().reduce(ReviewStatistics::plus) : Optional.empty();
    }
}
