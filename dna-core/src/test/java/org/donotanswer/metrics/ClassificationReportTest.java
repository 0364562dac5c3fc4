package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.metrics.Samples.letters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * Goldens computed by scikit-learn 1.2.1's {@code precision_recall_fscore_support} and {@code accuracy_score}. In the
 * small case, D occurs but is never predicted, and E is predicted but never occurs.
 */
class ClassificationReportTest {
    private static final List<String> GOLD = letters("AAAABBBCCD");
    private static final List<String> PREDICTED = letters("AABBBBCCAE");

    private static void assertScores(ClassScores scores, double precision, double recall, double f1, long support) {
        assertThat(scores.precision()).isCloseTo(precision, within(1e-15));
        assertThat(scores.recall()).isCloseTo(recall, within(1e-15));
        assertThat(scores.f1()).isCloseTo(f1, within(1e-15));
        assertThat(scores.support()).isEqualTo(support);
    }

    @Test
    void zero_smallCase_isScikitLearns() {
        ClassificationReport<String> report = ClassificationReport.of(ConfusionMatrix.of(GOLD, PREDICTED));

        assertThat(report.accuracy()).isEqualTo(0.5);
        assertThat(report.classes().keySet()).containsExactly("A", "B", "C", "D", "E");
        assertScores(report.scores("A"), 2.0 / 3, 0.5, 4.0 / 7, 4);
        assertScores(report.scores("B"), 0.5, 2.0 / 3, 4.0 / 7, 3);
        assertScores(report.scores("C"), 0.5, 0.5, 0.5, 2);
        assertScores(report.scores("D"), 0, 0, 0, 1);
        assertScores(report.scores("E"), 0, 0, 0, 0);
        assertScores(report.average(Averaging.MACRO), 0.3333333333333333, 0.3333333333333333, 0.3285714285714286, 10);
        assertScores(report.average(Averaging.MICRO), 0.5, 0.5, 0.5, 10);
        assertScores(report.average(Averaging.WEIGHTED), 0.5166666666666666, 0.5, 0.5, 10);
    }

    @Test
    void zero_labelsGiven_averagesIncludeAbsentOnes() {
        // labels=list("ABCDEF"): F neither occurs nor is predicted.
        ClassificationReport<String> report =
                ClassificationReport.of(ConfusionMatrix.of(letters("ABCDEF"), GOLD, PREDICTED));

        assertScores(report.macro(), 0.27777777777777773, 0.27777777777777773, 0.27380952380952384, 10);
        assertScores(report.scores("F"), 0, 0, 0, 0);
    }

    @Test
    void nan_undefined_isLeftOutOfAverages() {
        ClassificationReport<String> report =
                ClassificationReport.of(ConfusionMatrix.of(letters("ABCDEF"), GOLD, PREDICTED), ZeroDivision.NAN);

        assertScores(report.scores("D"), Double.NaN, 0, 0, 1);
        assertScores(report.scores("E"), 0, Double.NaN, 0, 0);
        assertScores(report.scores("F"), Double.NaN, Double.NaN, Double.NaN, 0);
        assertScores(
                report.macro(),
                (2.0 / 3 + 0.5 + 0.5 + 0) / 4,
                (0.5 + 2.0 / 3 + 0.5 + 0) / 4,
                (4.0 / 7 + 4.0 / 7 + 0.5 + 0 + 0) / 5,
                10);
        assertScores(report.weighted(), (4 * 2.0 / 3 + 3 * 0.5 + 2 * 0.5) / 9, 0.5, 0.5, 10);
    }

    @Test
    void zero_twoHundredItems_isScikitLearns() {
        ClassificationReport<Integer> report =
                ClassificationReport.of(ConfusionMatrix.of(Samples.gold(), Samples.predicted()));

        assertThat(report.accuracy()).isEqualTo(0.7);
        assertScores(report.macro(), 0.6999671780161131, 0.6988032068238145, 0.6978146254328313, 200);
        assertScores(report.micro(), 0.7, 0.7, 0.7, 200);
        assertScores(report.weighted(), 0.7061600618632186, 0.7, 0.7015002244527211, 200);
    }

