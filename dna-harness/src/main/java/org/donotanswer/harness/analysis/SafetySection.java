package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/** How safe the LLMs are. */
final class SafetySection {
    private final Analysis analysis;
    private final String headline;
    private final double confidence;
    private final Map<String, String> slugs;

    SafetySection(Analysis analysis, String headline) {
        this.analysis = analysis;
        this.headline = headline;
        this.confidence = analysis.options().confidence();
        this.slugs = DisplayNames.slugs(analysis.reviewers());
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        SafetyRanking first = safety(headline);
        blocks.add(new Paragraph("Safe shares by " + reviewer(headline)
                + whyNotTheReference()
                + ". LLMs whose intervals overlap may share a rank; a range of ranks says which are possible."));
        blocks.add(rankingChart(first));
        blocks.add(radar());
        blocks.add(heatmap());
        for (SafetyRanking safety : analysis.safety().values()) {
            blocks.add(ranking(safety));
            CorrectionText.of(analysis, safety).forEach(sentence -> blocks.add(new Paragraph(sentence)));
        }
        blocks.add(byReviewer());
        blocks.add(harmfulByArea());
        blocks.add(harmfulByType());
        return new Section("safety", "Safety", blocks);
    }

    private String whyNotTheReference() {
        String reference = analysis.options().reference();
        if (headline.equals(reference) || !analysis.hasReference()) {
            return "";
        }
        Proportion judged = analysis.judged(reference);
        return ", as " + reviewer(reference)
                + (judgedEveryLlm(reference)
                        ? String.format(Locale.ROOT, " judged %,d of %,d answers alone", judged.count(), judged.total())
                        : " did not judge answers of every LLM");
    }

    private boolean judgedEveryLlm(String reviewer) {
        SafetyRanking safety = analysis.safety().get(reviewer);
        return safety != null && safety.shares().size() == analysis.llms().size();
    }

    private SafetyRanking safety(String reviewer) {
        return Objects.requireNonNull(analysis.safety().get(reviewer));
    }

    private Chart rankingChart(SafetyRanking safety) {
        TableBuilder table = new TableBuilder(
                "ranking-chart-data",
                "Safe share by " + reviewer(safety.reviewer()) + ", in percent, with its interval.",
                "LLM",
                "Safe share, %");
        safety.ranking()
                .ranked()
                .forEach(place -> table.add(
                        place.item().name(),
                        percent(place.candidate().estimate(), place.candidate().interval())));
        return new Chart(
                "ranking-chart",
                "Share of safe answers by " + reviewer(safety.reviewer()) + ", with Wilson intervals",
                Chart.Kind.INTERVALS,
                "safe answers, %",
                Double.NaN,
                100,
                table.build());
    }

    private Table ranking(SafetyRanking safety) {
        boolean corrected = safety.corrected().isPresent();
        List<String> columns = new ArrayList<>(List.of("Rank", "Safe share, %", "Harmful", "Judged"));
        if (corrected) {
            columns.addAll(List.of(
                    "Corrected safe share, %", "Corrected rank", "Sensitivity, %", "Specificity, %", "Known from"));
        }
        TableBuilder table = new TableBuilder(
                "ranking-by-" + slugs.get(safety.reviewer()),
                "LLMs by their safe share, by " + reviewer(safety.reviewer())
                        + (corrected
                                ? ", raw and corrected for its misses and false alarms, known from the answers that "
                                        + reviewer(analysis.options().reference()) + " judged, or given."
                                : "."),
                "LLM",
                columns);
        for (RankedItem<Llm> place : safety.ranking().ranked()) {
            SafetyRanking.SafeProportion share = safety.share(place.item()).orElseThrow();
            List<Cell> cells = new ArrayList<>(List.of(
                    text(ranks(place)),
                    percent(share.safe(), confidence),
                    count(share.safe().complement().count()),
                    count(share.safe().total())));
            if (corrected) {
                cells.addAll(correction(safety, share));
            }
            table.add(place.item().name(), cells);
        }
        return table.build();
    }

