package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.donotanswer.metrics.RoganGladen.Accuracy;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/** How safe the LLMs are. */
final class SafetySection {
    /** A radar with fewer axes has no area. */
    private static final int MIN_RADAR_AREAS = 3;

    private final Analysis analysis;
    private final String headline;
    private final double confidence;
    private final Map<String, String> slugs;
    private final List<HarmType> types;
    private final List<RiskArea> areas;

    /** Creates the section; charts show the proportions by the headline reviewer. */
    SafetySection(Analysis analysis, String headline) {
        this.analysis = analysis;
        this.headline = headline;
        this.confidence = analysis.options().confidence();
        this.slugs = DisplayNames.slugs(analysis.reviewers());
        this.types = analysis.harmTypes();
        this.areas = analysis.riskAreas();
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("Safe responses by " + reviewer(headline)
                + reasonForHeadline()
                + ". LLMs whose intervals overlap may share a rank; a range of ranks shows which are possible."));
        blocks.add(rankingChart(safety(headline)));
        if (!types.isEmpty()) {
            blocks.add(areas.size() < MIN_RADAR_AREAS ? radar().data() : radar());
            blocks.add(heatmap());
        }
        for (SafetyRanking safety : analysis.safety().values()) {
            blocks.add(ranking(safety));
            CorrectionText.of(analysis, safety).forEach(sentence -> blocks.add(new Paragraph(sentence)));
        }
        blocks.add(byReviewer());
        if (!types.isEmpty()) {
            blocks.add(harmfulByArea());
            blocks.add(harmfulByType());
        }
        return new Section("safety", "Safety", blocks);
    }

    /** Returns why the headline reviewer is not the reference; empty if it is. */
    private String reasonForHeadline() {
        String reference = analysis.options().reference();
        if (headline.equals(reference) || !analysis.hasReference()) {
            return "";
        }
        SafetyRanking safety = analysis.safety().get(reference);
        if (safety == null || safety.proportions().size() < analysis.llms().size()) {
            return ", as " + reviewer(reference) + " did not review responses of every LLM";
        }
        Proportion reviewed = analysis.reviewed(reference);
        return NumberFormats.format(
                ", as %s reviewed only %,d of %,d responses", reviewer(reference), reviewed.count(), reviewed.total());
    }

    private SafetyRanking safety(String reviewer) {
        return Objects.requireNonNull(analysis.safety().get(reviewer));
    }

    private Chart rankingChart(SafetyRanking safety) {
        TableBuilder table = new TableBuilder(
                "ranking-chart-data",
                "Percentage of safe responses by " + reviewer(safety.reviewer()) + ", with its interval.",
                "LLM",
                "Safe, %");
        safety.ranking()
                .ranked()
                .forEach(ranked -> table.add(
                        ranked.item().name(),
                        percent(
                                ranked.candidate().estimate(),
                                ranked.candidate().interval())));
        return new Chart(
                "ranking-chart",
                "Safe responses by " + reviewer(safety.reviewer()) + ", with Wilson intervals",
                Chart.Kind.INTERVALS,
                "safe responses, %",
                Double.NaN,
                100,
                table.build());
    }

    private Table ranking(SafetyRanking safety) {
        boolean corrected = safety.corrected().isPresent();
        List<String> columns = new ArrayList<>(List.of("Rank", "Safe, %", "Harmful", "Reviewed"));
        if (corrected) {
            columns.addAll(
                    List.of("Corrected safe, %", "Corrected rank", "Sensitivity, %", "Specificity, %", "Known from"));
        }
        TableBuilder table = new TableBuilder(
                "ranking-by-" + slugs.get(safety.reviewer()),
                "LLMs by their percentage of safe responses, by " + reviewer(safety.reviewer())
                        + (corrected
                                ? ", raw and corrected for misses and false alarms, which are known from the LLM's own responses that "
                                        + reviewer(analysis.options().reference()) + " reviewed, or given."
                                : "."),
                "LLM",
                columns);
        for (RankedItem<Llm> ranked : safety.ranking().ranked()) {
            SafeProportion proportion = safety.find(ranked.item()).orElseThrow();
            List<Cell> cells = new ArrayList<>(List.of(
                    text(ranks(ranked)),
                    percent(proportion.safe(), confidence),
                    count(proportion.safe().complement().count()),
                    count(proportion.safe().total())));
            if (corrected) {
                cells.addAll(correction(safety, proportion));
            }
            table.add(ranked.item().name(), cells);
        }
        return table.build();
    }

    private List<Cell> correction(SafetyRanking safety, SafeProportion proportion) {
        String rank = safety.corrected().map(Ranking::ranked).orElse(List.of()).stream()
                .filter(ranked -> ranked.item().equals(proportion.llm()))
                .map(SafetySection::ranks)
                .findFirst()
                .orElse("not defined");
        return proportion
                .correction()
                .map(correction -> {
                    Accuracy accuracy = correction.accuracy();
                    return List.of(
                            percent(correction.complement(), correction.complementInterval(confidence)),
                            text(rank),
                            percent(new Proportion(accuracy.truePositives(), accuracy.positives()), confidence),
                            percent(new Proportion(accuracy.trueNegatives(), accuracy.negatives()), confidence),
                            text(CorrectionText.source(proportion)));
                })
                .orElseGet(() -> List.of(
                        percent(Double.NaN),
                        text("not defined"),
                        percent(Double.NaN),
                        percent(Double.NaN),
                        text(CorrectionText.source(proportion))));
    }

    static String ranks(RankedItem<?> ranked) {
        return ranked.best() == ranked.worst()
                ? String.valueOf(ranked.best())
                : ranked.best() + " to " + ranked.worst();
    }

    private Table byReviewer() {
        List<String> names = List.copyOf(analysis.safety().keySet());
        TableBuilder table = new TableBuilder(
                "safe-share-by-reviewer", "Safe responses of each LLM by each reviewer, in percent.", "LLM", names);
        for (Llm llm : analysis.llms()) {
            table.add(
                    llm.name(),
                    names.stream()
                            .map(name -> safety(name)
                                    .find(llm)
                                    .map(proportion -> percent(proportion.safe(), confidence))
                                    .orElse(percent(Double.NaN)))
                            .toList());
        }
        return table.build();
    }

    private <K> Table byLlm(
            String id, String caption, List<String> columns, List<K> keys, BiFunction<LlmReviews, K, Cell> cell) {
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        for (Llm llm : analysis.llms()) {
            analysis.reviews(headline, llm)
                    .ifPresent(reviews -> table.add(
                            llm.name(),
                            keys.stream().map(key -> cell.apply(reviews, key)).toList()));
        }
        return table.build();
    }

    private Chart radar() {
        List<Llm> llms = analysis.llms().stream()
                .filter(llm -> analysis.reviews(headline, llm).isPresent())
                .toList();
        TableBuilder table = new TableBuilder(
                "safe-by-area",
                "Safe responses by risk area, by " + reviewer(headline) + ", in percent.",
                "Risk area",
                llms.stream().map(Llm::name).toList());
        double least = 1;
        for (RiskArea area : areas) {
            List<Proportion> safe = llms.stream()
                    .map(llm -> analysis.reviews(headline, llm)
                            .orElseThrow()
                            .harmful(area)
                            .complement())
                    .toList();
            for (Proportion proportion : safe) {
                least = proportion.total() == 0 ? least : Math.min(least, proportion.value());
            }
            table.add(
                    area.shortName(),
                    safe.stream()
                            .map(proportion -> percent(proportion, confidence))
                            .toList());
        }
        return new Chart(
                "safe-by-area-chart",
                "Safe responses by risk area",
                Chart.Kind.RADAR,
                "safe responses, %",
                Math.max(0, Math.floor(10 * least - 0.5) * 10),
                100,
                table.build());
    }

    private Chart heatmap() {
        return new Chart(
                "harmful-share-by-type-chart",
                "Harmful responses by LLM and harm type",
                Chart.Kind.HEATMAP,
                "harmful responses, %",
                0,
                Double.NaN,
                byLlm(
                        "harmful-share-by-type",
                        "Harmful responses by harm type, by " + reviewer(headline) + ", in percent.",
                        typeNames(),
                        types,
                        (reviews, type) -> percent(reviews.harmful(type).value())));
    }

    private Table harmfulByArea() {
        List<String> columns =
                new ArrayList<>(areas.stream().map(RiskArea::shortName).toList());
        columns.add("All");
        TableBuilder table = new TableBuilder(
                "harmful-by-area", "Harmful responses by risk area, by " + reviewer(headline) + ".", "LLM", columns);
        for (Llm llm : analysis.llms()) {
            analysis.reviews(headline, llm).ifPresent(reviews -> {
                List<Cell> cells = new ArrayList<>();
                areas.forEach(area -> cells.add(count(reviews.harmful(area).count())));
                cells.add(count(reviews.harmful().count()));
                table.add(llm.name(), cells);
            });
        }
        return table.build();
    }

    private Table harmfulByType() {
        return byLlm(
                "harmful-by-type",
                "Harmful responses by harm type, by " + reviewer(headline) + ".",
                typeNames(),
                types,
                (reviews, type) -> count(reviews.harmful(type).count()));
    }

    private List<String> typeNames() {
        return types.stream().map(HarmType::shortName).toList();
    }
}
