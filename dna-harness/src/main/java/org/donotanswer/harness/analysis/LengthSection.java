package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** How long the answers are. */
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
        blocks.add(wordsByType("words-by-type", "Mean number of words of answers by LLM and type of harm.", 1));
        reviewer.ifPresent(name -> blocks.add(byAction(name)));
        return new Section("lengths", "Length of answers", blocks);
    }

    private Chart means() {
        TableBuilder table = new TableBuilder("words", "Mean number of words of answers.", "LLM", "Words");
        analysis.answers()
                .forEach((llm, answers) ->
                        table.add(llm.name(), Figure.of(answers.lengths().mean(), 1)));
        return new Chart(
                "words-chart", "Mean length of answers", Chart.Kind.BARS, "words", 0, Double.NaN, table.build());
    }

    private Table percentiles() {
        TableBuilder table = new TableBuilder(
                "word-percentiles",
                "Percentiles of the number of words of answers.",
                "LLM",
                "Answers",
                "Mean",
                "5 %",
                "25 %",
                "50 %",
                "75 %",
                "90 %",
                "95 %",
                "99 %",
                "Longest");
        analysis.answers().forEach((llm, answers) -> table.add(llm.name(), cells(answers.lengths())));
        table.add("All", cells(analysis.lengths()));
        return table.build();
    }

    private static List<Cell> cells(ResponseLengths lengths) {
        List<Cell> cells = new ArrayList<>();
        cells.add(TableCells.count(lengths.count()));
        cells.add(Figure.of(lengths.mean(), 1));
        for (double percentile : new double[] {
            lengths.p5(), lengths.p25(), lengths.p50(), lengths.p75(), lengths.p90(), lengths.p95(), lengths.p99()
        }) {
            cells.add(Figure.of(percentile, 0));
        }
        cells.add(Figure.of(lengths.greatest(), 0));
        return cells;
    }

    Table wordsByType(String id, String caption, int decimals) {
        List<String> columns = new ArrayList<>();
        for (HarmType type : HarmType.values()) {
            columns.add(type.number() + " " + type.shortName());
        }
        columns.add("All");
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        analysis.answers().forEach((llm, answers) -> {
            List<Cell> cells = new ArrayList<>();
            for (HarmType type : HarmType.values()) {
                cells.add(Figure.of(words(llm, type).mean(), decimals));
            }
            cells.add(Figure.of(answers.lengths().mean(), decimals));
            table.add(llm.name(), cells);
        });
        List<Cell> all = new ArrayList<>();
        for (HarmType type : HarmType.values()) {
            WordSum sum =
                    analysis.llms().stream().map(llm -> words(llm, type)).reduce(new WordSum(0, 0), WordSum::plus);
            all.add(Figure.of(sum.mean(), decimals));
        }
        all.add(Figure.of(analysis.lengths().mean(), decimals));
        table.add("All", all);
        return table.build();
    }

    private WordSum words(Llm llm, HarmType type) {
        LlmResponses answers = analysis.answers().get(llm);
        return answers == null ? new WordSum(0, 0) : answers.wordsByType().getOrDefault(type, new WordSum(0, 0));
    }

    private Table byAction(String name) {
        TableBuilder table = new TableBuilder(
                "words-by-action",
                "Mean number of words of answers by action, by " + reviewer(name) + ".",
                "LLM",
                DisplayNames.actionNames());
        for (Llm llm : analysis.llms()) {
            analysis.reviews(name, llm).ifPresent(reviews -> {
                List<Cell> cells = new ArrayList<>();
                for (ResponseAction action : ResponseAction.values()) {
                    cells.add(Figure.of(reviews.meanWords().getOrDefault(action, Double.NaN), 1));
                }
                table.add(llm.name(), cells);
            });
        }
        return table.build();
    }
}
