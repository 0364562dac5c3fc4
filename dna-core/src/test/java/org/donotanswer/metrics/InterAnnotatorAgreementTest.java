package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.InterAnnotatorAgreement.AnnotatorPair;
import org.junit.jupiter.api.Test;

class InterAnnotatorAgreementTest {
    private static final List<Integer> LABELS = List.of(0, 1, 2, 3, 4, 5);
    private static final List<ToDoubleFunction<Ratings<?>>> COEFFICIENTS = List.of(
            InterAnnotatorAgreement::percentAgreement,
            InterAnnotatorAgreement::fleissKappa,
            InterAnnotatorAgreement::krippendorffsAlpha);

    /** Returns ratings from a string per annotator, with a char per item: its label, or a dot if it is missing. */
    private static Ratings<Integer> annotators(String... annotators) {
        Ratings.Builder<Integer> builder = Ratings.builder(LABELS);
        for (int item = 0; item < annotators[0].length(); item++) {
            for (int annotator = 0; annotator < annotators.length; annotator++) {
                char label = annotators[annotator].charAt(item);
                if (label != '.') {
                    builder.add("item " + item, "" + (char) ('A' + annotator), label - '0');
                }
            }
        }
        return builder.build();
    }

    /** Returns ratings from a row per item, with the number of annotators who gave it each label. */
    private static Ratings<Integer> counts(int[][] rows) {
        Ratings.Builder<Integer> builder = Ratings.builder(LABELS);
        for (int item = 0; item < rows.length; item++) {
            int annotator = 0;
            for (int label = 0; label < rows[item].length; label++) {
                for (int i = 0; i < rows[item][label]; i++) {
                    builder.add("item " + item, "annotator " + annotator++, label);
                }
            }
        }
        return builder.build();
    }

    /** The reliability data of Krippendorff (2011), section C: four observers, twelve units. */
    private static Ratings<Integer> krippendorff() {
        return annotators("123321412...", "1233224125.3", ".3332342251.", "12332441251.");
    }

