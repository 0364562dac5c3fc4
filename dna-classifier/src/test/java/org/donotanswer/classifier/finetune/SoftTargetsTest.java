package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.SoftLabels;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class SoftTargetsTest {
    private static final Exchange EXCHANGE = Exchange.of("How?", "So.");

    private static Scored assessment() {
        return Scored.builder("teacher")
                .harmful(0.75)
                .refusal(0.25)
                .instructionRisk(0.875)
                .actions(Distribution.certain(ResponseAction.CAUTIOUS_DISCLAIMER))
                .harmTypes(Distribution.certain(HarmType.ADULT_CONTENT))
                .build();
    }

    private static FineTuningExample example(Map<HeadKind, List<Double>> targets) {
        return new FineTuningExample("How?", Optional.of("So."), targets, "", 1);
    }

    @Test
    void of_assessment_hasATargetForEachOfItsHeads() {
        FineTuningExample example = FineTuningExample.of(EXCHANGE, assessment(), "crowd");

        assertThat(example.instruction()).isEqualTo("How?");
        assertThat(example.response()).contains("So.");
        assertThat(example.source()).isEqualTo("crowd");
        assertThat(example.targets())
                .hasSize(5)
                .containsEntry(HeadKind.HARMFUL, List.of(0.25, 0.75))
                .containsEntry(HeadKind.REFUSAL, List.of(0.75, 0.25))
                .containsEntry(HeadKind.INSTRUCTION_RISK, List.of(0.125, 0.875));
        assertThat(example.targets().get(HeadKind.ACTION))
                .hasSize(6)
                .element(HeadKind.ACTION.labels().indexOf(ResponseAction.CAUTIOUS_DISCLAIMER.shortName()))
                .isEqualTo(1.0);
        assertThat(example.targets().get(HeadKind.HARM_TYPE))
                .hasSize(12)
                .element(HeadKind.HARM_TYPE.labels().indexOf(HarmType.ADULT_CONTENT.shortName()))
                .isEqualTo(1.0);
    }

    @Test
    void of_assessmentWithOneHead_hasNoOtherTarget() {
        Scored harm = Scored.builder("teacher").harmful(0.5).build();

        assertThat(FineTuningExample.of(EXCHANGE, harm, "").targets()).containsOnlyKeys(HeadKind.HARMFUL);
    }

    @Test
    void of_blankResponse_hasTargetsOfTheInstructionOnly() {
        FineTuningExample example = FineTuningExample.of(Exchange.of("How?", ""), assessment(), "");

        assertThat(example.response()).isEmpty();
        assertThat(example.targets()).containsOnlyKeys(HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);
    }

    @Test
    void of_trainingExampleWithSoftLabels_hasTheirProbabilities() {
        TrainingExample labelled = TrainingExample.builder("How?")
                .response("So.")
                .harmful(false)
                .action(ResponseAction.CAUTIOUS_DISCLAIMER)
                .build();

        FineTuningExample example =
                FineTuningExample.of(SoftLabels.of(assessment()).applyTo(labelled, 0.5));

        assertThat(example.targets()).containsEntry(HeadKind.HARMFUL, List.of(0.625, 0.375));
    }

    @Test
    void mixed_targetOfBoth_isMixed() {
        FineTuningExample hard =
                example(Map.of(HeadKind.HARMFUL, List.of(1.0, 0.0), HeadKind.REFUSAL, List.of(0.0, 1.0)));
        FineTuningExample soft =
                example(Map.of(HeadKind.HARMFUL, List.of(0.5, 0.5), HeadKind.INSTRUCTION_RISK, List.of(0.25, 0.75)));

        assertThat(FineTuningExample.mixed(hard, soft, 0.25).targets())
                .containsOnly(
                        Map.entry(HeadKind.HARMFUL, List.of(0.875, 0.125)),
                        Map.entry(HeadKind.REFUSAL, List.of(0.0, 1.0)),
                        Map.entry(HeadKind.INSTRUCTION_RISK, List.of(0.25, 0.75)));
    }

    @Test
    void mixed_badArguments_throw() {
        FineTuningExample example = example(Map.of());
        FineTuningExample other = new FineTuningExample("Why?", Optional.of("So."), Map.of(), "", 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FineTuningExample.mixed(example, example, -1))
                .withMessage("share must be in [0, 1], but was -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FineTuningExample.mixed(example, other, 0.5))
                .withMessage("examples must be of the same exchange, but were " + example + " and " + other);
    }
}
