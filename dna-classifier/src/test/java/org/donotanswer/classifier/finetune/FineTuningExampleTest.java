package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.transformer.HeadKind;
import org.junit.jupiter.api.Test;

class FineTuningExampleTest {
    private static FineTuningExample example(List<Double> harmful, double weight) {
        return new FineTuningExample(
                "a secret", Optional.of("no"), Map.of(HeadKind.HARMFUL, harmful), "made up", weight);
    }

    @Test
    void of_targetsThatAreNoDistribution_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(List.of(0.5, 0.25, 0.25), 1))
                .withMessage("number of labels of the head HARMFUL must be 2, but was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(List.of(1.5, -0.5), 1))
                .withMessage("target of the head HARMFUL must be in [0, 1], but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(List.of(Double.NaN, 1.0), 1))
                .withMessage("target of the head HARMFUL must be in [0, 1], but was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> example(List.of(0.5, 0.25), 1))
                .withMessage("targets of the head HARMFUL must sum to 1, but did to 0.75");
    }

    @Test
    void of_weightOutOfRange_isRefused() {
        for (double weight : new double[] {0, -1, 1_000.5, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> example(List.of(1.0, 0.0), weight))
                    .withMessage("weight must be above 0 and at most 1000.0, but was " + weight);
        }
    }

    @Test
    void of_targets_areCopied() {
        List<Double> target = new ArrayList<>(List.of(1.0, 0.0));
        Map<HeadKind, List<Double>> targets = new HashMap<>(Map.of(HeadKind.HARMFUL, target));
        FineTuningExample example = new FineTuningExample("", Optional.of("no"), targets, "", 1);
        target.set(0, 0.0);
        targets.clear();

        assertThat(example.targets()).isEqualTo(Map.of(HeadKind.HARMFUL, List.of(1.0, 0.0)));
    }

    @Test
    void toString_texts_areNotShown() {
        assertThat(example(List.of(1.0, 0.0), 1))
                .hasToString("FineTuningExample[instruction=8 chars, response=2 chars, heads=[HARMFUL], source=made up,"
                        + " weight=1.0]");
    }
}
