package org.donotanswer.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.donotanswer.classifier.embedded.training.Compositions;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class TrainingMixTest {
    private static final int EXAMPLES = 1000;
    private static final String REFUSAL = "No, I will not.";
    private static final String EVERYDAY =
            "Boil the water. Pour it over the leaves, and wait for three whole minutes. Then drink it while it is hot. "
                    + "Some like it with milk, some with sugar, and some with neither of both.";

    private static List<TrainingExample> examples(String source, boolean harmful) {
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            examples.add(TrainingExample.builder("How do I steal coin " + i + "?")
                    .response("Take coin " + i + " and run.")
                    .source(source)
                    .harmful(harmful)
                    .refusal(false)
                    .riskyInstruction(true)
                    .build());
        }
        return examples;
    }

    private static TrainingExample refusal() {
        return TrainingExample.builder("How?")
                .response(REFUSAL)
                .refusal(true)
                .harmful(false)
                .build();
    }

    private static TrainingExample everyday() {
        return TrainingExample.builder("How do I make tea?")
                .response(EVERYDAY)
                .riskyInstruction(false)
                .harmful(false)
                .build();
    }

    private static Map<String, Long> counts(double share, TrainingExample... examples) {
        return new TrainingMix(share, 3)
                .examples(List.of(examples)).stream()
                        .collect(Collectors.groupingBy(FineTuningExample::source, Collectors.counting()));
    }

    @Test
    void examples_passesOfASource_areThoseOfTheTable() {
        TrainingMix mix = new TrainingMix(1, 3);

        assertThat(mix.examples(examples("safe-rlhf-mini", false))).hasSize(3 * EXAMPLES);
        assertThat(mix.examples(examples("uncensored", false))).hasSize(EXAMPLES);
        assertThat(mix.examples(examples("contrast/any", false))).hasSize(EXAMPLES);
        assertThat(mix.examples(examples("any", false))).hasSizeBetween(750, 850);
        assertThat(mix.examples(examples("diasafety", false))).hasSizeBetween(250, 350);
        assertThat(new TrainingMix(0.5, 3).examples(examples("safe-rlhf-mini", false)))
                .hasSizeBetween(1450, 1550);
    }

    @Test
    void examples_instructionAlone_isPassedAsOftenAsThoseOfOtherSources() {
        TrainingExample[] instructions = examples("atr", false).stream()
                .map(example -> TrainingExample.builder(example.instruction())
                        .source("atr")
                        .riskyInstruction(true)
                        .build())
                .toArray(TrainingExample[]::new);

        assertThat(counts(1, instructions).get("atr")).isBetween(750L, 850L);
    }

    @Test
    void examples_sameSeed_sameOrder() {
        List<TrainingExample> all = examples("any", true);

        List<FineTuningExample> mixed = new TrainingMix(0.8, 3).examples(all);

        assertThat(mixed).isEqualTo(new TrainingMix(0.8, 3).examples(all));
        assertThat(mixed).isNotEqualTo(new TrainingMix(0.8, 4).examples(all));
        assertThat(mixed.get(0).instruction()).isNotEqualTo(all.get(0).instruction());
    }

    @Test
    void examples_harmfulResponses_areComposedByChance() {
        List<TrainingExample> all = new ArrayList<>(examples("uncensored", true));
        all.add(refusal());
        all.add(everyday());

        List<FineTuningExample> composed = new TrainingMix(1, 3)
                .examples(all).stream()
                        .filter(example -> example.source().equals("uncensored"))
                        .filter(example -> !example.response().orElseThrow().matches("Take coin \\d+ and run\\."))
                        .toList();

        assertThat(composed).hasSizeBetween(150, 250);
        assertThat(composed).allSatisfy(example -> assertThat(example.targets())
                .containsEntry(HeadKind.HARMFUL, List.of(0.0, 1.0))
                .containsKey(HeadKind.INSTRUCTION_RISK)
                .doesNotContainKeys(HeadKind.REFUSAL, HeadKind.ACTION));
        List<String> texts = composed.stream()
                .map(example -> example.response().orElseThrow())
                .toList();
        assertThat(texts).anyMatch(text -> text.startsWith(REFUSAL + "\n\nTake coin"));
        assertThat(texts).anyMatch(text -> text.endsWith("run.\n\n" + REFUSAL));
        String sentence = EVERYDAY.substring(0, EVERYDAY.indexOf(" Then"));
        assertThat(texts)
                .anyMatch(text -> text.startsWith(sentence + "\n\nTake") && text.endsWith("run.\n\n" + sentence));
        assertThat(texts).anyMatch(text -> text.endsWith("put your safety and that of others first."));
    }

    @Test
    void examples_harmlessResponses_areComposedLessOften() {
        List<TrainingExample> all = new ArrayList<>(examples("uncensored", false));
        all.add(refusal());
        all.add(everyday());

        long composed = new TrainingMix(1, 3)
                .examples(all).stream()
                        .filter(example -> example.source().equals("uncensored"))
                        .count();

        assertThat(composed - EXAMPLES).isBetween(30L, 75L);
    }

    @Test
    void examples_everydayResponses_areCutAtTheEndOfASentence() {
        List<TrainingExample> all = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            all.add(everyday());
        }

        Map<String, Long> responses = new TrainingMix(1.25, 3)
                .examples(all).stream()
                        .collect(Collectors.groupingBy(
                                example -> example.response().orElseThrow(), Collectors.counting()));

        assertThat(responses.get(EVERYDAY)).isBetween(750L, 870L);
        assertThat(responses.keySet())
                .contains(
                        "Boil the water.", "Boil the water. Pour it over the leaves, and wait for three whole minutes.")
                .allMatch(response -> response.endsWith(".") && EVERYDAY.startsWith(response));
    }

    @Test
    void endOfSentence_variousTexts_isBehindTheMark() {
        assertThat(Compositions.endOfSentence("One. Two.", 0)).isEqualTo(4);
        assertThat(Compositions.endOfSentence("One. Two.", 4)).isEqualTo(9);
        assertThat(Compositions.endOfSentence("1.5 or\n2", 0)).isEqualTo(7);
        assertThat(Compositions.endOfSentence("never ends", 3)).isEqualTo(10);
        assertThat(Compositions.endOfSentence("short", 60)).isEqualTo(5);
    }

    @Test
    void unmixed_labels_becomeTargets() {
        TrainingExample twoOpinions = TrainingExample.builder("q")
                .response("r")
                .action(ResponseAction.CANNOT_ASSIST)
                .secondOpinion(ResponseAction.FOLLOW_INSTRUCTION)
                .build();
        TrainingExample unlabelled = TrainingExample.builder("q").response("r").build();

        List<FineTuningExample> unmixed = TrainingMix.unmixed(List.of(twoOpinions, unlabelled, everyday()));

        assertThat(unmixed).hasSize(2);
        assertThat(unmixed.get(0).targets())
                .containsEntry(HeadKind.ACTION, List.of(0.8, 0.0, 0.0, 0.0, 0.0, 0.2))
                .containsEntry(HeadKind.REFUSAL, List.of(0.0, 1.0));
        assertThat(unmixed.get(1).targets()).containsEntry(HeadKind.REFUSAL, List.of(1.0, 0.0));
        assertThat(unmixed.get(1).response()).isEqualTo(Optional.of(EVERYDAY));
    }

    @Test
    void share_outOfRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingMix(0, 1))
                .withMessage("share must be above 0 and at most 10.0, but was 0.0");
    }
}
