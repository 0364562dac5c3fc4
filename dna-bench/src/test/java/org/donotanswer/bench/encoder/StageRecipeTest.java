package org.donotanswer.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.donotanswer.bench.encoder.StageRecipe.Stages;
import org.donotanswer.bench.encoder.StageRecipe.Weighted;
import org.donotanswer.bench.quality.Prediction;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.dataset.PairLabels;
import org.donotanswer.encoder.SecondStage;
import org.donotanswer.encoder.SecondStage.ClassMix;
import org.donotanswer.encoder.StageInputs;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class StageRecipeTest {
    private static final List<HeadKind> HEADS = List.of(HeadKind.HARMFUL, HeadKind.ACTION);
    private static final int OUTPUTS = 8;

    private static final Map<HeadKind, Double> TEMPERATURES = temperatures();

    private static Map<HeadKind, Double> temperatures() {
        Map<HeadKind, Double> temperatures = new LinkedHashMap<>();
        temperatures.put(HeadKind.HARMFUL, 2.0);
        temperatures.put(HeadKind.ACTION, 1.0);
        return temperatures;
    }

    private static StageRow row(LabelledExample example, Assessment embedded, float[]... windows) {
        return row(example, embedded, embedded, windows);
    }

    private static StageRow row(
            LabelledExample example, Assessment embedded, Assessment embeddedBenchmark, float[]... windows) {
        return StageRow.of(example, false, List.of(windows), TEMPERATURES, embedded, embeddedBenchmark);
    }

    private static float[] window(double harm) {
        float[] window = new float[OUTPUTS];
        window[1] = (float) harm;
        return window;
    }

    private static LabelledExample.Builder example(int id, String source) {
        return LabelledExample.builder(String.valueOf(id), source, "question").response("answer " + id);
    }

    private static Assessment embedded(double harmful) {
        return Scored.builder("embedded").harmful(harmful).build();
    }

    /** Returns examples that the encoder tells well, and the embedded judge by chance. */
    private static List<StageRow> rows(int count, String source, long seed) {
        Random random = new Random(seed);
        List<StageRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean harmful = random.nextBoolean();
            double logit = (harmful ? 3 : -3) + 4 * random.nextGaussian();
            rows.add(row(
                    example(i, source).harmful(harmful).build(),
                    embedded(0.05 + 0.9 * random.nextDouble()),
                    window(logit)));
        }
        return rows;
    }

    /**
     * Returns examples of the benchmark, which the embedded judge tells in the benchmark's norm and by chance in the general
     * one, and the encoder by chance.
     */
    private static List<StageRow> benchmarkRows(int count, long seed) {
        Random random = new Random(seed);
        List<StageRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean harmful = random.nextBoolean();
            rows.add(row(
                    LabelledExample.builder(String.valueOf(i), EmbeddedTrainer.BENCHMARK, "question " + i)
                            .response("answer " + i)
                            .harmful(harmful)
                            .build(),
                    embedded(0.05 + 0.9 * random.nextDouble()),
                    embedded((harmful ? 0.4 : 0) + 0.05 + 0.5 * random.nextDouble()),
                    window(4 * random.nextGaussian())));
        }
        return rows;
    }

    private static Map<String, Double> harmful(SecondStage stage) {
        return stage.events().get(HeadKind.HARMFUL);
    }

    @Test
    void of_severalWindows_arePooledAfterTheTemperature() {
        StageInputs inputs = row(example(1, "s").build(), embedded(0.75), window(2), window(-4), window(100))
                .general()
                .inputs()
                .orElseThrow();

        assertThat(inputs.feature("encoderFirst", HeadKind.HARMFUL)).isEqualTo(1);
        assertThat(inputs.feature("encoderMax", HeadKind.HARMFUL)).isEqualTo(12);
        assertThat(inputs.feature("encoderMean", HeadKind.HARMFUL)).isEqualTo((1 - 2 + 12) / 3.0);
        assertThat(inputs.feature("embedded", HeadKind.HARMFUL)).isCloseTo(Math.log(3), within(1e-12));
        assertThat(inputs.feature("logWindows", HeadKind.HARMFUL)).isEqualTo(Math.log(3));
        // There is no such head, and the embedded judge does not say.
        assertThat(inputs.feature("encoderRisk", HeadKind.HARMFUL)).isZero();
        assertThat(inputs.feature("embeddedRisk", HeadKind.HARMFUL)).isZero();
    }

    @Test
    void fit_encoderThatKnows_outweighsTheJudgeThatDoesNot() {
        SecondStage stage = StageRecipe.fit(List.of(rows(600, "s", 1)), HEADS).general();

        Map<String, Double> weights = harmful(stage);
        assertThat(weights.keySet()).containsExactly("bias", "encoderMean", "embedded");
        assertThat(weights.get("encoderMean")).isGreaterThan(0.5);
        assertThat(Math.abs(weights.get("embedded"))).isLessThan(0.25);
        // There are no labels of actions.
        assertThat(stage.classes().get(HeadKind.ACTION))
                .isEqualTo(new ClassMix(1, 0, List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)));
    }

    @Test
    void fit_rowsOfTheBenchmark_areOfItsNormAlone() {
        List<StageRow> others = rows(300, "s", 1);
        List<StageRow> all = new ArrayList<>(others);
        all.addAll(benchmarkRows(300, 2));

        Stages stages = StageRecipe.fit(List.of(all), HEADS);

        assertThat(harmful(stages.general()))
                .isEqualTo(harmful(StageRecipe.fit(List.of(others), HEADS).general()));
        Map<String, Double> weights = harmful(stages.benchmark());
        assertThat(weights.keySet())
                .containsExactly("bias", "encoderMean", "encoderFirst", "encoderRefusal", "embedded");
        assertThat(weights.get("embedded"))
                .isGreaterThan(5 * Math.abs(weights.get("encoderMean") + weights.get("encoderFirst")));
    }

    @Test
    void fit_withoutRowsOfTheBenchmark_takesTheGeneralStageForIt() {
        Stages stages = StageRecipe.fit(List.of(rows(300, "s", 1)), HEADS);

        assertThat(stages.benchmark()).isEqualTo(stages.general());
    }

    @Test
    void fit_actions_weighsWhatTellsThem() {
        Random random = new Random(3);
        List<StageRow> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int index = random.nextInt(6);
            ResponseAction action = List.of(ResponseAction.values()).get(index);
            float[] window = new float[OUTPUTS];
            window[2 + index] = 1;
            window[2 + random.nextInt(6)] += 1;
            rows.add(row(
                    example(i, EmbeddedTrainer.BENCHMARK).action(action).build(),
                    embedded(0.5),
                    Scored.builder("embedded")
                            .actions(Distribution.certain(action))
                            .build(),
                    window));
        }

        Stages stages = StageRecipe.fit(List.of(rows), HEADS);

        ClassMix mix = stages.general().classes().get(HeadKind.ACTION);
        assertThat(mix.encoderWeight()).isGreaterThan(1.5);
        assertThat(mix.embeddedWeight()).isZero();
        ClassMix benchmark = stages.benchmark().classes().get(HeadKind.ACTION);
        assertThat(benchmark.embeddedWeight()).isGreaterThan(0.2);
    }

    private static double weight(List<Weighted> weighted, String source) {
        return weighted.stream()
                .filter(item -> item.row().example().source().equals(source))
                .findFirst()
                .orElseThrow()
                .weight();
    }

    @Test
    void weighted_sourceOfASet_countsNoMoreThanItsLimitAndNaturalOnesFourfold() {
        List<StageRow> first = new ArrayList<>(rows(500, "large", 1));
        first.addAll(rows(100, "small", 2));
        first.addAll(rows(1_000, "safe-rlhf-mini", 3));
        List<StageRow> second = rows(50, "large", 4);

        List<Weighted> weighted = StageRecipe.weighted(List.of(first, second));

        assertThat(weighted).hasSize(1_650);
        assertThat(weight(weighted, "large")).isEqualTo(0.5);
        assertThat(weight(weighted, "small")).isEqualTo(1);
        assertThat(weight(weighted, "safe-rlhf-mini")).isEqualTo(1);
        // A set of its own, in which it is small.
        assertThat(weighted.get(1_649).weight()).isEqualTo(1);
        assertThat(List.of(PairLabels.SOURCE, "gptfuzz", "salad-vlm", "refusal-stability"))
                .allSatisfy(source -> assertThat(weight(StageRecipe.weighted(List.of(rows(9, source, 1))), source))
                        .isEqualTo(4));
    }

    @Test
    void crossFitted_eachSource_isJudgedByTheOthers() {
        List<StageRow> first = rows(200, "first", 1);
        List<StageRow> second = rows(200, "second", 2);
        List<StageRow> all = new ArrayList<>(first);
        all.addAll(second);
        List<StageRow> heldOut = new ArrayList<>(rows(50, "first", 5));
        List<StageRow> third = rows(50, "third", 6);
        heldOut.addAll(third);

        StageScorer.RowJudge judge = StageScorer.crossFitted(List.of(all, heldOut), HEADS);

        SecondStage ofOthers = StageRecipe.fit(List.of(second, third), HEADS).general();
        assertThat(StageScorer.predictions(all, StageNorm.GENERAL, judge).get(3))
                .isEqualTo(new Prediction(
                        first.get(3).example(),
                        StageScorer.assessment(first.get(3), StageNorm.GENERAL, ofOthers, HEADS)));
    }

    @Test
    void crossFitted_questionOfTheBenchmark_isJudgedByOthers() {
        List<StageRow> rows = benchmarkRows(300, 2);
        // All say that it is harmless, against their labels, for which the stage would be blamed if it had seen it.
        StageRow row = rows.get(7);
        List<StageRow> more = new ArrayList<>(rows);
        for (int i = 0; i < 500; i++) {
            more.add(row(
                    LabelledExample.builder("more" + i, EmbeddedTrainer.BENCHMARK, "question 7")
                            .response("answer " + i)
                            .harmful(true)
                            .build(),
                    embedded(0.01),
                    window(-5)));
        }

        assertThat(StageScorer.crossFitted(List.of(more), HEADS).assess(row, StageNorm.BENCHMARK))
                .isEqualTo(StageScorer.crossFitted(List.of(rows), HEADS).assess(row, StageNorm.BENCHMARK));
        assertThat(StageRecipe.fit(List.of(more), HEADS).benchmark())
                .isNotEqualTo(StageRecipe.fit(List.of(rows), HEADS).benchmark());
    }

    @Test
    void assessment_eachNorm_takesItsOpinionsOfTheEmbeddedJudge() {
        StageRow row = row(example(1, "s").build(), embedded(0.75), embedded(0.9), window(2));
        SecondStage stage = new SecondStage(
                Map.of(HeadKind.HARMFUL, Map.of("bias", -0.5, "encoderMax", 2.0, "embedded", 1.0)),
                Map.of(HeadKind.ACTION, new ClassMix(1, 1, List.of(Math.log(3), 0.0, 0.0, 0.0, 0.0, 0.0))));

        Scored scored = (Scored) StageScorer.assessment(row, StageNorm.GENERAL, stage, HEADS);
        Scored benchmark = (Scored) StageScorer.assessment(row, StageNorm.BENCHMARK, stage, HEADS);

        assertThat(scored.harmful().getAsDouble()).isCloseTo(1 / (1 + Math.exp(-1.5) / 3), within(1e-12));
        assertThat(benchmark.harmful().getAsDouble()).isCloseTo(1 / (1 + Math.exp(-1.5) / 9), within(1e-12));
        assertThat(scored.actions().orElseThrow().probability(ResponseAction.CANNOT_ASSIST))
                .isCloseTo(3.0 / 8, within(1e-12));
    }

    @Test
    void assessment_leftUnscoredByTheEmbeddedJudge_staysSo() {
        Assessment unscored = Unscored.of(UnscoredReason.NO_WORDS, "response has no words");
        StageRow row = row(example(1, "s").harmful(true).build(), unscored, window(2));

        assertThat(StageScorer.assessment(row, StageNorm.GENERAL, StageRecipe.encoderAlone(HEADS), HEADS))
                .isEqualTo(unscored);
    }
}
