package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.PairLabels;
import org.donotanswer.encoder.SecondStage;
import org.donotanswer.encoder.SecondStage.ClassMix;
import org.donotanswer.encoder.StageInputs;

/**
 * How the second stages are fitted: their features, and how much each source counts. All that can be tuned is here. Pure
 * functions, hence thread-safe.
 *
 * <p>The stage of the general norm learns events from all sources but the benchmark, whose annotators call more harmful, and
 * classes from all. That of the benchmark's norm learns from the benchmark alone.
 */
final class StageRecipe {
    private static final String BIAS = "bias";
    private static final String ENCODER_MAX = "encoderMax";
    private static final String ENCODER_MEAN = "encoderMean";
    private static final String ENCODER_FIRST = "encoderFirst";
    private static final String ENCODER_REFUSAL = "encoderRefusal";
    private static final String EMBEDDED = "embedded";
    private static final String LOG_WINDOWS = "logWindows";

    /**
     * The features of each head of an event in the general norm. More of them fit the sources better whose harm is known, and
     * those that were left out worse.
     */
    private static final Map<HeadKind, List<String>> FEATURES = Map.of(
            HeadKind.HARMFUL, List.of(BIAS, ENCODER_MEAN, EMBEDDED),
            HeadKind.REFUSAL, List.of(BIAS, ENCODER_MAX, ENCODER_MEAN, ENCODER_FIRST, EMBEDDED, LOG_WINDOWS),
            HeadKind.INSTRUCTION_RISK, List.of(BIAS, ENCODER_MEAN, ENCODER_FIRST, EMBEDDED));

    /** The same in the benchmark's norm, of which there are fewer examples, most of one window. */
    private static final Map<HeadKind, List<String>> BENCHMARK_FEATURES = Map.of(
            HeadKind.HARMFUL, List.of(BIAS, ENCODER_MEAN, ENCODER_FIRST, ENCODER_REFUSAL, EMBEDDED),
            HeadKind.REFUSAL, List.of(BIAS, ENCODER_MEAN, ENCODER_FIRST, EMBEDDED));

    /** Nothing of a set counts more than so many examples of a source, so that none has the say because it is large. */
    private static final double MAX_EXAMPLES_PER_SOURCE = 250;

    /** Sources of responses as LLMs give them, with labels of both kinds: harm in them is flagged too rarely. */
    private static final Set<String> NATURAL =
            Set.of(PairLabels.SOURCE, "safe-rlhf-mini", "gptfuzz", "salad-vlm", "refusal-stability");

    private static final double NATURAL_WEIGHT = 4;
    private static final double L2 = 1;

    private StageRecipe() {}

    /** Both second stages of a model. Immutable, hence thread-safe. */
    record Stages(SecondStage general, SecondStage benchmark) {
        SecondStage in(StageNorm norm) {
            return norm == StageNorm.BENCHMARK ? benchmark : general;
        }
    }

    /**
     * Returns the second stages for heads. A head for which the rows have labels of fewer than two classes gets what the
     * encoder says as it is, or in the benchmark's norm what the general one has.
     *
     * @param sets the rows of each fold, and those held out of the training on all; a source counts in each of them
     */
    static Stages fit(List<List<StageRow>> sets, List<HeadKind> heads) {
        List<Weighted> all = weighted(sets);
        Map<HeadKind, Map<String, Double>> events = new EnumMap<>(HeadKind.class);
        Map<HeadKind, Map<String, Double>> benchmarkEvents = new EnumMap<>(HeadKind.class);
        Map<HeadKind, ClassMix> classes = new EnumMap<>(HeadKind.class);
        Map<HeadKind, ClassMix> benchmarkClasses = new EnumMap<>(HeadKind.class);
        for (HeadKind head : heads) {
            List<Weighted> ofBenchmark = labelled(all, head, StageNorm.BENCHMARK, StageRow::isBenchmark);
            if (SecondStage.isEvent(head)) {
                List<Weighted> others = labelled(all, head, StageNorm.GENERAL, row -> !row.isBenchmark());
                Map<String, Double> weights = canBeFitted(others, head)
                        ? event(others, head, StageNorm.GENERAL, FEATURES.getOrDefault(head, List.of()))
                        : encoderAloneOn(head);
                List<String> features = BENCHMARK_FEATURES.getOrDefault(head, List.of());
                events.put(head, weights);
                benchmarkEvents.put(
                        head,
                        canBeFitted(ofBenchmark, head) && !features.isEmpty()
                                ? event(ofBenchmark, head, StageNorm.BENCHMARK, features)
                                : weights);
            } else {
                List<Weighted> labelled = labelled(all, head, StageNorm.GENERAL, row -> true);
                ClassMix mix =
                        canBeFitted(labelled, head) ? mix(labelled, head, StageNorm.GENERAL) : encoderAlone(head);
                classes.put(head, mix);
                benchmarkClasses.put(
                        head, canBeFitted(ofBenchmark, head) ? mix(ofBenchmark, head, StageNorm.BENCHMARK) : mix);
            }
        }
        return new Stages(new SecondStage(events, classes), new SecondStage(benchmarkEvents, benchmarkClasses));
    }

