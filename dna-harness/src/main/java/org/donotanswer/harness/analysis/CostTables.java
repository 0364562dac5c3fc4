package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.classifier.judge.TokenPrices;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.review.EvaluatorStatistics;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.ReviewStatistics;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;

/**
 * One table for each reviewer of the runs: how many responses each of its evaluators reviewed, and at what cost; and one on what it
 * cost to collect the responses. Costs are those recorded, or follow from prices that are given for the report. Not thread-safe.
 */
final class CostTables {
    private static final double NANOS_PER_SECOND = 1e9;
    /** The name of an LLM judge ends in that of its rubric. */
    private static final Pattern RUBRIC = Pattern.compile(" \\(rubric [^()]*\\)$");

    private final Collection<RunDirectory> runs;
    private final Map<String, TokenPrices> prices;
    private final Set<String> priced = new TreeSet<>();
    private final Set<String> names = new TreeSet<>();

    /**
     * Creates tables of runs.
     *
     * @param prices what endpoints charge, by the name of the evaluator, of the judge's model, or of the LLM that responded
     */
    CostTables(Collection<RunDirectory> runs, Map<String, TokenPrices> prices) {
        this.runs = runs;
        this.prices = prices;
    }

    /** A row of a table. */
    private record Row(String name, EvaluatorStatistics statistics) {
        ResourceUsage usage() {
            return statistics.usage();
        }
    }

    /**
     * Returns the tables.
     *
     * @throws IOException if statistics or responses cannot be read, or a price is that of nothing that used tokens
     */
    List<Table> toTables() throws IOException {
        TreeSet<String> reviewers = new TreeSet<>();
        for (RunDirectory run : runs) {
            reviewers.addAll(run.reviewers().keySet());
        }
        Map<String, String> slugs = DisplayNames.slugs(reviewers);
        List<Table> tables = new ArrayList<>();
        for (String name : reviewers) {
            Map<Llm, ReviewStatistics> byLlm = new LinkedHashMap<>();
            for (RunDirectory run : runs) {
                ReviewStatistics.read(run, name)
                        .ifPresent(found -> byLlm.put(run.manifest().llm(), priced(found)));
            }
            if (!byLlm.isEmpty()) {
                tables.add(table("cost-" + slugs.get(name), name, byLlm));
            }
        }
        List<Collected> collected = collected();
        if (!collected.isEmpty()) {
            tables.add(collecting(collected));
        }
        for (String name : prices.keySet()) {
            if (!priced.contains(name)) {
                throw new IOException("price must be that of one of " + names + ", but was that of " + name);
            }
        }
        return tables;
    }

    private ReviewStatistics priced(ReviewStatistics statistics) {
        return new ReviewStatistics(
                statistics.reviewed(),
                statistics.begun(),
                statistics.ended(),
                statistics.stages().stream().map(this::priced).toList());
    }

    private EvaluatorStatistics priced(EvaluatorStatistics stage) {
        if (stage.usage().requests() + stage.usage().cacheHits() == 0) {
            return stage;
        }
        return prices(stage.evaluator(), RUBRIC.matcher(stage.evaluator()).replaceFirst(""))
                .map(stage::pricedAt)
                .orElse(stage);
    }

    /** Returns the prices given for something that has one of some names. */
    private Optional<TokenPrices> prices(String... known) {
        names.addAll(Arrays.asList(known));
        for (String name : known) {
            TokenPrices found = prices.get(name);
            if (found != null) {
                priced.add(name);
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** What it took to collect the responses of an LLM. */
    private record Collected(Llm llm, long responses, TokenUsage tokens, Optional<TokenPrices> prices) {}

    /** Returns the LLMs whose endpoint counted tokens. */
    private List<Collected> collected() throws IOException {
        List<Collected> collected = new ArrayList<>();
        for (RunDirectory run : runs) {
            TokenUsage tokens = TokenUsage.NONE;
            try (RunReader<CollectedResponse> responses = run.readResponses()) {
                for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
                    tokens = tokens.plus(response.usage());
                }
                if (!tokens.equals(TokenUsage.NONE)) {
                    Llm llm = run.manifest().llm();
                    collected.add(new Collected(llm, responses.ids().size(), tokens, prices(llm.name())));
                }
            }
        }
        return collected;
    }

    private static Table collecting(List<Collected> collected) {
        return TableBuilder.of(
                "collecting-cost",
                "Tokens of the collected responses, and their cost.",
                "LLM",
                collected,
                each -> each.llm().name(),
                column("Responses", each -> count(each.responses())),
                column("Tokens in", each -> count(each.tokens().input())),
                column("Tokens out", each -> count(each.tokens().output())),
                column(
                        "Cost",
                        each -> text(each.prices()
                                .map(known -> amount(known.cost(each.tokens()), known.currency()))
                                .orElse("price not given"))));
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
                .map(cost -> text(amount(cost.amount(), cost.currency())))
                .orElse(text(usage.requests() == 0 ? "0" : "price not given"));
    }

    private static String amount(double amount, String currency) {
        return DisplayNames.money(amount) + " " + currency;
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
