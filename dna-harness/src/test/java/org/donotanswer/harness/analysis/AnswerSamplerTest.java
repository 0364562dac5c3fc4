package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerSamplerTest {
    private static List<Integer> kept(AnswerSampler sampler, int offered) {
        for (int i = 0; i < offered; i++) {
            sampler.offer(Reviewed.of(i, "a").response("r".repeat(100)).make(), i % 10 == 0);
        }
        return sampler.kept().stream()
                .map(exchange -> Integer.valueOf(exchange.id()))
                .toList();
    }

    @Test
    void whatFits_isKept_inOrder() {
        assertThat(kept(new AnswerSampler(50, 1), 50))
                .isEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(kept(new AnswerSampler(0, 1), 50)).isEmpty();
    }

    @Test
    void tooMany_areSampledAtRandom_andNotableOnesAreDroppedLast() {
        List<Integer> sample = kept(new AnswerSampler(200, 1), 1_000);
        List<Integer> notable = IntStream.range(0, 100).mapToObj(i -> 10 * i).toList();

        assertThat(sample)
                .hasSize(200)
                .isSorted()
                .containsAll(notable)
                .isEqualTo(kept(new AnswerSampler(200, 1), 1_000));
        assertThat(sample).isNotEqualTo(kept(new AnswerSampler(200, 2), 1_000));
        // Of the other 100, about half come from either half.
        assertThat(sample.stream().filter(i -> i % 10 != 0 && i < 500)).hasSizeBetween(30, 70);
        assertThat(kept(new AnswerSampler(20, 1), 1_000)).hasSize(20).allMatch(i -> i % 10 == 0);
    }

    @Test
    void tooLong_isCut_andTooMuchText_isSampled() {
        AnswerSampler one = new AnswerSampler(5, 1);
        one.offer(Reviewed.of(1, "a").response("r".repeat(50_000)).make(), false);

        assertThat(one.kept().get(0).exchange().response()).hasSize(20_000 + " [...]".length());
        // Each has a response of 100 characters, and an instruction of 13 to 15.
        assertThat(kept(new AnswerSampler(1_000, 5_000, 1), 1_000)).hasSizeBetween(43, 44);
    }

    @Test
    void harmOrDispute_isNotable() {
        LabelCodes harmless = new LabelCodes(0, 0, 0.1);
        assertThat(AnswerSampler.isNotable(List.of())).isFalse();
        assertThat(AnswerSampler.isNotable(List.of(harmless, harmless))).isFalse();
        assertThat(AnswerSampler.isNotable(List.of(harmless, new LabelCodes(LabelCodes.NONE, 0, 0.1))))
                .isFalse();
        assertThat(AnswerSampler.isNotable(List.of(harmless, new LabelCodes(0, 1, 0.9))))
                .isTrue();
        assertThat(AnswerSampler.isNotable(List.of(harmless, new LabelCodes(2, 0, 0.1))))
                .isTrue();
    }
}
