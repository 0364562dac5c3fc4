package org.donotanswer.classifier.embedded.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.donotanswer.classifier.embedded.FeatureKeys;
import org.donotanswer.classifier.embedded.ResponseView;
import org.donotanswer.classifier.embedded.TestFeatures;
import org.donotanswer.classifier.embedded.TextFeatures;
import org.donotanswer.classifier.embedded.WeightTable;
import org.junit.jupiter.api.Test;

class FeatureIndexTest {
    private static final int BITS = 4;

    /** Returns a key in the given slot of an index with 2^4 slots. */
    private static long key(int slot, int other, int fingerprint) {
        return (long) slot << (64 - BITS) | (long) other << 8 | fingerprint;
    }

    /** Returns a text with one view that has each key twice; a text counts a key once. */
    private static FeatureKeys text(long... keys) {
        return TestFeatures.text(
                Arrays.stream(keys).flatMap(key -> LongStream.of(key, key)).toArray());
    }

    @Test
    void slot_collidingFeatures_belongsToMostFrequent() {
        long rare = key(3, 1, 7);
        long frequent = key(3, 2, 5);
        long rarest = key(9, 0, 1);
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        builder.add(text(rare, frequent, rarest), 1);
        builder.add(text(rare, frequent), 1);
        builder.add(text(frequent), 1);
        FeatureIndex index = builder.build(BITS, 2);

        assertThat(index.size()).isEqualTo(16);
        assertThat(index.used()).isEqualTo(1);
        assertThat(index.slot(frequent)).isEqualTo(3);
        assertThat(index.slot(rare)).isEqualTo(-1);
        assertThat(index.slot(rarest)).isEqualTo(-1);
        assertThat(index.slot(key(4, 2, 5))).isEqualTo(-1);
        assertThat(index.slot(key(3, 99, 5))).as("same fingerprint").isEqualTo(3);
        assertThat(index.slot(key(3, 99, 6))).isEqualTo(-1);
        assertThat(index.entry(3) >>> 4 & 15).isEqualTo(5);
    }

    @Test
    void slot_equallyFrequent_doesNotDependOnOrder() {
        long one = key(3, 1, 7);
        long other = key(3, 2, 5);
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        builder.add(text(one, other), 1);
        FeatureIndex.Builder reversed = new FeatureIndex.Builder();
        reversed.add(text(other, one), 1);
        assertThat(builder.build(BITS, 1).entry(3))
                .isEqualTo(reversed.build(BITS, 1).entry(3));
    }

    @Test
    void slot_highSlotAndFingerprint_isNotNegative() {
        long key = key(15, 0, 15);
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        builder.add(text(key), 1);
        FeatureIndex index = builder.build(BITS, 1);
        assertThat(index.slot(key)).isEqualTo(15);
        assertThat(index.idf(15)).isEqualTo(1f);
    }

    @Test
    void view_slot_isThatOfFeature() {
        FeatureKeys text = TestFeatures.text(new long[] {key(1, 0, 1)}, new long[0], new long[] {key(2, 0, 2)});
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        builder.add(text, 3);
        FeatureIndex index = builder.build(BITS, 1);
        assertThat(index.view(1)).isZero();
        assertThat(index.view(2)).isEqualTo(2);
    }

    @Test
    void rarity_ofSlot_isNearestCodeToInverseDocumentFrequency() {
        int texts = 200;
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        for (int i = 0; i < texts; i++) {
            int text = i;
            builder.add(
                    TestFeatures.text(IntStream.range(0, 16)
                            .filter(slot -> text % (slot * slot + 1) == 0)
                            .mapToLong(slot -> key(slot, 1, 1))
                            .toArray()),
                    1);
        }
        FeatureIndex index = builder.build(BITS, 1);
        float[] idfByCode = index.idfByCode();
        assertThat(idfByCode).hasSize(WeightTable.MAX_IDF_CODE + 1);
        assertThat(idfByCode[1]).isEqualTo(1f);
        double highest = Math.log((1.0 + texts) / 2) + 1;
        assertThat((double) idfByCode[WeightTable.MAX_IDF_CODE]).isCloseTo(highest, within(1e-5));
        double halfStep = (highest - 1) / (WeightTable.MAX_IDF_CODE - 1) / 2;
        for (int slot = 0; slot < 16; slot++) {
            int count = (texts + slot * slot) / (slot * slot + 1);
            double exact = Math.log((1.0 + texts) / (1.0 + count)) + 1;
            assertThat((double) index.idf(slot)).isCloseTo(exact, within(halfStep + 1e-5));
        }
    }

    @Test
    void build_manyFeatures_growsAndKeepsThem() {
        SplittableRandom random = new SplittableRandom(3);
        long[] keys = random.longs(60_000).toArray();
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        builder.add(text(keys), 1);
        FeatureIndex index = builder.build(20, 1);
        int lost = 0;
        for (long key : keys) {
            lost += index.slot(key) < 0 ? 1 : 0;
        }
        assertThat(lost).isLessThan(keys.length / 20);
        int found = 0;
        for (int i = 0; i < 60_000; i++) {
            found += index.slot(random.nextLong()) < 0 ? 0 : 1;
        }
        assertThat(found).as("unknown keys taken for known ones").isLessThan(600);
    }

    @Test
    void build_noTexts_isEmpty() {
        FeatureIndex index = new FeatureIndex.Builder().build(BITS, 1);
        assertThat(index.used()).isZero();
        assertThat(index.slot(key(0, 0, 0))).isEqualTo(-1);
    }

    @Test
    void slot_upperCaseText_isFound() {
        TextFeatures features = new TextFeatures();
        FeatureIndex.Builder builder = new FeatureIndex.Builder();
        String response = "I'm sorry, but I can't help with that.";
        builder.add(features.ofResponse(response), ResponseView.COUNT);
        FeatureIndex index = builder.build(19, 1);
        FeatureKeys keys = features.ofResponse(response.toUpperCase(java.util.Locale.ROOT));
        for (int i = 0; i < keys.end(ResponseView.COUNT - 1); i++) {
            assertThat(index.slot(keys.key(i))).isNotNegative();
        }
    }
}
