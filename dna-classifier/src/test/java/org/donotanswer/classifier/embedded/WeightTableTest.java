package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTableTest {
    /** The maximum sums for sixteen bits: the highest byte, for as many features as a block holds, and more. */
    @ParameterizedTest
    @CsvSource({"1, 255", "1, 256", "1, 257", "1, 512", "1, 5000", "2, 256", "2, 257", "2, 5000"})
    void margins_highestWeightsManyTimes_doNotOverflow(int longsPerSlot, int features) {
        FeatureKeys text = new FeatureKeys(1);
        text.clear();
        long key = 5L << 60 | 9;
        for (int i = 0; i < features; i++) {
            text.add(key);
        }
        text.endView();
        long[] slots = new long[16 * longsPerSlot];
        for (int word = 0; word < longsPerSlot; word++) {
            slots[5 * longsPerSlot + word] = -1L;
        }
        slots[5 * longsPerSlot] = ~0xffL | 9 << 4 | 1;
        float[] idf = new float[16];
        idf[1] = 1;
        int lanes = longsPerSlot * 8 - 1;
        float[][] scales = new float[1][lanes];
        java.util.Arrays.fill(scales[0], 1f);
        WeightTable table = new WeightTable(slots, longsPerSlot, idf, scales, new float[lanes]);
        double[] margins = new double[lanes];
        table.margins(text, new WeightTable.Workspace(table), margins);
        for (double margin : margins) {
            assertThat(margin).isCloseTo(127 * Math.sqrt(features), within(1e-6 * features));
        }
    }
}
