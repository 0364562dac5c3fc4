package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LengthBucketsTest {
    private static List<TokenSequence> ofLengths(List<Integer> lengths) {
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            sequences.add(FakeClassifier.sequence(1000 + i, lengths.get(i)));
        }
        return sequences;
    }

    private static List<List<Integer>> split(BatchLimits limits, Integer... lengths) {
        return LengthBuckets.split(ofLengths(List.of(lengths)), limits).stream()
                .map(batch -> IntStream.of(batch).boxed().toList())
                .toList();
    }

    @Property(tries = 300, seed = "20261201")
    void split_anyLengths_containsEachPositionOnceAndAllLimitsHold(
            @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 300) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 1000) int maxTokens,
            @ForAll @IntRange(min = 1, max = 20) int maxRows) {
        BatchLimits limits = new BatchLimits(maxTokens, maxRows, 0.12, 16);
        List<TokenSequence> sequences = ofLengths(lengths);

        List<int[]> batches = LengthBuckets.split(sequences, limits);

        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, lengths.size()).toArray());
        for (int[] batch : batches) {
            assertLimits(Arrays.stream(batch).mapToObj(sequences::get).toList(), limits);
        }
    }

    @Property(tries = 100, seed = "20261201")
    void classify_anyLengths_returnsLogitsInOrder(
            @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 300) Integer> lengths) {
        List<TokenSequence> sequences = ofLengths(lengths);

        float[][] logits = LengthBuckets.classify(FakeClassifier.open(), sequences, BatchLimits.of(512, 8));

        assertThat(logits)
                .isDeepEqualTo(sequences.stream().map(FakeClassifier::expected).toArray(float[][]::new));
    }

    static void assertLimits(List<TokenSequence> batch, BatchLimits limits) {
        int longest = batch.stream().mapToInt(TokenSequence::length).max().orElseThrow();
        long padded = (long) batch.size() * longest;
        long padding = padded - batch.stream().mapToInt(TokenSequence::length).sum();
        assertThat(batch.size()).isLessThanOrEqualTo(limits.maxRows());
        if (batch.size() > 1) {
            assertThat(padded).isLessThanOrEqualTo(limits.maxTokens());
            assertThat((double) padding)
                    .isLessThanOrEqualTo(Math.max(limits.freePadding(), limits.maxPaddingRatio() * padded));
        }
    }

    @Test
    void split_mixedLengths_groupsSimilarLengthsLongestFirst() {
        assertThat(split(new BatchLimits(1000, 10, 0.12, 0), 10, 100, 95, 9, 100))
                .containsExactly(List.of(1, 4, 2), List.of(0, 3));
    }

    @Test
    void split_longerThanTheLimit_formsItsOwnBatch() {
        assertThat(split(new BatchLimits(50, 10, 0.5, 0), 60, 25, 25, 60))
                .containsExactly(List.of(0), List.of(3), List.of(1, 2));
    }

    @Test
    void split_paddingOfFewTokens_isFree() {
        assertThat(split(new BatchLimits(1000, 10, 0.12, 0), 10, 5)).hasSize(2);
        assertThat(split(new BatchLimits(1000, 10, 0.12, 5), 10, 5)).hasSize(1);
    }

    @Test
    void run_wrongNumberOfRows_throws() {
        SequenceClassifier classifier = new SequenceClassifier() {
            @Override
            public float[][] logits(List<TokenSequence> batch) {
                return new float[1][2];
            }

            @Override
            public int labels() {
                return 2;
            }

            @Override
            public void close() {}
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> LengthBuckets.run(classifier, ofLengths(List.of(3, 3))))
                .withMessage("classifier must return 2 rows of logits, but returned 1");
    }

    @Test
    void limits_outOfRange_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchLimits.of(0, 1))
                .withMessage("maxTokens must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchLimits.of(1, 0))
                .withMessage("maxRows must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchLimits(1, 1, 1.0, 0))
                .withMessage("maxPaddingRatio must be in [0, 1), but was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchLimits(1, 1, 0.1, -1))
                .withMessage("freePadding must be at least 0, but was -1");
    }

    @Test
    void tokenSequence_invalid_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenSequence(new long[0], new long[0]))
                .withMessage("inputIds must have at least one token, but were empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenSequence(new long[2], new long[1]))
                .withMessage("number of typeIds must be 2, but was 1");
    }
}
