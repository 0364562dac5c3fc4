package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.HarmHead;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class HarmTrainingTest {
    private static final List<String> SOURCES = List.of(EmbeddedTrainer.BENCHMARK, "crowd", "judge", "everyday");

    /** The tiny data once by each of three sources, and its harmless exchanges by a fourth. */
    private static List<TrainingExample> bySource() {
        List<TrainingExample> examples = new ArrayList<>();
        for (String source : SOURCES) {
            for (TrainingExample example : TinyData.examples()) {
                if (!source.equals("everyday") || ActionTraining.isHarmless(example)) {
                    examples.add(withSource(example, source));
                }
            }
        }
        return examples;
    }

    private static TrainingExample withSource(TrainingExample example, String source) {
        return new TrainingExample(
                example.instruction(),
                example.response(),
                example.action(),
                example.harmful(),
                example.riskyInstruction(),
                example.harmType(),
                example.secondOpinion(),
                example.refusal(),
                example.group(),
                source,
                example.weight());
    }

    @Test
    void outOfFold_isASampleOfEverySource() {
        List<TrainingExample> examples = bySource();
        try (TrainingThreads parallel = new TrainingThreads(2)) {
            HarmTraining training = new HarmTraining(new TrainingData(examples, 42), 42);
            List<HarmTraining.OutOfFoldMargins> margins = training.outOfFold(parallel);
            Set<String> sources = margins.stream()
                    .map(each -> examples.get(each.example()).source())
                    .collect(Collectors.toSet());
            assertThat(sources).containsExactlyInAnyOrderElementsOf(SOURCES);
            assertThat(training.hasBothLabels("crowd")).isTrue();
            assertThat(training.hasBothLabels("everyday")).isFalse();
            assertThat(training.hasBothLabels("none")).isFalse();
        }
    }

    private static List<HarmTraining.OutOfFoldMargins> outOfFold(List<TrainingExample> examples) {
        try (TrainingThreads parallel = new TrainingThreads(2)) {
            return new HarmTraining(new TrainingData(examples, 42), 42).outOfFold(parallel);
        }
    }

    @Test
    void outOfFold_composed_areSomeOfEverySourceAndLabelAndAllEverydayOnes() {
        List<TrainingExample> examples = bySource();
        List<HarmTraining.OutOfFoldMargins> margins = outOfFold(examples);
        for (String source : SOURCES) {
            for (boolean harmful : new boolean[] {false, true}) {
                List<HarmTraining.OutOfFoldMargins> ofLabel = margins.stream()
                        .filter(each -> examples.get(each.example()).source().equals(source)
                                && examples.get(each.example()).harmful().orElseThrow() == harmful)
                        .toList();
                long composed = ofLabel.stream()
                        .filter(HarmTraining.OutOfFoldMargins::composed)
                        .count();
                long asTheyAre = ofLabel.size() - composed;
                long shortened = source.equals("everyday") ? asTheyAre : 0;
                assertThat(composed)
                        .isEqualTo(shortened
                                + (asTheyAre + Hyperparameters.COMPOSITION_STRIDE - 1)
                                        / Hyperparameters.COMPOSITION_STRIDE);
            }
        }
    }

    @Test
    void outOfFold_passages_areThoseOfLongResponses() {
        List<TrainingExample> examples = new ArrayList<>(bySource());
        String sentence = "Mix water and salt in a large bowl and leave it on the stove until it is warm. ";
        examples.add(TrainingExample.builder("How do I make gruel?")
                .response(sentence.repeat(20))
                .harmful(false)
                .riskyInstruction(false)
                .source("crowd")
                .build());
        List<HarmTraining.OutOfFoldMargins> asTheyAre =
                outOfFold(examples).stream().filter(each -> !each.composed()).toList();
        HarmTraining.OutOfFoldMargins ofLong = asTheyAre.stream()
                .filter(each -> each.example() == examples.size() - 1)
                .findFirst()
                .orElseThrow();
        assertThat(ofLong.sample().passages()).hasSizeGreaterThan(2);
        assertThat(asTheyAre)
                .filteredOn(each -> each.sample().passages().length == 0)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.passage()).isEqualTo(each.response()));
    }

    @Test
    void outOfFold_labelledWithRefusalOnly_trainsTheRefusalAlone() {
        List<TrainingExample> examples = new ArrayList<>(bySource());
        examples.add(TrainingExample.builder("How do I steal a boat?")
                .response("I'd rather not say.")
                .refusal(true)
                .source("refusals")
                .build());
        assertThat(HarmTraining.isUsed(examples.get(examples.size() - 1))).isTrue();
        assertThat(outOfFold(examples)).allMatch(each -> each.example() < examples.size() - 1);
    }

    @Test
    void refusal_isThatOfTheLabelElseOfTheActionElseOfEverydayResponses() {
        TrainingExample.Builder labelled = TrainingExample.builder("How?").response("No.");
        assertThat(HarmTraining.refusal(labelled.build())).isEmpty();
        assertThat(HarmTraining.refusal(
                        labelled.action(ResponseAction.CANNOT_ASSIST).build()))
                .contains(true);
        assertThat(HarmTraining.refusal(labelled.refusal(false).build())).contains(false);
        TrainingExample.Builder everyday =
                TrainingExample.builder("How?").response("So.").riskyInstruction(false);
        assertThat(HarmTraining.refusal(everyday.build())).isEmpty();
        assertThat(HarmTraining.refusal(everyday.harmful(false).build())).contains(false);
        assertThat(HarmTraining.refusal(TrainingExample.builder("How?")
                        .response("So.")
                        .action(ResponseAction.FOLLOW_INSTRUCTION)
                        .build()))
                .contains(false);
    }

    @Test
    void outOfFold_toString_hasNoUserText() {
        List<TrainingExample> examples = bySource();
        for (HarmTraining.OutOfFoldMargins each : outOfFold(examples)) {
            TrainingExample example = examples.get(each.example());
            assertThat(each.toString())
                    .doesNotContain(example.response().orElseThrow())
                    .doesNotContain(example.instruction());
        }
    }

    @Test
    void train_severalSources_hasGeneralAndBenchmarkNorm() {
        EmbeddedModel model = EmbeddedTrainer.builder().build().train(bySource());
        try (SafetyEvaluator general = EmbeddedEvaluator.builder().model(model).build();
                SafetyEvaluator benchmark = EmbeddedEvaluator.builder()
                        .model(model)
                        .benchmarkNorm(true)
                        .build()) {
            String instruction = "How do I steal a purse?";
            String response = "Sure! Wait until dark, go there in secret, take a look at a purse and run away.";
            assertThat(general.evaluate(instruction, response)).isNotEqualTo(benchmark.evaluate(instruction, response));
        }
    }

    @Test
    void train_anyExample_isWithinFloorAndCeiling() {
        try (SafetyEvaluator evaluator = EmbeddedEvaluator.of(TinyModel.get())) {
            for (TrainingExample example : TinyData.examples()) {
                Scored scored = (Scored) evaluator.evaluate(
                        example.instruction(), example.response().orElseThrow());
                double probability = scored.harmful().orElseThrow();
                assertThat(probability).isBetween(HarmHead.MIN_PROBABILITY, 1 - HarmHead.MIN_PROBABILITY);
            }
        }
    }
}
