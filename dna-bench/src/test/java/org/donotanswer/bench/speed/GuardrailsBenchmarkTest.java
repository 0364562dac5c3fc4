package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.bench.jmh.StreamTokens;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

class GuardrailsBenchmarkTest {
    private static final GuardrailsFigures FIGURES = new GuardrailsFigures(
            "fake/1",
            "invented exchanges",
            20,
            21.5,
            0.25,
            1.5,
            30.25,
            412,
            250,
            600,
            new ReleaseDelay(1234, 30, 95.4, 800),
            new StreamLoad(10_000, 2, 6_000_000, 5_900_000, 150, 2, 1_500));

    private static final List<Exchange> EXCHANGES = IntStream.range(0, 7)
            .mapToObj(i -> Exchange.of(
                    "What is number " + i + "?",
                    "It comes after the one before it, and before the next. ".repeat(20 * i + 1)))
            .toList();

    @Test
    void figures_asText_areATable() {
        assertThat(FIGURES.toText().lines().skip(1))
                .containsExactly(
                        "exchanges               invented exchanges",
                        "one exchange            20.00 us alone, 21.50 us guarded",
                        "guard alone             1.25 us and 412 bytes; 30.00 us on a thread of its own, with a deadline",
                        "answer of 2,000 tokens  250 us at once, 600 us streamed: 2.40 times",
                        "delay of a release      p50 30 us, p99 95 us, max 800 us, of 1,234",
                        "streams at a time       10,000 by 2 threads: 3,000,000 chars/s, 1,500 bytes of heap each half-way,"
                                + " 150 blocked; none released more than it may");
    }

    @Test
    void figures_asJson_haveWhatFollows() {
        assertThat(FIGURES.toJson()).containsEntry("overheadMicros", 1.25).containsEntry("streamRatio", 2.4);
    }

    @Test
    void delay_isOfEveryRelease() {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            ReleaseDelay delay = ReleaseDelay.measure(StreamGuard.of(guard), EXCHANGES, EXCHANGES);

            assertThat(delay.releases()).isGreaterThan(EXCHANGES.size());
            assertThat(delay.p50Micros()).isPositive().isLessThanOrEqualTo(delay.p99Micros());
            assertThat(delay.p99Micros()).isLessThanOrEqualTo(delay.maxMicros());
        }
    }

    @Test
    void load_ofHarmlessAnswers_releasesAll() throws InterruptedException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            StreamLoad load = StreamLoad.measure(StreamGuard.of(guard), EXCHANGES, 70, 2);

            assertThat(load.blocked()).isZero();
            assertThat(load.released()).isEqualTo(load.chars()).isPositive();
        }
    }

    @Test
    void load_ofBlockedAnswers_releasesNothing() throws InterruptedException {
        SafetyPolicy nothing = SafetyPolicy.builder().defaultRule(Rule.block(0)).build();
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.of(evaluator, nothing)) {
            StreamLoad load = StreamLoad.measure(StreamGuard.of(guard), EXCHANGES, 70, 2);

            assertThat(load.blocked()).isEqualTo(70);
            assertThat(load.released()).isZero();
        }
    }

    @Test
    void tokens_areTheAnswer() {
        assertThat(StreamTokens.of("abcdefghij")).containsExactly("abcd", "efgh", "ij");
        assertThat(StreamTokens.of("")).isEmpty();
    }

    @Test
    void noStreams_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GuardrailsBenchmark(0, true))
                .withMessage("streams must be at least 1, but was 0");
    }
}
