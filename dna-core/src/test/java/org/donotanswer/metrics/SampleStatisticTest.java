package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.metrics.Samples.letters;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleStatisticTest {
    @Test
    void ofMean_sample_isItsMean() {
        double[] values = {1, 2, 6};
        SampleStatistic mean = SampleStatistic.ofMean(values);
        values[2] = 100;

        assertThat(mean.of(new int[] {0, 1, 2})).isEqualTo(3);
        assertThat(mean.of(new int[] {2, 2, 0, 1})).isEqualTo(3.75);
        assertThat(mean.of(new int[0])).isNaN();
    }

    @Test
    void ofRocAuc_samples_equalScores() {
        double[] scores = Samples.probabilities();
        boolean[] outcomes = Samples.outcomes();
        SampleStatistic auc = SampleStatistic.ofRocAuc(scores, outcomes);
        Random random = new Random(5);
        for (int sample = 0; sample < 20; sample++) {
            int[] items = random.ints(50, 0, scores.length).toArray();
            double[] sampledScores = new double[items.length];
            boolean[] sampledOutcomes = new boolean[items.length];
            for (int i = 0; i < items.length; i++) {
                sampledScores[i] = scores[items[i]];
                sampledOutcomes[i] = outcomes[items[i]];
            }

            assertThat(auc.of(items)).isCloseTo(Scores.rocAuc(sampledScores, sampledOutcomes), within(1e-14));
        }
    }

    @Test
    void ofRocAuc_oneClass_isUndefined() {
        SampleStatistic auc = SampleStatistic.ofRocAuc(new double[] {0.5, 0.25}, new boolean[] {true, false});

        assertThat(auc.of(new int[] {0, 1})).isOne();
        assertThat(auc.of(new int[] {0, 0})).isNaN();
        assertThat(auc.of(new int[] {1})).isNaN();
        assertThat(auc.of(new int[0])).isNaN();
    }

    @Test
    void ofMatrix_listsOfOtherSizes_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleStatistic.ofMatrix(
                        letters("AB"), letters("AB"), letters("ABA"), ConfusionMatrix<String>::total))
                .withMessage("gold and predicted labels must have the same size, but were 2 and 3");
    }

    @Test
    void ofRocAuc_wrongArguments_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleStatistic.ofRocAuc(new double[1], new boolean[2]))
                .withMessage("scores and outcomes must have the same size, but were 1 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleStatistic.ofRocAuc(new double[] {Double.NaN}, new boolean[1]))
                .withMessage("score must be a number, but was NaN (item 0)");
    }
}
