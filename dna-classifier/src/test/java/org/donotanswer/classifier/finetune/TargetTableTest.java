package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.donotanswer.classifier.finetune.FineTuningOptions.ClassWeights;
import org.donotanswer.classifier.transformer.HeadKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTableTest {
    private static final List<HeadKind> HARMFUL = List.of(HeadKind.HARMFUL);

    private static FineTuningExample example(Map<HeadKind, List<Double>> targets, double weight) {
        return new FineTuningExample("tea", Optional.of("milk"), targets, "made up", weight);
    }

    private static FineTuningExample harmful(double probability, double weight) {
        return example(Map.of(HeadKind.HARMFUL, List.of(1 - probability, probability)), weight);
    }

    private static float[][] rows(
            List<FineTuningExample> examples, List<HeadKind> heads, FineTuningOptions.Builder options) {
        return TargetTable.of(examples, heads, options.build())
                .rows(IntStream.range(0, examples.size()).boxed().toList(), 1);
    }

    private static void assertRow(float[] row, double... expected) {
        assertThat(row).hasSize(expected.length);
        for (int output = 0; output < row.length; output++) {
            assertThat((double) row[output]).as("output %d", output).isCloseTo(expected[output], within(1e-6));
        }
    }

    @Test
    void rows_defaults_areTheTargetsOverTheDivisor() {
        TargetTable table = TargetTable.of(
                List.of(harmful(0, 1), harmful(1, 1), harmful(0.25, 1)),
                HARMFUL,
                FineTuningOptions.builder().build());

        float[][] rows = table.rows(List.of(2, 0), 4);

        assertThat(rows.length).isEqualTo(2);
        assertRow(rows[0], 0.1875, 0.0625);
        assertRow(rows[1], 0.25, 0);
    }

    @Test
    void rows_labelSmoothing_isSpreadOverAllLabelsOfTheHead() {
        List<Double> refused = new ArrayList<>(Collections.nCopies(6, 0.0));
        refused.set(0, 1.0);
        List<Double> followed = new ArrayList<>(Collections.nCopies(6, 0.0));
        followed.set(5, 1.0);
        List<FineTuningExample> examples = List.of(
                example(Map.of(HeadKind.HARMFUL, List.of(1.0, 0.0), HeadKind.ACTION, refused), 1),
                example(Map.of(HeadKind.HARMFUL, List.of(0.25, 0.75), HeadKind.ACTION, followed), 1));

        float[][] rows = rows(
                examples,
                List.of(HeadKind.HARMFUL, HeadKind.ACTION),
                FineTuningOptions.builder().labelSmoothing(0.12));

        assertRow(rows[0], 0.94, 0.06, 0.9, 0.02, 0.02, 0.02, 0.02, 0.02);
        assertRow(rows[1], 0.28, 0.72, 0.02, 0.02, 0.02, 0.02, 0.02, 0.9);
    }

    /** Three of four are harmless: balanced, those weigh 4 / (2 * 3) and the harmful one 4 / (2 * 1). */
    @ParameterizedTest
    @CsvSource({"NONE, 1, 1", "BALANCED, 0.6666667, 2", "SQUARE_ROOT, 0.8452995, 1.4641016"})
    void rows_classWeights_weighRareClassesMoreWithAMeanOfOne(ClassWeights kind, double harmless, double harmful) {
        float[][] rows = rows(
                List.of(harmful(0, 1), harmful(0, 1), harmful(1, 1), harmful(0, 1)),
                HARMFUL,
                FineTuningOptions.builder().classWeights(kind));

        assertRow(rows[0], harmless, 0);
        assertRow(rows[2], 0, harmful);
        assertThat(3 * harmless + harmful).isCloseTo(4, within(1e-6));
    }

    /** A soft label has the mean of the weights of its classes: counts are 2.5 and 1.5 of 4. */
    @Test
    void rows_softLabels_countForBothClasses() {
        float[][] rows = rows(
                List.of(harmful(0, 1), harmful(0, 1), harmful(1, 1), harmful(0.5, 1)),
                HARMFUL,
                FineTuningOptions.builder().classWeights(ClassWeights.BALANCED));

        assertRow(rows[0], 0.8, 0);
        assertRow(rows[2], 0, 4 / 3.0);
        assertRow(rows[3], 0.5 * (0.8 + 4 / 3.0) / 2, 0.5 * (0.8 + 4 / 3.0) / 2);
    }

    @Test
    void rows_weightsOfExamples_haveAMeanOfOne() {
        float[][] rows = rows(List.of(harmful(0, 3), harmful(1, 1)), HARMFUL, FineTuningOptions.builder());

        assertRow(rows[0], 1.5, 0);
        assertRow(rows[1], 0, 0.5);
    }

    /** With the weights 3 and 1, the classes balance at 4 / (2 * 3) and 4 / (2 * 1), so that both rows weigh the same. */
    @Test
    void rows_weightsOfExamplesAndClasses_areMultiplied() {
        float[][] rows = rows(
                List.of(harmful(0, 3), harmful(1, 1)),
                HARMFUL,
                FineTuningOptions.builder().classWeights(ClassWeights.BALANCED));

        assertRow(rows[0], 1, 0);
        assertRow(rows[1], 0, 1);
    }

    @Test
    void rows_missingLabels_areZeroAndDoNotCountInTheMean() {
        List<FineTuningExample> examples = List.of(
                example(Map.of(HeadKind.HARMFUL, List.of(1.0, 0.0)), 1),
                example(Map.of(HeadKind.HARMFUL, List.of(0.0, 1.0), HeadKind.REFUSAL, List.of(1.0, 0.0)), 2),
                example(Map.of(HeadKind.REFUSAL, List.of(0.0, 1.0)), 1));

        float[][] rows = rows(
                examples,
                List.of(HeadKind.REFUSAL, HeadKind.HARMFUL),
                FineTuningOptions.builder().headWeight(HeadKind.REFUSAL, 0.5));

        assertRow(rows[0], 0, 0, 2 / 3.0, 0);
        assertRow(rows[1], 2 / 3.0, 0, 0, 4 / 3.0);
        assertRow(rows[2], 0, 1 / 3.0, 0, 0);
    }

    @Test
    void of_fewerThanTwoClasses_isRefused() {
        FineTuningOptions options = FineTuningOptions.builder().build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTable.of(List.of(harmful(1, 1), harmful(1, 1)), HARMFUL, options))
                .withMessage(
                        "labels of the head harmful must be at least two of [harmless, harmful], but were [harmful]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetTable.of(List.of(harmful(0.5, 1)), List.of(HeadKind.REFUSAL), options))
                .withMessage("labels of the head refusal must be at least two of [no refusal, refusal], but were []");
    }

    @Test
    void missingLabels_someOrNone_areNamed() {
        List<Double> refused = new ArrayList<>(Collections.nCopies(6, 0.0));
        refused.set(0, 0.75);
        refused.set(5, 0.25);
        List<FineTuningExample> examples = List.of(
                example(Map.of(HeadKind.ACTION, refused), 1), example(Map.of(HeadKind.HARMFUL, List.of(0.5, 0.5)), 1));

        assertThat(TargetTable.missingLabels(examples, List.of(HeadKind.HARMFUL, HeadKind.ACTION, HeadKind.REFUSAL)))
                .containsExactly(
                        "labels of the head action without an example: refute opinion, dual perspectives, cautious"
                                + " disclaimer, unable or uncertain",
                        "labels of the head refusal without an example: no refusal, refusal");
    }
}