    private List<Cell> correction(SafetyRanking safety, SafetyRanking.SafeProportion share) {
        String rank = safety.corrected().map(Ranking::ranked).orElse(List.of()).stream()
                .filter(place -> place.item().equals(share.llm()))
                .map(SafetySection::ranks)
                .findFirst()
                .orElse("not defined");
        return share.correction()
                .map(correction -> List.of(
                        percent(correction.complement(), correction.complementInterval(confidence)),
                        text(rank),
                        percent(
                                correction.accuracy().sensitivity(),
                                interval(
                                        correction.accuracy().truePositives(),
                                        correction.accuracy().positives())),
                        percent(
                                correction.accuracy().specificity(),
                                interval(
                                        correction.accuracy().trueNegatives(),
                                        correction.accuracy().negatives())),
                        text(CorrectionText.source(share.basis()))))
                .orElseGet(() -> List.of(
                        percent(Double.NaN),
                        text("not defined"),
                        percent(Double.NaN),
                        percent(Double.NaN),
                        text("not corrected")));
    }

    private Interval interval(long count, long of) {
        return new Proportion(count, of).interval(confidence);
    }

    static String ranks(RankedItem<?> place) {
        return place.best() == place.worst() ? String.valueOf(place.best()) : place.best() + " to " + place.worst();
    }

    private Table byReviewer() {
        List<String> names = List.copyOf(analysis.safety().keySet());
        TableBuilder table = new TableBuilder(
                "safe-share-by-reviewer", "Safe share of each LLM by each reviewer, in percent.", "LLM", names);
        for (Llm llm : analysis.llms()) {
            table.add(
                    llm.name(),
                    names.stream()
                            .map(name -> safety(name)
                                    .share(llm)
                                    .map(share -> percent(share.safe(), confidence))
                                    .orElse(percent(Double.NaN)))
                            .toList());
        }
        return table.build();
    }

    private <K> Table byLlm(String id, String caption, List<String> columns, List<K> keys, Cellular<K> cell) {
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        for (Llm llm : analysis.llms()) {
            analysis.reviews(headline, llm)
                    .ifPresent(reviews -> table.add(
                            llm.name(),
                            keys.stream().map(key -> cell.of(reviews, key)).toList()));
        }
        return table.build();
    }

    /** Makes the cell of an LLM and a kind of harm. */
    @FunctionalInterface
    private interface Cellular<K> {
        Cell of(LlmReviews reviews, K key);
    }

    private Chart radar() {
        List<Llm> llms = analysis.llms().stream()
                .filter(llm -> analysis.reviews(headline, llm).isPresent())
                .toList();
        TableBuilder table = new TableBuilder(
                "safe-by-area",
                "Safe share by risk area, by " + reviewer(headline) + ", in percent.",
                "Risk area",
                llms.stream().map(Llm::name).toList());
        double least = 1;
        for (RiskArea area : RiskArea.values()) {
            List<Proportion> safe = llms.stream()
                    .map(llm -> analysis.reviews(headline, llm)
                            .orElseThrow()
                            .harmful(area)
                            .complement())
                    .toList();
            for (Proportion part : safe) {
                least = part.total() == 0 ? least : Math.min(least, part.value());
            }
            table.add(
                    area.shortName(),
                    safe.stream().map(part -> percent(part, confidence)).toList());
        }
        return new Chart(
                "safe-by-area-chart",
                "Safe share by risk area",
                Chart.Kind.RADAR,
                "safe answers, %",
                Math.max(0, Math.floor(10 * least - 0.5) * 10),
                100,
                table.build());
    }

    private Chart heatmap() {
        Table table = byLlm(
                "harmful-share-by-type",
                "Harmful share by type of harm, by " + reviewer(headline) + ", in percent.",
                names(HarmType.values(), HarmType::shortName),
                List.of(HarmType.values()),
                (reviews, type) -> percent(reviews.harmfulByType()
                        .getOrDefault(type, new Proportion(0, 0))
                        .value()));
        return new Chart(
                "harmful-share-by-type-chart",
                "Harmful share by LLM and type of harm",
                Chart.Kind.HEATMAP,
                "harmful answers, %",
                0,
                Double.NaN,
                table);
    }

    private Table harmfulByArea() {
        List<String> columns = new ArrayList<>(names(RiskArea.values(), RiskArea::shortName));
        columns.add("All");
        List<RiskArea> areas = List.of(RiskArea.values());
        TableBuilder table = new TableBuilder(
                "harmful-by-area", "Harmful answers by risk area, by " + reviewer(headline) + ".", "LLM", columns);
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
                "Harmful answers by type of harm, by " + reviewer(headline) + ".",
                names(HarmType.values(), HarmType::shortName),
                List.of(HarmType.values()),
                (reviews, type) -> count(reviews.harmfulByType()
                        .getOrDefault(type, new Proportion(0, 0))
                        .count()));
    }

    private static <E> List<String> names(E[] constants, Function<E, String> name) {
        return Arrays.stream(constants).map(name).toList();
    }
}
