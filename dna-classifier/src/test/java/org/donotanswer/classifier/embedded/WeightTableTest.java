package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTableTest {
    /** The most that sixteen bits have to hold: the highest byte, of as many features as one block has, and more. */
    @ParameterizedTest
    @CsvSource({"1, 255", "1, 256", "1, 257", "1, 512", "1, 5000", "2, 256", "2, 257", "2, 5000"})
    void margins_highestWeightsManyTimes_doNotOverflow(int words, int features) {
        FeatureKeys text = new FeatureKeys(1);
        text.clear();
        long key = 5L << 60 | 9;
        for (int i = 0; i < features; i++) {
            text.add(key);
        }
        text.endView();
        long[] slots = new long[16 * words];
        for (int word = 0; word < words; word++) {
            slots[5 * words + word] = -1L;
        }
        slots[5 * words] = ~0xffL | 9 << 4 | 1;
        float[] rarity = new float[16];
        rarity[1] = 1;
        int lanes = words * 8 - 1;
        float[][] units = new float[1][lanes];
        java.util.Arrays.fill(units[0], 1f);
        WeightTable table = new WeightTable(slots, words, rarity, units, new float[lanes]);
        double[] margins = new double[lanes];
        table.margins(text, new WeightTable.Sums(table), margins);
        for (double margin : margins) {
            assertThat(margin).isCloseTo(127 * Math.sqrt(features), within(1e-6 * features));
        }
    }
}
