package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.actionNames;
import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
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

/** What the LLMs do in their responses. */
final class BehaviourSection {
    private final String reviewer;
    private final SortedMap<Llm, LlmReviews> reviews;
    private final Breakdown<RiskArea> areas;
    private final Breakdown<HarmType> types;

    BehaviourSection(Analysis analysis, String reviewer) {
        this.reviewer = reviewer;
        this.reviews = analysis.reviews().getOrDefault(reviewer, Collections.emptySortedMap());
        this.areas =
                new Breakdown<>("area", "Risk area", analysis.riskAreas(), RiskArea::shortName, LlmReviews::actions);
        this.types = new Breakdown<>(
                "type", "Harm type", analysis.harmTypes(), HarmType::shortName, (ofLlm, type) -> ofLlm.actionsByType()
                        .getOrDefault(type, Map.of()));
    }

    /** A way to divide the instructions. */
    private record Breakdown<K>(
            String id,
            String title,
            List<K> keys,
            Function<K, String> name,
            BiFunction<LlmReviews, K, Map<ResponseAction, Long>> actions) {
        String lowerCaseTitle() {
            return title.toLowerCase(Locale.ROOT);
        }
    }

    Section toSection() {
        TableBuilder byLlm = new TableBuilder(
                "action-shares", "How often each LLM acts in each way, in percent.", "LLM", actionNames());
        reviews.forEach((llm, ofLlm) -> byLlm.add(llm.name(), percentages(ofLlm.actions())));
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("What the responses do, by " + reviewer(reviewer) + "."));
        blocks.add(chart(Chart.Kind.STACKED_BARS, "Actions by LLM", 100, byLlm.build()));
        boolean hasHarms = !types.keys().isEmpty();
        if (hasHarms) {
            blocks.add(chart(Chart.Kind.STACKED_BARS, "Actions by risk area", 100, percentages(areas)));
            blocks.add(chart(Chart.Kind.HEATMAP, "Actions by harm type", Double.NaN, percentages(types)));
        }
        blocks.add(countsByLlm());
        if (hasHarms) {
            blocks.add(counts(areas));
            blocks.add(counts(types));
        }
        return new Section("behaviour", "Behaviour", blocks);
    }

    private static Chart chart(Chart.Kind kind, String caption, double maximum, Table data) {
        return new Chart(data.tableId() + "-chart", caption, kind, "responses, %", 0, maximum, data);
    }

    private <K> Table percentages(Breakdown<K> breakdown) {
        TableBuilder table = new TableBuilder(
                "action-shares-by-" + breakdown.id(),
                "How often all LLMs together act in each way by " + breakdown.lowerCaseTitle() + ", in percent.",
                breakdown.title(),
                actionNames());
        for (K key : breakdown.keys()) {
            Map<ResponseAction, Long> sums = new EnumMap<>(ResponseAction.class);
            reviews.values().forEach(ofLlm -> breakdown
                    .actions()
                    .apply(ofLlm, key)
                    .forEach((action, count) -> sums.merge(action, count, Long::sum)));
            table.add(breakdown.name().apply(key), percentages(sums));
        }
        return table.build();
    }

    private static List<Cell> percentages(Map<ResponseAction, Long> counts) {
        long sum = sum(counts);
        return values(counts).stream()
                .map(count -> percent((double) count / sum))
                .toList();
    }

    private static long sum(Map<ResponseAction, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Long> values(Map<ResponseAction, Long> counts) {
        return Arrays.stream(ResponseAction.values())
                .map(action -> counts.getOrDefault(action, 0L))
                .toList();
    }

    /** Returns the counts of all actions, in the order of their codes. */
    static List<Cell> counts(Map<ResponseAction, Long> counts) {
        return values(counts).stream().map(TableCells::count).toList();
    }

    private Table countsByLlm() {
        List<String> columns = new ArrayList<>(actionNames());
        columns.add("All");
        TableBuilder table = new TableBuilder("actions", "Responses of each LLM by action.", "LLM", columns);
        reviews.forEach((llm, ofLlm) -> {
            List<Cell> cells = new ArrayList<>(counts(ofLlm.actions()));
            cells.add(count(sum(ofLlm.actions())));
            table.add(llm.name(), cells);
        });
        return table.build();
    }

    private <K> Table counts(Breakdown<K> breakdown) {
        TableBuilder table = new TableBuilder(
                "actions-by-" + breakdown.id(),
                "Responses of each LLM by " + breakdown.lowerCaseTitle() + " and action.",
                breakdown.title() + ", LLM",
                actionNames());
        for (K key : breakdown.keys()) {
            reviews.forEach((llm, ofLlm) -> table.add(
                    breakdown.name().apply(key) + ", " + llm.name(),
                    counts(breakdown.actions().apply(ofLlm, key))));
        }
        return table.build();
    }
}
