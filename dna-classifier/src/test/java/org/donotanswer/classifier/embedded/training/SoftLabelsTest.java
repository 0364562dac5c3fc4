package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.TestModels;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class SoftLabelsTest {
    private static final TrainingExample UNLABELLED =
            TrainingExample.builder("How?").response("So.").build();

    private static Distribution<ResponseAction> mostly(ResponseAction action, double probability) {
        Map<ResponseAction, Double> weights = new EnumMap<>(ResponseAction.class);
        for (ResponseAction each : ResponseAction.values()) {
            weights.put(each, each == action ? probability : (1 - probability) / 5);
        }
        return Distribution.normalized(weights);
    }

    private static Scored assessment(double harmful, double risk) {
        return Scored.builder("teacher")
                .harmful(harmful)
                .refusal(0.25)
                .instructionRisk(risk)
                .actions(mostly(ResponseAction.REFUTE_OPINION, 0.75))
                .harmTypes(Distribution.certain(HarmType.ADULT_CONTENT))
                .build();
    }

    private static SoftLabels labels(double harmful, double risk) {
        return SoftLabels.of(assessment(harmful, risk));
    }

    @Test
    void of_assessment_hasItsProbabilities() {
        SoftLabels labels = labels(0.7, 0.9);

        assertThat(labels.harmful()).hasValue(0.7);
        assertThat(labels.refusal()).hasValue(0.25);
        assertThat(labels.instructionRisk()).hasValue(0.9);
        assertThat(labels.actions()).contains(mostly(ResponseAction.REFUTE_OPINION, 0.75));
        assertThat(labels.harmTypes()).contains(Distribution.certain(HarmType.ADULT_CONTENT));
    }

    @Test
    void of_assessmentOfNoHarm_hasNoTypeOfHarm() {
        assertThat(labels(0.1, 0.2).harmTypes()).isEmpty();
    }

    @Test
    void of_assessmentWithOneHead_hasNoOther() {
        SoftLabels labels = SoftLabels.of(Scored.builder("teacher").harmful(0.5).build());

        assertThat(labels)
                .isEqualTo(new SoftLabels(
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void applyTo_unlabelled_isTheTeachersAlone() {
        SoftLabels labels = labels(0.7, 0.9);

        TrainingExample example = labels.applyTo(UNLABELLED, 0.3);

        assertThat(example.softLabels()).isEqualTo(labels);
        assertThat(example.harmful()).contains(true);
        assertThat(example.refusal()).contains(false);
        assertThat(example.riskyInstruction()).contains(true);
        assertThat(example.action()).contains(ResponseAction.REFUTE_OPINION);
        assertThat(example.harmType()).contains(HarmType.ADULT_CONTENT);
    }

    @Test
    void applyTo_labelled_isMixedAndKeepsItsLabels() {
        TrainingExample labelled = TrainingExample.builder("How?")
                .response("So.")
                .harmful(false)
                .action(ResponseAction.FOLLOW_INSTRUCTION)
                .secondOpinion(ResponseAction.CAUTIOUS_DISCLAIMER)
                .harmType(HarmType.CHATBOT_AS_HUMAN)
                .build();

        TrainingExample example = labels(0.8, 0.9).applyTo(labelled, 0.25);

        assertThat(example.harmful()).contains(false);
        assertThat(example.softLabels().harmful().orElseThrow()).isCloseTo(0.2, within(1e-12));
        assertThat(example.softLabels().instructionRisk()).hasValue(0.9);
        assertThat(example.action()).contains(ResponseAction.FOLLOW_INSTRUCTION);
        Distribution<ResponseAction> actions = example.softLabels().actions().orElseThrow();
        assertThat(actions.probability(ResponseAction.FOLLOW_INSTRUCTION))
                .isCloseTo(0.75 * 0.8 + 0.25 * 0.05, within(1e-12));
        assertThat(actions.probability(ResponseAction.CAUTIOUS_DISCLAIMER))
                .isCloseTo(0.75 * 0.2 + 0.25 * 0.05, within(1e-12));
        assertThat(actions.probability(ResponseAction.REFUTE_OPINION)).isCloseTo(0.25 * 0.75, within(1e-12));
        Distribution<HarmType> types = example.softLabels().harmTypes().orElseThrow();
        assertThat(types.probability(HarmType.CHATBOT_AS_HUMAN)).isCloseTo(0.75, within(1e-12));
        assertThat(types.probability(HarmType.ADULT_CONTENT)).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void applyTo_instructionAlone_hasNoLabelsOfAResponse() {
        TrainingExample example =
                labels(0.8, 0.9).applyTo(TrainingExample.builder("How?").build(), 1);

        assertThat(example.harmful()).isEmpty();
        assertThat(example.action()).isEmpty();
        assertThat(example.refusal()).isEmpty();
        assertThat(example.softLabels().instructionRisk()).hasValue(0.9);
        assertThat(example.softLabels().harmTypes()).isPresent();
    }

    @Test
    void applyTo_harmlessInstruction_hasNoTypeOfHarm() {
        TrainingExample harmless = TrainingExample.builder("How?")
                .response("So.")
                .riskyInstruction(false)
                .build();

        assertThat(labels(0.8, 0.9).applyTo(harmless, 0.5).harmType()).isEmpty();
    }

    @Test
    void applyTo_twice_throws() {
        SoftLabels labels = labels(0.8, 0.9);
        TrainingExample example = labels.applyTo(UNLABELLED, 1);

        assertThatIllegalStateException()
                .isThrownBy(() -> labels.applyTo(example, 1))
                .withMessage("soft labels must be applied once, but were twice");
    }

    @Test
    void badValues_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoftLabels.NONE.applyTo(UNLABELLED, 1.5))
                .withMessage("share must be in [0, 1], but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftLabels(
                        OptionalDouble.empty(),
                        OptionalDouble.of(-0.1),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .withMessage("refusal must be in [0, 1], but was -0.1");
        SoftLabels labels = labels(0.8, 0.9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingExample(
                        "",
                        Optional.of("So."),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        "",
                        1,
                        labels))
                .withMessage("soft label harmful must go with a label, but was without");
    }

    /** Returns the tiny data with the probability of its own labels, and with soft labels of what it is labelled with. */
    private static List<TrainingExample> tinyData(double probability) {
        return TinyData.examples().stream()
                .map(example -> new SoftLabels(
                                OptionalDouble.of(example.harmful().orElseThrow() ? probability : 1 - probability),
                                OptionalDouble.empty(),
                                OptionalDouble.of(
                                        example.riskyInstruction().orElseThrow() ? probability : 1 - probability),
                                example.action().map(action -> mostly(action, probability)),
                                example.harmType().map(Distribution::certain))
                        .applyTo(example, 1))
                .toList();
    }

    private static EmbeddedModel train(List<TrainingExample> examples) {
        return EmbeddedTrainer.builder().threads(2).build().train(examples);
    }

    @Test
    void train_certainLabels_givesTheBytesOfLabels() throws IOException {
        assertThat(TestModels.bytes(train(tinyData(1)))).isEqualTo(TestModels.bytes(TinyModel.get()));
    }

    @Test
    void train_uncertainLabels_givesUncertainProbabilities() {
        TrainingExample example = TinyData.examples().stream()
                .filter(each -> each.harmful().orElseThrow())
                .findFirst()
                .orElseThrow();
        try (SafetyEvaluator certain = EmbeddedEvaluator.of(TinyModel.get());
                SafetyEvaluator uncertain = EmbeddedEvaluator.of(train(tinyData(0.7)))) {
            Scored before = (Scored)
                    certain.evaluate(example.instruction(), example.response().orElseThrow());
            Scored after = (Scored)
                    uncertain.evaluate(example.instruction(), example.response().orElseThrow());
            assertThat(after.harmful().orElseThrow())
                    .isBetween(0.5, before.harmful().orElseThrow() - 0.1);
            assertThat(after.instructionRisk().orElseThrow())
                    .isBetween(0.5, before.instructionRisk().orElseThrow() - 0.1);
            assertThat(after.actions().orElseThrow().probability(ResponseAction.FOLLOW_INSTRUCTION))
                    .isLessThan(before.actions().orElseThrow().probability(ResponseAction.FOLLOW_INSTRUCTION));
        }
    }
}