    /** Returns the second stage that says what the encoder says. */
    static SecondStage encoderAlone(List<HeadKind> heads) {
        return fit(List.of(), heads).general();
    }

    /** A response is harmful if a part of it is; what it does, its beginning tells. */
    private static Map<String, Double> encoderAloneOn(HeadKind head) {
        return Map.of(head == HeadKind.HARMFUL ? ENCODER_MAX : ENCODER_FIRST, 1.0);
    }

    private static ClassMix encoderAlone(HeadKind head) {
        return new ClassMix(
                1, 0, Arrays.stream(new double[head.outputs()]).boxed().toList());
    }

    /** A row and how much it counts. */
    record Weighted(StageRow row, double weight) {}

    /** Returns the rows of all sets, with their weights. */
    static List<Weighted> weighted(List<List<StageRow>> sets) {
        List<Weighted> weighted = new ArrayList<>();
        for (List<StageRow> rows : sets) {
            Map<String, Integer> counts = new HashMap<>();
            rows.forEach(row -> counts.merge(row.example().source(), 1, Integer::sum));
            for (StageRow row : rows) {
                String source = row.example().source();
                double weight = Math.min(1, MAX_EXAMPLES_PER_SOURCE / counts.getOrDefault(source, 1));
                weighted.add(new Weighted(row, NATURAL.contains(source) ? NATURAL_WEIGHT * weight : weight));
            }
        }
        return weighted;
    }

    private static List<Weighted> labelled(
            List<Weighted> all, HeadKind head, StageNorm norm, Predicate<StageRow> isOfNorm) {
        return all.stream()
                .filter(item -> isOfNorm.test(item.row()) && item.row().isLabelled(head, norm))
                .toList();
    }

    private static boolean canBeFitted(List<Weighted> items, HeadKind head) {
        return Arrays.stream(labels(items, head)).distinct().count() > 1;
    }

    private static Map<String, Double> event(
            List<Weighted> items, HeadKind head, StageNorm norm, List<String> features) {
        double[][][] x = new double[items.size()][][];
        for (int i = 0; i < x.length; i++) {
            StageInputs inputs = inputs(items.get(i), norm);
            double[] values = features.stream()
                    .mapToDouble(feature -> inputs.feature(feature, head))
                    .toArray();
            x[i] = new double[][] {new double[values.length], values};
        }
        double[] l2 = features.stream()
                .mapToDouble(feature -> feature.equals(BIAS) ? 0 : L2)
                .toArray();
        double[] weights = SecondStageFit.fit(x, labels(items, head), itemWeights(items), l2);
        Map<String, Double> named = new LinkedHashMap<>();
        for (int j = 0; j < weights.length; j++) {
            named.put(features.get(j), weights[j]);
        }
        return named;
    }

    /** The weights are those of the encoder, of the embedded judge, and of each class. */
    private static ClassMix mix(List<Weighted> items, HeadKind head, StageNorm norm) {
        int classes = head.outputs();
        double[][][] x = new double[items.size()][classes][2 + classes];
        for (int i = 0; i < x.length; i++) {
            StageInputs inputs = inputs(items.get(i), norm);
            for (int k = 0; k < classes; k++) {
                x[i][k][0] = inputs.encoderLogProbability(head, k);
                x[i][k][1] = inputs.embeddedLogProbability(head, k);
                x[i][k][2 + k] = 1;
            }
        }
        double[] l2 = new double[2 + classes];
        Arrays.fill(l2, L2);
        double[] weights = SecondStageFit.fit(x, labels(items, head), itemWeights(items), l2);
        return new ClassMix(
                weights[0],
                weights[1],
                Arrays.stream(weights, 2, weights.length).boxed().toList());
    }

    private static StageInputs inputs(Weighted item, StageNorm norm) {
        return item.row().in(norm).inputs().orElseThrow();
    }

    private static int[] labels(List<Weighted> items, HeadKind head) {
        return items.stream()
                .mapToInt(item -> item.row().label(head).orElseThrow())
                .toArray();
    }

    private static double[] itemWeights(List<Weighted> items) {
        return items.stream().mapToDouble(Weighted::weight).toArray();
    }
}
