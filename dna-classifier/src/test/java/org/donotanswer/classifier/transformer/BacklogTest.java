package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static Backlog<Integer> ofLengths(BatchLimits limits, List<Integer> lengths) {
        Backlog<Integer> backlog = new Backlog<>(limits);
        for (int i = 0; i < lengths.size(); i++) {
            backlog.add(FakeClassifier.sequence(i, lengths.get(i)), i);
        }
        return backlog;
    }

    private static List<Integer> tickets(List<Backlog.Entry<Integer>> batch) {
        return batch.stream().map(entry -> entry.ticket).toList();
    }

    @Property(tries = 300, seed = "20261201")
    void take_anyLengths_oldestIsInEachBatchEachSequenceOnceAndAllLimitsHold(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 300) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 1000) int maxTokens,
            @ForAll @IntRange(min = 1, max = 20) int maxRows) {
        BatchLimits limits = new BatchLimits(maxTokens, maxRows, 0.12, 16);
        Backlog<Integer> backlog = ofLengths(limits, lengths);
        List<Integer> waiting =
                new ArrayList<>(IntStream.range(0, lengths.size()).boxed().toList());

        while (!backlog.isEmpty()) {
            List<Backlog.Entry<Integer>> batch = backlog.take();

            assertThat(tickets(batch)).doesNotHaveDuplicates().contains(waiting.get(0));
            assertThat(waiting).containsAll(tickets(batch));
            LengthBucketsTest.assertLimits(
                    batch.stream().map(entry -> entry.sequence).toList(), limits);
            waiting.removeAll(tickets(batch));
            assertThat(backlog.tokens())
                    .isEqualTo(waiting.stream().mapToInt(lengths::get).sum());
        }
        assertThat(waiting).isEmpty();
        assertThat(backlog.take()).isEmpty();
    }

    @Test
    void take_mixedLengths_batchesTheOldestWithTheNearest() {
        Backlog<Integer> backlog = ofLengths(new BatchLimits(1000, 3, 0.12, 0), List.of(100, 10, 110, 98, 99, 10, 500));

        assertThat(tickets(backlog.take())).containsExactly(0, 4, 3);
        assertThat(tickets(backlog.take())).containsExactly(1, 5);
        assertThat(tickets(backlog.take())).containsExactly(2);
        assertThat(tickets(backlog.take())).containsExactly(6);
    }

    @Test
    void take_longSequenceAmongManyShort_isTakenOnceItIsOldest() {
        Backlog<Integer> backlog = ofLengths(BatchLimits.of(64, 4), List.of(8, 5000, 8, 8, 8, 8));

        assertThat(tickets(backlog.take())).containsExactly(0, 2, 3, 4);
        assertThat(tickets(backlog.take())).containsExactly(1);
    }

    @Test
    void fillsBatch_enoughRowsOrTokens_returnsTrue() {
        BatchLimits limits = BatchLimits.of(20, 3);
        assertThat(ofLengths(limits, List.of(5, 5)).fillsBatch()).isFalse();
        assertThat(ofLengths(limits, List.of(1, 1, 1)).fillsBatch()).isTrue();
        assertThat(ofLengths(limits, List.of(10, 10)).fillsBatch()).isTrue();
    }

    @Test
    void clear_waitingSequences_returnsAllInOrderOfArrival() {
        Backlog<Integer> backlog = ofLengths(BatchLimits.of(20, 3), List.of(5, 9, 1));

        assertThat(backlog.clear()).containsExactly(0, 1, 2);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.tokens()).isZero();
    }
}
