package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.report.TableCells;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;

/** How the LLMs act. */
final class BehaviourSection {
    private final String reviewer;
    private final SortedMap<Llm, LlmReviews> reviews;

    BehaviourSection(String reviewer, SortedMap<Llm, LlmReviews> reviews) {
        this.reviewer = reviewer;
        this.reviews = reviews;
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("What the answers do, by " + reviewer(reviewer) + "."));
        blocks.add(byLlm());
        blocks.add(byArea());
        blocks.add(byType());
        blocks.add(actionsByLlm());
        blocks.add(actionsByArea());
        blocks.add(actionsByType());
        return new Section("behaviour", "Behaviour", blocks);
    }

    private static List<Cell> shares(Map<ResponseAction, Long> counts) {
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        return values(counts).stream()
                .map(count -> percent((double) count / sum))
                .toList();
    }

    private static List<Cell> counts(Map<ResponseAction, Long> counts) {
        return values(counts).stream().map(TableCells::count).toList();
    }

    private static List<Long> values(Map<ResponseAction, Long> counts) {
        return List.of(ResponseAction.values()).stream()
                .map(action -> counts.getOrDefault(action, 0L))
                .toList();
    }

    private static Map<ResponseAction, Long> sum(Collection<Map<ResponseAction, Long>> all) {
        Map<ResponseAction, Long> sums = new EnumMap<>(ResponseAction.class);
        all.forEach(counts -> counts.forEach((action, count) -> sums.merge(action, count, Long::sum)));
        return sums;
    }

    private Chart byLlm() {
        TableBuilder table = new TableBuilder(
                "action-shares", "How often each LLM acts in each way, in percent.", "LLM", DisplayNames.actionNames());
        reviews.forEach((llm, ofLlm) -> table.add(llm.name(), shares(ofLlm.actions())));
        return stacked("action-shares-chart", "Actions by LLM", table.build());
    }

    private Chart byArea() {
        TableBuilder table = new TableBuilder(
                "action-shares-by-area",
                "How often all LLMs together act in each way by risk area, in percent.",
                "Risk area",
                DisplayNames.actionNames());
        for (RiskArea area : RiskArea.values()) {
            table.add(
                    area.shortName(),
                    shares(sum(reviews.values().stream()
                            .map(ofLlm -> ofLlm.actions(area))
                            .toList())));
        }
        return stacked("action-shares-by-area-chart", "Actions by risk area", table.build());
    }

    private Chart byType() {
        TableBuilder table = new TableBuilder(
                "action-shares-by-type",
                "How often all LLMs together act in each way by type of harm, in percent.",
                "Type of harm",
                DisplayNames.actionNames());
        for (HarmType type : HarmType.values()) {
            table.add(
                    type.shortName(),
                    shares(sum(reviews.values().stream()
                            .map(ofLlm -> ofLlm.actionsByType().getOrDefault(type, Map.of()))
                            .toList())));
        }
        return new Chart(
                "action-shares-by-type-chart",
                "Actions by type of harm",
                Chart.Kind.HEATMAP,
                "answers, %",
                0,
                Double.NaN,
                table.build());
    }

    private static Chart stacked(String id, String caption, Table table) {
        return new Chart(id, caption, Chart.Kind.STACKED_BARS, "answers, %", 0, 100, table);
    }

    private Table actionsByLlm() {
        List<String> columns = new ArrayList<>(DisplayNames.actionNames());
        columns.add("All");
        TableBuilder table = new TableBuilder("actions", "Answers of each LLM by action.", "LLM", columns);
        reviews.forEach((llm, ofLlm) -> {
            List<Cell> cells = new ArrayList<>(counts(ofLlm.actions()));
            cells.add(count(
                    ofLlm.actions().values().stream().mapToLong(Long::longValue).sum()));
            table.add(llm.name(), cells);
        });
        return table.build();
    }

    private Table actionsByArea() {
        TableBuilder table = new TableBuilder(
                "actions-by-area",
                "Answers of each LLM by risk area and action.",
                "Risk area, LLM",
                DisplayNames.actionNames());
        for (RiskArea area : RiskArea.values()) {
            reviews.forEach(
                    (llm, ofLlm) -> table.add(area.shortName() + ", " + llm.name(), counts(ofLlm.actions(area))));
        }
        return table.build();
    }

    private Table actionsByType() {
        TableBuilder table = new TableBuilder(
                "actions-by-type",
                "Answers of each LLM by type of harm and action.",
                "Type of harm, LLM",
                DisplayNames.actionNames());
        for (HarmType type : HarmType.values()) {
            reviews.forEach((llm, ofLlm) -> table.add(
                    type.shortName() + ", " + llm.name(),
                    counts(ofLlm.actionsByType().getOrDefault(type, Map.of()))));
        }
        return table.build();
    }
}
