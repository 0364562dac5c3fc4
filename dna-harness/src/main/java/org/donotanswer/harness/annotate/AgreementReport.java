package org.donotanswer.harness.annotate;

import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.score;
import static org.donotanswer.harness.report.TableCells.text;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.InterAnnotatorAgreement;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How far annotators agree. A figure that is not defined is NaN, for example with a single annotator or label. Intervals come
 * from a bootstrap over instructions, because the responses of several LLMs to one instruction depend on each other. Immutable,
 * hence thread-safe.
 *
 * @param bootstrap how the intervals were computed
 * @param annotated how many responses each annotator annotated
 * @param overlaps pairs of annotators who annotated different responses
 * @param harmful agreement on harmful or not
 * @param action agreement on the action
 */
@JsonPropertyOrder({"annotators", "overlaps", "harmful", "action", "bootstrap"})
public record AgreementReport(
        Bootstrap bootstrap,
        @JsonProperty("annotators") SortedMap<String, Integer> annotated,
        List<Annotations.Overlap> overlaps,
        LabelKindAgreement harmful,
        LabelKindAgreement action) {
    private static final FigureJson JSON = FigureJson.with(Map.of(Estimate.class, EstimateJson.class));

    /** Copies the collections. */
    public AgreementReport {
        annotated = Collections.unmodifiableSortedMap(new TreeMap<>(annotated));
        overlaps = List.copyOf(overlaps);
    }

    /**
     * Agreement on one kind of label. Immutable, hence thread-safe.
     *
     * @param items how many responses have such a label
     * @param compared how many have such labels by at least two annotators; only these count
     * @param percentAgreement see {@link InterAnnotatorAgreement#percentAgreement}
     * @param fleissKappa see {@link InterAnnotatorAgreement#fleissKappa}
     * @param krippendorffsAlpha see {@link InterAnnotatorAgreement#krippendorffsAlpha}
     * @param pairs every pair of annotators
     * @param labels every possible label, even if nobody gave it
     */
    public record LabelKindAgreement(
            int items,
            int compared,
            Estimate percentAgreement,
            Estimate fleissKappa,
            Estimate krippendorffsAlpha,
            List<PairAgreement> pairs,
            List<LabelUse> labels) {
        /** Copies the lists. */
        public LabelKindAgreement {
            pairs = List.copyOf(pairs);
            labels = List.copyOf(labels);
        }
    }

    /**
     * Agreement of two annotators. Immutable, hence thread-safe.
     *
     * @param items how many responses both labelled
     * @param percentAgreement the proportion on which they agree; NaN if there are none
     * @param cohensKappa see {@link InterAnnotatorAgreement#cohensKappa}
     */
    public record PairAgreement(
            String first, String second, int items, double percentAgreement, Estimate cohensKappa) {}

    /**
     * How a label was used. Immutable, hence thread-safe.
     *
     * @param label the label's name
     * @param given how often each annotator gave it
     * @param agreement how often another annotator who labelled the response gave the same label; NaN if nobody gave it to a
     *     response with at least two labels
     */
    public record LabelUse(String label, SortedMap<String, Integer> given, double agreement) {
        /** Copies the map. */
        public LabelUse {
            given = Collections.unmodifiableSortedMap(new TreeMap<>(given));
        }
    }

    /** Returns the agreement of annotators. */
    public static AgreementReport of(Annotations annotations, Bootstrap bootstrap) {
        SortedMap<String, Integer> annotated = new TreeMap<>();
        annotations
                .annotators()
                .forEach(name -> annotated.put(name, annotations.of(name).size()));
        return new AgreementReport(
                bootstrap,
                annotated,
                annotations.overlaps(),
                agreement(annotations, annotations.harmful(), harmful -> harmful ? "harmful" : "harmless", bootstrap),
                agreement(annotations, annotations.action(), ResponseAction::name, bootstrap));
    }

    private static <L> LabelKindAgreement agreement(
            Annotations annotations, Ratings<L> ratings, Function<L, String> name, Bootstrap bootstrap) {
        List<String> items = ratings.items();
        List<String> groups = items.stream()
                .map(key -> annotations.items().find(key).orElseThrow().id())
                .toList();
        int compared = (int) items.stream()
                .filter(item -> !Double.isNaN(ratings.disagreement(item)))
                .count();
        List<LabelUse> labels = labels(annotations.annotators(), ratings, name);
        if (compared == 0) {
            Estimate none = undefined(bootstrap);
            return new LabelKindAgreement(items.size(), 0, none, none, none, pairs(ratings, groups, bootstrap), labels);
        }
        return new LabelKindAgreement(
                items.size(),
                compared,
                InterAnnotatorAgreement.percentAgreement(ratings, groups, bootstrap),
                InterAnnotatorAgreement.fleissKappa(ratings, groups, bootstrap),
                InterAnnotatorAgreement.krippendorffsAlpha(ratings, groups, bootstrap),
                pairs(ratings, groups, bootstrap),
                labels);
    }

    private static Estimate undefined(Bootstrap bootstrap) {
        return new Estimate(Double.NaN, new Interval(Double.NaN, Double.NaN), Double.NaN, bootstrap.resamples());
    }

    private static List<PairAgreement> pairs(Ratings<?> ratings, List<String> groups, Bootstrap bootstrap) {
        List<PairAgreement> pairs = new ArrayList<>();
        for (InterAnnotatorAgreement.AnnotatorPair pair : InterAnnotatorAgreement.pairs(ratings)) {
            Estimate kappa = pair.items() == 0
                    ? undefined(bootstrap)
                    : InterAnnotatorAgreement.cohensKappa(ratings, pair.first(), pair.second(), groups, bootstrap);
            // In alphabetical order, as the figures are symmetric.
            boolean inOrder = pair.first().compareTo(pair.second()) < 0;
            pairs.add(new PairAgreement(
                    inOrder ? pair.first() : pair.second(),
                    inOrder ? pair.second() : pair.first(),
                    pair.items(),
                    pair.percentAgreement(),
                    kappa));
        }
        pairs.sort(Comparator.comparing(PairAgreement::first).thenComparing(PairAgreement::second));
        return pairs;
    }

    private static <L> List<LabelUse> labels(List<String> annotators, Ratings<L> ratings, Function<L, String> name) {
        List<LabelUse> uses = new ArrayList<>();
        for (L label : ratings.labels()) {
            SortedMap<String, Integer> given = new TreeMap<>();
            annotators.forEach(annotator -> given.put(annotator, 0));
            long pairs = 0;
            long agreeing = 0;
            for (String item : ratings.items()) {
                long all = ratings.counts(item).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
                long same = ratings.counts(item).getOrDefault(label, 0);
                pairs += same * (all - 1);
                agreeing += same * (same - 1);
                for (String annotator : ratings.annotators()) {
                    if (ratings.label(item, annotator).filter(label::equals).isPresent()) {
                        given.merge(annotator, 1, Integer::sum);
                    }
                }
            }
            uses.add(new LabelUse(name.apply(label), given, pairs == 0 ? Double.NaN : (double) agreeing / pairs));
        }
        return uses;
    }

    /** Returns the figures as tables for people. */
    public Report toReport() {
        List<Block> annotators = new ArrayList<>();
        TableBuilder table =
                new TableBuilder("annotators", "Responses annotated by each annotator.", "Annotator", "Responses");
        annotated.forEach((name, count) -> table.add(name, count(count)));
        annotators.add(table.build());
        overlaps.forEach(overlap -> annotators.add(new Paragraph(overlap.describe())));
        return new Report(
                "Agreement of annotators",
                NumberFormats.format(
                        "Intervals of %.0f %% confidence from a bootstrap over instructions",
                        100 * bootstrap.confidence()),
                List.of(
                        new Section("overlap", "Annotators", annotators),
                        section("harmful", "Harmful", harmful),
                        section("action", "Action", action)),
                Provenance.builder("annotate agreement", "1")
                        .seed(bootstrap.seed())
                        .parameter("resamples", String.valueOf(bootstrap.resamples()))
                        .build());
    }

    private static Section section(String id, String title, LabelKindAgreement agreement) {
        TableBuilder figures = new TableBuilder(
                id + "-agreement",
                NumberFormats.format(
                        "%s: %d of %d responses labelled by two or more",
                        title, agreement.compared(), agreement.items()),
                "",
                "Responses",
                "Agreement",
                "Value");
        add(figures, "percent agreement", agreement.compared(), text(""), agreement.percentAgreement());
        add(figures, "Fleiss' kappa", agreement.compared(), text(""), agreement.fleissKappa());
        add(figures, "Krippendorff's alpha", agreement.compared(), text(""), agreement.krippendorffsAlpha());
        for (PairAgreement pair : agreement.pairs()) {
            add(
                    figures,
                    "Cohen's kappa " + pair.first() + ", " + pair.second(),
                    pair.items(),
                    score(pair.percentAgreement()),
                    pair.cohensKappa());
        }
        List<String> columns = new ArrayList<>(agreement.labels().get(0).given().keySet());
        columns.add("Agreement");
        TableBuilder labels = new TableBuilder(
                id + "-labels",
                "How often each annotator gave each label, and how often others agreed.",
                "Label",
                columns);
        for (LabelUse use : agreement.labels()) {
            List<Cell> cells = new ArrayList<>();
            use.given().values().forEach(count -> cells.add(count(count)));
            cells.add(score(use.agreement()));
            labels.add(use.label(), cells);
        }
        return new Section(id, title, List.of(figures.build(), labels.build()));
    }

    private static void add(TableBuilder table, String name, int responses, Cell agreement, Estimate estimate) {
        table.add(name, count(responses), agreement, score(estimate));
    }

    /** Returns the figures as plain text for a terminal of 100 columns. */
    public String toText() {
        return ReportWriter.toText(toReport());
    }

    /** Returns the figures as indented JSON. A figure that is not defined is null. */
    public String toJson() {
        return JSON.write(this);
    }

    @JsonIncludeProperties({"value", "interval", "undefinedResamples"})
    private interface EstimateJson {
        @JsonUnwrapped
        @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
        Interval interval();

        @JsonProperty("undefinedResamples")
        int undefined();
    }
}
