package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QuantizedMatrixTest {
    @Test
    void of_matrix_hasCodesOfEachOutputByInput() {
        QuantizedMatrix matrix = QuantizedMatrix.of(new float[] {127, -63.6f, 0, 2, 1, -2}, 2);

        assertThat(matrix.inputs()).isEqualTo(3);
        assertThat(matrix.outputs()).isEqualTo(2);
        assertThat(matrix.codes()).containsExactly(127, 127, -64, 64, 0, -127);
        assertThat(matrix.scales()[0]).isEqualTo(1);
        assertThat(matrix.scales()[1]).isCloseTo(2 / 127f, within(1e-9f));
    }

    @Test
    void of_outputWithoutWeights_isZero() {
        QuantizedMatrix matrix = QuantizedMatrix.of(new float[] {0, 0}, 1);

        assertThat(matrix.codes()).containsExactly(0, 0);
        assertThat(matrix.scales()).containsExactly(1);
    }
}
