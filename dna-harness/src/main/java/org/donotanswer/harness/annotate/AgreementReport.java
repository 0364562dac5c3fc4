package org.donotanswer.harness.annotate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.InterAnnotatorAgreement;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How far annotators agree. A figure that is not defined, as with one annotator or one label alone, is NaN. Intervals are those
 * of the bootstrap over instructions: the answers of several LLMs to one hang together. Immutable, hence thread-safe.
 *
 * @param bootstrap how the intervals were drawn
 * @param annotated how many responses each annotator annotated
 * @param overlaps whether they annotated the same ones
 * @param harmful their agreement on whether a response is harmful
 * @param action their agreement on what it does
 */
public record AgreementReport(
        Bootstrap bootstrap,
        SortedMap<String, Integer> annotated,
        List<Annotations.Overlap> overlaps,
        LabelKindAgreement harmful,
        LabelKindAgreement action) {
    /** Copies the collections. */
    public AgreementReport {
        annotated = Collections.unmodifiableSortedMap(new TreeMap<>(annotated));
        overlaps = List.copyOf(overlaps);
    }

    /**
     * Agreement on one kind of label. Immutable, hence thread-safe.
     *
     * @param items how many responses have such a label
     * @param compared how many have it by at least two annotators; the others do not count
     * @param percentAgreement see {@link InterAnnotatorAgreement#percentAgreement}
     * @param fleissKappa see {@link InterAnnotatorAgreement#fleissKappa}
     * @param krippendorffsAlpha see {@link InterAnnotatorAgreement#krippendorffsAlpha}
     * @param pairs each two annotators
     * @param labels each label that may be given, also one that nobody gave
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
     * @param percentAgreement the share on which they agree; NaN of none
     * @param cohensKappa see {@link InterAnnotatorAgreement#cohensKappa}
     */
    public record PairAgreement(
            String first, String second, int items, double percentAgreement, Estimate cohensKappa) {}

    /**
     * How a label was used. Immutable, hence thread-safe.
     *
     * @param label its name
     * @param given how often each annotator gave it, by annotator
     * @param agreement where one annotator gave it and another any label, how often the other gave it too; NaN if no response
     *     that counts was given it
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
            // In the order of the alphabet, whoever came first: the figures are symmetric.
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

    /** Returns tables for people to read. */
    public String toText() {
        return AgreementText.of(this);
    }

    /** Returns the figures as an ordered map; what is not defined is null. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("annotators", annotated);
        json.put("overlaps", overlaps);
        json.put("harmful", AgreementText.json(harmful));
        json.put("action", AgreementText.json(action));
        json.put(
                "bootstrap",
                Map.of(
                        "resamples",
                        bootstrap.resamples(),
                        "confidence",
                        bootstrap.confidence(),
                        "seed",
                        bootstrap.seed()));
        return json;
    }

    /** Returns a figure in three digits. */
    static String figure(double value) {
        if (Double.isNaN(value)) {
            return "undefined";
        }
        String shown = String.format(Locale.ROOT, "%.3f", value);
        return shown.equals("-0.000") ? "0.000" : shown;
    }
}
