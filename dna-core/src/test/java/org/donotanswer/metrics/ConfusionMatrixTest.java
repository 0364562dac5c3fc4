package org.donotanswer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.donotanswer.metrics.Samples.letters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private final ConfusionMatrix<String> matrix = ConfusionMatrix.of(letters("AAAABBBCCD"), letters("AABBBBCCAE"));

    @Test
    void of_lists_countsAsScikitLearn() {
        assertThat(matrix.labels()).containsExactly("A", "B", "C", "D", "E");
        assertThat(matrix)
                .isEqualTo(ConfusionMatrix.ofCounts(
                        letters("ABCDE"),
                        List.of(
                                List.of(2L, 2L, 0L, 0L, 0L),
                                List.of(0L, 2L, 1L, 0L, 0L),
                                List.of(1L, 0L, 1L, 0L, 0L),
                                List.of(0L, 0L, 0L, 0L, 1L),
                                List.of(0L, 0L, 0L, 0L, 0L))))
                .hasSameHashCodeAs(ConfusionMatrix.of(letters("AAAABBBCCD"), letters("AABBBBCCAE")))
                .hasToString("ConfusionMatrix[labels=[A, B, C, D, E], counts=[[2, 2, 0, 0, 0], [0, 2, 1, 0, 0],"
                        + " [1, 0, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]]");
    }

    @Test
    void equals_sameLabelsAndCounts() {
        ConfusionMatrix<String> ab = ConfusionMatrix.of(letters("AB"), letters("AAB"), letters("ABB"));

        assertThat(ab)
                .isEqualTo(ConfusionMatrix.of(letters("BAA"), letters("BBA")))
                .isNotEqualTo(ConfusionMatrix.of(letters("AB"), letters("AAB"), letters("BAB"))
                        .plus(ab))
                .isNotEqualTo(ConfusionMatrix.of(letters("AC"), letters("AAC"), letters("ACC")))
                .isNotEqualTo("ConfusionMatrix[labels=[A, B], counts=[[1, 1], [0, 1]]]")
                .doesNotHaveSameHashCodeAs(matrix);
    }

    @Test
    void json_isLabelsAndRows() throws JsonProcessingException {
        assertThat(new ObjectMapper().writeValueAsString(ConfusionMatrix.of(letters("AAB"), letters("ABB"))))
                .isEqualTo("{\"labels\":[\"A\",\"B\"],\"counts\":[[1,1],[0,1]]}");
    }

    @Test
    void counts_ofLabel_areThoseOfTheMatrix() {
        assertThat(matrix.total()).isEqualTo(10);
        assertThat(matrix.correct()).isEqualTo(5);
        assertThat(matrix.count("A", "B")).isEqualTo(2);
        assertThat(matrix.count("B", "A")).isZero();
        assertThat(matrix.support("A")).isEqualTo(4);
        assertThat(matrix.predicted("A")).isEqualTo(3);
        assertThat(matrix.truePositives("A")).isEqualTo(2);
        assertThat(matrix.falsePositives("A")).isEqualTo(1);
        assertThat(matrix.falseNegatives("A")).isEqualTo(2);
    }

    @Test
    void labels_ofEnum_areInItsOrder() {
        List<ResponseAction> gold = List.of(ResponseAction.REFUTE_OPINION, ResponseAction.CANNOT_ASSIST);

        assertThat(ConfusionMatrix.of(gold, gold).labels())
                .containsExactly(ResponseAction.CANNOT_ASSIST, ResponseAction.REFUTE_OPINION);
        assertThat(ConfusionMatrix.of(Arrays.asList(ResponseAction.values()), gold, gold)
                        .labels())
                .containsExactly(ResponseAction.values());
    }

    @Test
    void labels_areUnmodifiable() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> matrix.labels().add("F"));
    }

    @Test
    void plus_pools() {
        assertThat(matrix.plus(matrix).count("A", "B")).isEqualTo(4);
        assertThat(matrix.plus(matrix).total()).isEqualTo(20);
        assertThat(matrix.total()).isEqualTo(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> matrix.plus(ConfusionMatrix.of(letters("AB"), letters("AB"))))
                .withMessage("labels of both matrices must be the same, but were [A, B, C, D, E] and [A, B]");
    }

    @Test
    void withoutAbsentLabels_dropsOnlyThose() {
        ConfusionMatrix<String> wide =
                ConfusionMatrix.of(letters("XABCDEY"), letters("AAAABBBCCD"), letters("AABBBBCCAE"));

        assertThat(wide.labels()).hasSize(7);
        assertThat(wide.withoutAbsentLabels()).isEqualTo(matrix);
    }

    @Test
    void of_noItems_isEmpty() {
        ConfusionMatrix<String> empty = ConfusionMatrix.of(List.<String>of(), List.of());

        assertThat(empty.labels()).isEmpty();
        assertThat(empty.total()).isZero();
    }

    @Test
    void of_wrongLists_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(letters("AB"), letters("A")))
                .withMessage("gold and predicted labels must have the same size, but were 2 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(letters("AB"), letters("AB"), letters("AC")))
                .withMessage("predicted label must be one of [A, B], but was C (item 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(letters("AB"), letters("CB"), letters("AB")))
                .withMessage("gold label must be one of [A, B], but was C (item 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.of(letters("AA"), letters("A"), letters("A")))
                .withMessage("labels must be distinct, but were [A, A]");
        assertThatNullPointerException()
                .isThrownBy(() -> ConfusionMatrix.of(letters("A"), letters("A"), Arrays.asList((String) null)))
                .withMessage("predicted");
    }

    @Test
    void ofCounts_wrongCounts_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.ofCounts(letters("AB"), List.of(List.of(1L, 2L))))
                .withMessage("counts must have length 2, but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.ofCounts(letters("AB"), List.of(List.of(1L, 2L), List.of(1L))))
                .withMessage("counts of B must have length 2, but was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfusionMatrix.ofCounts(letters("AB"), List.of(List.of(1L, -2L), List.of(1L, 1L))))
                .withMessage("count must be at least 0, but was -2 (gold A, predicted B)");
    }

    @Test
    void count_unknownLabel_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> matrix.count("A", "Z"))
                .withMessage("label must be one of [A, B, C, D, E], but was Z");
    }
}