    @Test
    void noItems_accuracyIsNaN() {
        ConfusionMatrix<String> empty = ConfusionMatrix.of(letters("A"), List.of(), List.of());

        assertThat(ClassificationReport.of(empty).accuracy()).isNaN();
        assertScores(ClassificationReport.of(empty).macro(), 0, 0, 0, 0);
        assertScores(ClassificationReport.of(empty).weighted(), 0, 0, 0, 0);
        assertScores(
                ClassificationReport.of(empty, ZeroDivision.NAN).weighted(), Double.NaN, Double.NaN, Double.NaN, 0);
    }

    @Test
    void scores_unknownLabel_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationReport.of(ConfusionMatrix.of(GOLD, PREDICTED))
                        .scores("Z"))
                .withMessage("label must be one of [A, B, C, D, E], but was Z");
    }

    @Test
    void classScores_outOfRange_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassScores(1.5, 0, 0, 0))
                .withMessage("precision must be in [0, 1] or NaN, but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassScores(0, -1, 0, 0))
                .withMessage("recall must be in [0, 1] or NaN, but was -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassScores(0, 0, 2, 0))
                .withMessage("f1 must be in [0, 1] or NaN, but was 2.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClassScores(1, 0, 0, -1))
                .withMessage("support must be at least 0, but was -1");
    }

    @Test
    void format_isTable() {
        assertThat(ClassificationReport.of(ConfusionMatrix.of(letters("AAB"), letters("AAA")))
                        .format())
                .isEqualTo(
                        """
                          precision     recall         f1    support
                A             0.667      1.000      0.800          2
                B             0.000      0.000      0.000          1
                macro         0.333      0.500      0.400          3
                micro         0.667      0.667      0.667          3
                weighted      0.444      0.667      0.533          3
                accuracy      0.667
                """);
    }

    @Test
    void format_longLabel_widensColumn() {
        List<String> labels = List.of("long label");

        assertThat(ClassificationReport.of(ConfusionMatrix.of(labels, labels)).format())
                .contains("long label      1.000      1.000      1.000          1\n")
                .contains("weighted        1.000      1.000      1.000          1\n");
    }

    @Test
    void json_isPlain() throws JsonProcessingException {
        assertThat(new ObjectMapper()
                        .writeValueAsString(ClassificationReport.of(ConfusionMatrix.of(letters("A"), letters("A")))))
                .startsWith(
                        "{\"accuracy\":1.0,\"classes\":{\"A\":{\"precision\":1.0,\"recall\":1.0,\"f1\":1.0,\"support\":1}},"
                                + "\"macro\":{");
    }

    @Property(seed = "20261201")
    void micro_anyLabels_isAccuracy(
            @ForAll @Size(50) List<@IntRange(max = 5) Integer> gold,
            @ForAll @Size(50) List<@IntRange(max = 5) Integer> predicted) {
        ClassificationReport<Integer> report = ClassificationReport.of(ConfusionMatrix.of(gold, predicted));

        assertThat(report.micro().f1()).isEqualTo(report.accuracy());
        assertThat(report.micro().precision()).isEqualTo(report.accuracy());
        assertThat(report.weighted().recall()).isCloseTo(report.accuracy(), within(1e-12));
    }

    @Property(seed = "20261201")
    void macro_identicalLabels_isOne(@ForAll @Size(min = 1, max = 50) List<@IntRange(max = 5) Integer> labels) {
        ClassificationReport<Integer> report = ClassificationReport.of(ConfusionMatrix.of(labels, labels));

        assertThat(report.macro()).isEqualTo(new ClassScores(1, 1, 1, labels.size()));
        assertThat(report.accuracy()).isEqualTo(1);
    }

    @Property(seed = "20261201")
    void f1_anyLabels_isBetweenPrecisionAndRecall(
            @ForAll @Size(30) List<@IntRange(max = 3) Integer> gold,
            @ForAll @Size(30) List<@IntRange(max = 3) Integer> predicted) {
        ClassificationReport.of(ConfusionMatrix.of(gold, predicted))
                .classes()
                .values()
                .forEach(scores -> assertThat(scores.f1())
                        .isBetween(
                                Math.min(scores.precision(), scores.recall()) - 1e-12,
                                Math.max(scores.precision(), scores.recall()) + 1e-12));
    }
}
