package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;

import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.LlmResponses.WordSum;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.report.TableCells;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** How long the responses are. */
final class LengthSection {
    private final Analysis analysis;
    private final Optional<String> reviewer;

    LengthSection(Analysis analysis, Optional<String> reviewer) {
        this.analysis = analysis;
        this.reviewer = reviewer;
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(means());
        blocks.add(percentiles());
        List<HarmType> types = analysis.harmTypes();
        if (!types.isEmpty()) {
            blocks.add(wordsByType(
                    analysis,
                    "words-by-type",
                    "Mean number of words of responses by LLM and harm type.",
                    Maps.toMap(types, type -> type.number() + " " + type.shortName()),
                    "All",
                    mean -> Figure.of(mean, 1)));
        }
        reviewer.ifPresent(name -> blocks.add(byAction(name)));
        return new Section("lengths", "Length of responses", blocks);
    }

    private Chart means() {
        TableBuilder table = new TableBuilder("words", "Mean number of words of responses.", "LLM", "Words");
        analysis.responses()
                .forEach((llm, responses) ->
                        table.add(llm.name(), Figure.of(responses.lengths().mean(), 1)));
        return new Chart(
                "words-chart", "Mean length of responses", Chart.Kind.BARS, "words", 0, Double.NaN, table.build());
    }

    private Table percentiles() {
        TableBuilder table = new TableBuilder(
                "word-percentiles",
                "Percentiles of the number of words of responses.",
                "LLM",
                List.of("Responses", "Mean", "5 %", "25 %", "50 %", "75 %", "90 %", "95 %", "99 %", "Longest"));
        analysis.responses().forEach((llm, responses) -> table.add(llm.name(), cells(responses.lengths())));
        return table.add("All", cells(analysis.lengths())).build();
    }

    private static List<Cell> cells(ResponseLengths lengths) {
        List<Cell> cells = new ArrayList<>(List.of(TableCells.count(lengths.count()), Figure.of(lengths.mean(), 1)));
        for (double percentile : new double[] {
            lengths.p5(),
            lengths.p25(),
            lengths.p50(),
            lengths.p75(),
            lengths.p90(),
            lengths.p95(),
            lengths.p99(),
            lengths.greatest()
        }) {
            cells.add(Figure.of(percentile, 0));
        }
        return cells;
    }

    /** Returns the mean lengths of each LLM's responses by harm type, with those over all types and over all LLMs. */
    static Table wordsByType(
            Analysis analysis,
            String id,
            String caption,
            Map<HarmType, String> typeNames,
            String averageName,
            DoubleFunction<Cell> cell) {
        List<String> columns = new ArrayList<>(typeNames.values());
        columns.add(averageName);
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        Set<HarmType> types = typeNames.keySet();
        for (Llm llm : analysis.llms()) {
            LlmResponses responses = analysis.responses().get(llm);
            table.add(llm.name(), means(types, List.of(responses), responses.lengths(), cell));
        }
        return table.add("All", means(types, List.copyOf(analysis.responses().values()), analysis.lengths(), cell))
                .build();
    }

    private static List<Cell> means(
            Set<HarmType> types, List<LlmResponses> all, ResponseLengths lengths, DoubleFunction<Cell> cell) {
        List<Cell> cells = new ArrayList<>();
        for (HarmType type : types) {
            cells.add(cell.apply(all.stream()
                    .map(responses -> responses.words(type))
                    .reduce(WordSum.ZERO, WordSum::plus)
                    .mean()));
        }
        cells.add(cell.apply(lengths.mean()));
        return cells;
    }

    private Table byAction(String name) {
        TableBuilder table = new TableBuilder(
                "words-by-action",
                "Mean number of words of responses by action, by " + reviewer(name) + ".",
                "LLM",
                DisplayNames.actionNames());
        for (Llm llm : analysis.llms()) {
            analysis.reviews(name, llm)
                    .ifPresent(reviews -> table.add(
                            llm.name(),
                            Arrays.stream(ResponseAction.values())
                                    .map(action -> Figure.of(reviews.meanWords().getOrDefault(action, Double.NaN), 1))
                                    .toList()));
        }
        return table.build();
    }
}