    @Test
    void krippendorffsAlpha_isKrippendorffs() {
        // The paper gives .743; the other digits come from a computation pair by pair in Python.
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(krippendorff()))
                .isCloseTo(0.7434210526315791, within(1e-14));
        // The last unit has a single label and does not count.
        assertThat(InterAnnotatorAgreement.percentAgreement(krippendorff()))
                .isCloseTo(0.8181818181818182, within(1e-14));
        assertThat(InterAnnotatorAgreement.fleissKappa(krippendorff())).isCloseTo(0.7624831309041836, within(1e-14));
    }

    @Test
    void pairs_areThoseOfItemsThatBothLabelled() {
        List<AnnotatorPair> pairs = InterAnnotatorAgreement.pairs(krippendorff());

        // C comes last, as annotators are in the order of their first labels. The kappas were computed in Python.
        assertThat(pairs)
                .extracting(pair -> pair.first() + pair.second() + pair.items())
                .containsExactly("AB9", "AD9", "AC8", "BD10", "BC9", "DC10");
        assertThat(pairs.stream().mapToDouble(AnnotatorPair::cohensKappa).toArray())
                .containsExactly(
                        new double[] {
                            0.8448275862068965,
                            0.85,
                            0.4782608695652174,
                            0.8701298701298702,
                            0.5423728813559322,
                            0.6153846153846153
                        },
                        within(1e-14));
        assertThat(pairs.get(0).percentAgreement()).isCloseTo(8 / 9.0, within(1e-15));
        assertThat(InterAnnotatorAgreement.cohensKappa(krippendorff(), "C", "A"))
                .isEqualTo(pairs.get(2).cohensKappa());
    }

    @Test
    void fleissKappa_fourteenAnnotators_byHand() {
        // A common worked example: 14 annotators, 10 items, 5 labels; kappa .210.
        Ratings<Integer> ratings = counts(new int[][] {
            {0, 0, 0, 0, 14},
            {0, 2, 6, 4, 2},
            {0, 0, 3, 5, 6},
            {0, 3, 9, 2, 0},
            {2, 2, 8, 1, 1},
            {7, 7, 0, 0, 0},
            {3, 2, 6, 3, 0},
            {2, 5, 3, 2, 2},
            {6, 5, 2, 1, 0},
            {0, 2, 2, 3, 7}
        });

        assertThat(InterAnnotatorAgreement.percentAgreement(ratings)).isCloseTo(0.378021978021978, within(1e-14));
        assertThat(InterAnnotatorAgreement.fleissKappa(ratings)).isCloseTo(0.20993070442195522, within(1e-14));
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(ratings)).isCloseTo(0.2155740565332267, within(1e-14));
    }

    @Test
    void coefficients_twoAnnotators_byHand() {
        // o = 3/4; labels 3 and 5 of 8: e = (9 + 25) / 64 = 17/32; expected disagreement of alpha 2 * 15 / 56.
        Ratings<Integer> ratings = annotators("0011", "0111");

        assertThat(InterAnnotatorAgreement.percentAgreement(ratings)).isEqualTo(0.75);
        assertThat(InterAnnotatorAgreement.fleissKappa(ratings))
                .isCloseTo((0.75 - 17 / 32.0) / (15 / 32.0), within(1e-15));
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(ratings))
                .isCloseTo(1 - 0.25 / (30 / 56.0), within(1e-15));
        // By chance 1/2 * 1/4 + 1/2 * 3/4 = 1/2.
        assertThat(InterAnnotatorAgreement.cohensKappa(ratings, "A", "B")).isCloseTo(0.5, within(1e-15));
    }

    @Test
    void coefficients_undefined_areNaN() {
        for (Ratings<Integer> ratings :
                List.of(Ratings.<Integer>builder(LABELS).build(), annotators("0123"), annotators("01..", "..10"))) {
            assertThat(COEFFICIENTS).allSatisfy(coefficient -> assertThat(coefficient.applyAsDouble(ratings))
                    .isNaN());
        }
        Ratings<Integer> oneLabel = annotators("333", "333");
        assertThat(InterAnnotatorAgreement.percentAgreement(oneLabel)).isEqualTo(1);
        assertThat(InterAnnotatorAgreement.fleissKappa(oneLabel)).isNaN();
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(oneLabel)).isNaN();
        assertThat(InterAnnotatorAgreement.pairs(annotators("01..", "..10")))
                .containsExactly(new AnnotatorPair("A", "B", 0, Double.NaN, Double.NaN));
        assertThat(InterAnnotatorAgreement.pairs(annotators("01"))).isEmpty();
    }

    @Test
    void coefficients_bootstrap_estimates() {
        Bootstrap bootstrap = Bootstrap.of(500, 0.95, 1);
        Ratings<Integer> ratings = krippendorff();

        for (Estimate estimate : List.of(
                InterAnnotatorAgreement.percentAgreement(ratings, bootstrap),
                InterAnnotatorAgreement.fleissKappa(ratings, bootstrap),
                InterAnnotatorAgreement.krippendorffsAlpha(ratings, bootstrap),
                InterAnnotatorAgreement.cohensKappa(ratings, "A", "C", bootstrap))) {
            assertThat(estimate.interval().contains(estimate.value())).isTrue();
            assertThat(estimate.interval().width()).isBetween(0.1, 1.2);
            assertThat(estimate.undefined()).isLessThan(10);
        }
        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(ratings, bootstrap)
                        .value())
                .isEqualTo(InterAnnotatorAgreement.krippendorffsAlpha(ratings));
        assertThat(InterAnnotatorAgreement.cohensKappa(ratings, "A", "C", bootstrap)
                        .value())
                .isEqualTo(InterAnnotatorAgreement.cohensKappa(ratings, "A", "C"));
    }

    @Test
    void coefficients_bootstrapOfUndefinedSamples_countsThem() {
        // A sample has a pair only if it contains the first item, which 8 of 27 do not.
        Estimate estimate =
                InterAnnotatorAgreement.percentAgreement(annotators("000", "0.."), Bootstrap.of(2_000, 0.95, 1));

        assertThat(estimate.undefined()).isBetween(500, 690);
        assertThat(estimate.interval()).isEqualTo(new Interval(1, 1));
    }

    @Test
    void coefficients_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InterAnnotatorAgreement.cohensKappa(krippendorff(), "A", "E"))
                .withMessage("annotator must be one of [A, B, D, C], but was E");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InterAnnotatorAgreement.fleissKappa(
                        Ratings.<Integer>builder(LABELS).build(), Bootstrap.of(10, 0.95, 1)))
                .withMessage("items must be at least 1, but was 0");
    }

    @Property(seed = "20261201")
    void coefficients_identicalAnnotators_areOne(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(max = 5) Integer> labels) {
        Assume.that(labels.stream().distinct().count() > 1);
        String annotator = text(labels);

        assertThat(COEFFICIENTS).allSatisfy(coefficient -> assertThat(
                        coefficient.applyAsDouble(annotators(annotator, annotator, annotator)))
                .isCloseTo(1, within(1e-12)));
    }

    @Property(seed = "20261201")
    void coefficients_orderOfAnnotators_doesNotMatter(
            @ForAll @Size(20) List<@IntRange(max = 6) Integer> first,
            @ForAll @Size(20) List<@IntRange(max = 6) Integer> second,
            @ForAll @Size(20) List<@IntRange(max = 6) Integer> third) {
        Ratings<Integer> one = annotators(text(first), text(second), text(third));
        Ratings<Integer> other = annotators(text(third), text(first), text(second));

        for (ToDoubleFunction<Ratings<?>> coefficient : COEFFICIENTS) {
            double value = coefficient.applyAsDouble(one);
            if (Double.isNaN(value)) {
                assertThat(coefficient.applyAsDouble(other)).isNaN();
            } else {
                assertThat(value)
                        .isLessThanOrEqualTo(1 + 1e-12)
                        .isCloseTo(coefficient.applyAsDouble(other), within(1e-12));
            }
        }
    }

    /** Six stands for a missing label. */
    private static String text(List<Integer> labels) {
        StringBuilder text = new StringBuilder();
        labels.forEach(label -> text.append(label == 6 ? "." : label));
        return text.toString();
    }

    @Test
    void krippendorffsAlpha_manyItems_isNearFleissKappa() {
        // They differ only in that one draws without replacement.
        Ratings<Integer> ratings = counts(IntStream.range(0, 2_000)
                .mapToObj(item -> item % 3 == 0 ? new int[] {2, 1} : new int[] {item % 2 * 3, 3 - item % 2 * 3})
                .toArray(int[][]::new));

        assertThat(InterAnnotatorAgreement.krippendorffsAlpha(ratings))
                .isCloseTo(InterAnnotatorAgreement.fleissKappa(ratings), within(2e-4));
    }
}
