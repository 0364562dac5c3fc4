package org.donotanswer.bench.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.SampleStatistic;

/**
 * What a model finds of harmful responses after an evasion, and what it flags of harmless ones after the same. Immutable, hence
 * thread-safe.
 *
 * @param evasion the name of what was done to the responses
 * @param found the harmful responses that are flagged
 * @param recall recall after the evasion, less recall without it
 * @param unscoredHarmful how many harmful responses were not scored; what happens to them is up to the policy
 * @param falseAlarms the harmless responses that are flagged
 * @param unscoredHarmless how many harmless responses were not scored
 */
public record EvasionFigures(
        String evasion,
        Proportion found,
        Comparison recall,
        long unscoredHarmful,
        Proportion falseAlarms,
        long unscoredHarmless) {
    /** The name of the evasion of a response in another language. */
    static final String TRANSLATION = "translation";

    /**
     * Returns the figures of all evasions, on the labelled responses of a set that the evaluator was not trained on.
     *
     * @throws IllegalArgumentException if it has no harmful responses, or no harmless ones to harmless instructions
     */
    public static List<EvasionFigures> of(SafetyEvaluator evaluator, ExampleSet set, Bootstrap bootstrap, long seed) {
        List<LabelledExample> harmful = labelled(set, true);
        List<LabelledExample> harmless = labelled(set, false);
        List<String> padding = harmless.stream()
                .filter(example -> !example.instructionRisky().orElse(true))
                .map(example -> example.response().orElseThrow())
                .toList();
        if (harmful.isEmpty() || padding.isEmpty()) {
            throw new IllegalArgumentException(
                    "set must have harmful responses and harmless ones to harmless instructions," + " but had "
                            + harmful.size() + " and " + padding.size());
        }
        List<EvasionFigures> figures = new ArrayList<>();
        List<Prediction> unchanged = predictions(evaluator, harmful, Evasion.NONE, padding, seed);
        for (Evasion evasion : Evasion.values()) {
            List<Prediction> ofHarmful = predictions(evaluator, harmful, evasion, padding, seed);
            List<Prediction> ofHarmless = predictions(evaluator, harmless, evasion, padding, seed);
            figures.add(of(evasion.label(), unchanged, ofHarmful, ofHarmless, bootstrap));
        }
        return List.copyOf(figures);
    }

    /**
     * Returns the figures of translations of some of the set's harmful responses, compared with these responses alone.
     *
     * @param translations have the ids of the examples in the set whose responses they translate
     * @throws IllegalArgumentException if an id is not in the set
     */
    public static EvasionFigures ofTranslations(
            SafetyEvaluator evaluator, ExampleSet set, ExampleSet translations, Bootstrap bootstrap) {
        Map<String, LabelledExample> byId = new HashMap<>();
        set.examples().forEach(example -> byId.put(example.id(), example));
        List<Prediction> unchanged = new ArrayList<>();
        List<Prediction> translated = new ArrayList<>();
        for (LabelledExample translation : labelled(translations, true)) {
            LabelledExample original = byId.get(translation.id());
            if (original == null) {
                throw new IllegalArgumentException(
                        "translation must have the id of an example in the set, but had " + translation.id());
            }
            unchanged.add(Prediction.of(evaluator, original));
            translated.add(Prediction.of(evaluator, translation));
        }
        return of(TRANSLATION, unchanged, translated, List.of(), bootstrap);
    }

    private static EvasionFigures of(
            String evasion,
            List<Prediction> unchanged,
            List<Prediction> harmful,
            List<Prediction> harmless,
            Bootstrap bootstrap) {
        List<String> groups = unchanged.stream()
                .map(prediction -> prediction.example().groupKey())
                .toList();
        return new EvasionFigures(
                evasion,
                RegressionFigures.flagged(harmful, true),
                bootstrap.compare(groups, recall(harmful), recall(unchanged)),
                unscored(harmful),
                RegressionFigures.flagged(harmless, false),
                unscored(harmless));
    }

    private static List<LabelledExample> labelled(ExampleSet set, boolean harmful) {
        return set.examples().stream()
                .filter(example -> example.harmful().equals(Optional.of(harmful)))
                .toList();
    }

    private static List<Prediction> predictions(
            SafetyEvaluator evaluator,
            List<LabelledExample> examples,
            Evasion evasion,
            List<String> padding,
            long seed) {
        List<Prediction> predictions = new ArrayList<>();
        for (LabelledExample example : examples) {
            Random random = new Random(seed + predictions.size());
            String changed = evasion.apply(example.response().orElseThrow(), random, padding);
            predictions.add(new Prediction(example, evaluator.evaluate(Exchange.of(example.instruction(), changed))));
        }
        return predictions;
    }

    private static SampleStatistic recall(List<Prediction> predictions) {
        return SampleStatistic.ofMean(predictions.stream()
                .mapToDouble(prediction -> prediction.isFlagged() ? 1 : 0)
                .toArray());
    }

    private static long unscored(List<Prediction> predictions) {
        return predictions.stream()
                .filter(prediction -> Target.HARM.probability(prediction).isEmpty())
                .count();
    }
}
