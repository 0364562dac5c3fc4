package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlanTest {
    private static int[] lengths(int count) {
        return new Random(3).ints(count, 2, 500).toArray();
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 400, 401, 999})
    void batches_everyEpoch_haveEachExampleOnce(int count) {
        BatchPlan plan = new BatchPlan(lengths(count), 8, 42);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<List<Integer>> batches = plan.batches(epoch);

            assertThat(batches).hasSize(plan.batchesPerEpoch()).hasSize((count + 7) / 8);
            assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(upTo(count));
            assertThat(batches).filteredOn(batch -> batch.size() == 8).hasSize(count / 8);
        }
    }

    @Test
    void batches_sameSeedAndEpoch_areTheSame() {
        assertThat(new BatchPlan(lengths(100), 8, 42).batches(1))
                .isEqualTo(new BatchPlan(lengths(100), 8, 42).batches(1));
    }

    @Test
    void batches_otherEpochOrSeed_areOthers() {
        BatchPlan plan = new BatchPlan(lengths(100), 8, 42);

        assertThat(plan.batches(1)).isNotEqualTo(plan.batches(0));
        assertThat(new BatchPlan(lengths(100), 8, 43).batches(0)).isNotEqualTo(plan.batches(0));
    }

    /** In random batches of 8, two thirds of all tokens would be the example's own; sorted, nearly all are. */
    @Test
    void batches_similarLengths_arePaddedLittle() {
        int[] lengths = lengths(4_000);
        long real = 0;
        long padded = 0;
        for (List<Integer> batch : new BatchPlan(lengths, 8, 42).batches(0)) {
            int longest =
                    batch.stream().mapToInt(example -> lengths[example]).max().orElseThrow();
            padded += (long) longest * batch.size();
            real += batch.stream().mapToInt(example -> lengths[example]).sum();
        }

        assertThat(real / (double) padded).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 600, 4_096, 1 << 20})
    void passes_anyLimit_haveNoMoreTokensOrOneExample(int tokens) {
        int[] lengths = lengths(64);

        List<List<Integer>> passes = BatchPlan.passes(upTo(64), lengths, tokens);

        assertThat(passes.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(upTo(64));
        for (List<Integer> pass : passes) {
            int longest =
                    pass.stream().mapToInt(example -> lengths[example]).max().orElseThrow();
            assertThat(pass.size() == 1 || longest * pass.size() <= tokens)
                    .as("%d of %d tokens", pass.size(), longest)
                    .isTrue();
        }
        assertThat(lengths[passes.get(0).get(0)])
                .isEqualTo(IntStream.of(lengths).max().orElseThrow());
        if (tokens == 1) {
            assertThat(passes).hasSize(64);
        } else if (tokens == 1 << 20) {
            assertThat(passes).hasSize(1);
        }
    }
}
