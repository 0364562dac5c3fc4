package org.donotanswer.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.bench.speed.GuardrailsFigures;
import org.donotanswer.bench.speed.ReleaseDelay;
import org.donotanswer.bench.speed.StreamLoad;
import org.donotanswer.bench.speed.StreamTokens;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;

class GuardBenchmarkRunnerTest {
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
                    "It stands between two other numbers, and each of them has a name. ".repeat(20 * i + 1)))
            .toList();

    @Test
    void figures_asText_areAligned() {
        assertThat(ReportWriter.toText(FIGURES.toReport(
                                Provenance.builder("benchmark-guardrails", "1").build()))
                        .lines()
                        .skip(4))
                .containsExactly(
                        "Exchanges                 invented exchanges",
                        "One exchange              21.50 us guarded (20.00 us without a guard)",
                        "Guard alone               1.25 us and 412 bytes (30.00 us on a separate thread with a deadline)",
                        "Response of 2,000 tokens  600 us streamed (2.40 times the 250 us at once)",
                        "Delay of a release        p50 30 us (p99 95 us, max 800 us, over 1,234 releases)",
                        "Concurrent streams        10,000 on 2 threads (3,000,000 chars/s, 1,500 bytes of heap per stream",
                        "                          half-way, 150 blocked; none released more than allowed)");
    }

    @Test
    void figures_asJson_includeDerivedOnes() throws JsonProcessingException {
        JsonNode json = new JsonMapper().readTree(FigureJson.create().write(FIGURES));

        assertThat(json.get("overheadMicros").doubleValue()).isEqualTo(1.25);
        assertThat(json.get("streamRatio").doubleValue()).isEqualTo(2.4);
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "evaluator",
                        "source",
                        "evaluatorMicros",
                        "guardedMicros",
                        "nothingMicros",
                        "nothingGuardedMicros",
                        "nothingOnThreadsMicros",
                        "overheadMicros",
                        "guardBytes",
                        "answerMicros",
                        "streamedMicros",
                        "streamRatio",
                        "delay",
                        "streams");
        assertThat(json.get("delay").fieldNames())
                .toIterable()
                .containsExactly("releases", "p50Micros", "p99Micros", "maxMicros");
        assertThat(json.get("streams").fieldNames())
                .toIterable()
                .containsExactly("streams", "threads", "chars", "released", "blocked", "seconds", "heapBytesPerStream");
    }

    @Test
    void delay_countsEveryRelease() {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded");
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            ReleaseDelay delay = ReleaseDelay.measure(StreamGuard.of(guard), EXCHANGES, EXCHANGES);

            assertThat(delay.releases()).isGreaterThan(EXCHANGES.size());
            assertThat(delay.p50Micros()).isPositive().isLessThanOrEqualTo(delay.p99Micros());
            assertThat(delay.p99Micros()).isLessThanOrEqualTo(delay.maxMicros());
        }
    }

    @Test
    void load_ofHarmlessResponses_releasesAll() throws InterruptedException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded");
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            StreamLoad load = StreamLoad.measure(StreamGuard.of(guard), EXCHANGES, 70, 2);

            assertThat(load.blocked()).isZero();
            assertThat(load.released()).isEqualTo(load.chars()).isPositive();
        }
    }

    @Test
    void load_ofBlockedResponses_releasesNothing() throws InterruptedException {
        SafetyPolicy nothing = SafetyPolicy.builder().defaultRule(Rule.block(0)).build();
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded");
                SafetyGuard guard = SafetyGuard.of(evaluator, nothing)) {
            StreamLoad load = StreamLoad.measure(StreamGuard.of(guard), EXCHANGES, 70, 2);

            assertThat(load.blocked()).isEqualTo(70);
            assertThat(load.released()).isZero();
        }
    }

    @Test
    void tokens_joinToTheResponse() {
        assertThat(StreamTokens.of("abcdefghij")).containsExactly("abcd", "efgh", "ij");
        assertThat(StreamTokens.of("")).isEmpty();
    }

    @Test
    void noStreams_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GuardBenchmarkRunner(0, true))
                .withMessage("streams must be at least 1, but was 0");
    }
}
