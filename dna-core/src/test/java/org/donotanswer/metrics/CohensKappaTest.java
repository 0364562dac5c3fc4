package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.metrics.Samples.letters;

import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CohensKappaTest {
    @Test
    void cohensKappa_byHand() {
        // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: o = .7, e = .5 * .6 + .5 * .4 = .5.
        ConfusionMatrix<String> matrix =
                ConfusionMatrix.ofCounts(letters("YN"), List.of(List.of(20L, 5L), List.of(10L, 15L)));

        assertThat(InterAnnotatorAgreement.cohensKappa(matrix)).isCloseTo(0.4, within(1e-15));
    }

    @Test
    void cohensKappa_isScikitLearns() {
        // scikit-learn 1.2.1, cohen_kappa_score
        assertThat(InterAnnotatorAgreement.cohensKappa(
                        ConfusionMatrix.of(letters("AAAABBBCCD"), letters("AABBBBCCAE"))))
                .isCloseTo(0.30555555555555547, within(1e-15));
        assertThat(InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(Samples.gold(), Samples.predicted())))
                .isCloseTo(0.6397370080158515, within(1e-14));
    }

    @Test
    void cohensKappa_undefined_isNaN() {
        assertThat(InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(letters("AAA"), letters("AAA"))))
                .isNaN();
        assertThat(InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(List.<String>of(), List.of())))
                .isNaN();
    }

    @Property(seed = "20261201")
    void cohensKappa_identical_isOne(@ForAll @Size(min = 2, max = 50) List<@IntRange(max = 5) Integer> labels) {
        Assume.that(labels.stream().distinct().count() > 1);

        assertThat(InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(labels, labels)))
                .isCloseTo(1, within(1e-12));
    }

    @Property(seed = "20261201")
    void cohensKappa_anyLabels_isSymmetric(
            @ForAll @Size(30) List<@IntRange(max = 5) Integer> first,
            @ForAll @Size(30) List<@IntRange(max = 5) Integer> second) {
        double kappa = InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(first, second));

        if (!Double.isNaN(kappa)) {
            assertThat(kappa)
                    .isBetween(-1.0, 1.0)
                    .isCloseTo(InterAnnotatorAgreement.cohensKappa(ConfusionMatrix.of(second, first)), within(1e-12));
        }
    }
}
