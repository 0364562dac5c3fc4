package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;

class EvaluatorSpeedTest {
    private final List<String> evaluated = new ArrayList<>();
    private final List<Exchange> exchanges =
            IntStream.range(0, 5).mapToObj(i -> Exchange.of("i", "r" + i)).toList();

    /** Keeps what it evaluates. */
    private final SafetyEvaluator evaluator = new SafetyEvaluator() {
        @Override
        public Assessment evaluate(Exchange exchange) {
            evaluated.add(exchange.response());
            return Assessment.Unscored.of(UnscoredReason.NO_WORDS, "response must have words, but had none");
        }

        @Override
        public String name() {
            return "counting/1";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("counting", "1").build();
        }

        @Override
        public void close() {}
    };

    @Test
    void sample_withoutTime_evaluatesOneToWarmUpAndOneToMeasure() {
        EvaluatorSpeed speed = EvaluatorSpeed.sample(evaluator, exchanges, Duration.ZERO, Duration.ZERO, true);

        assertThat(evaluated).containsExactly("r0", "r0");
        assertThat(speed.exchanges()).isEqualTo(1);
        assertThat(speed.perSecond()).isPositive();
    }

    @Test
    void sample_withoutRepeats_evaluatesEachExchangeOnce() {
        Duration endless = Duration.ofDays(1);

        EvaluatorSpeed speed = EvaluatorSpeed.sample(evaluator, exchanges, endless, endless, false);

        assertThat(evaluated).containsExactly("r0", "r1", "r2", "r3", "r4");
        assertThat(speed.exchanges()).isEqualTo(3);
    }

    @Test
    void sample_ofOneExchange_isRefused() {
        List<Exchange> one = exchanges.subList(0, 1);

        assertThatThrownBy(() -> EvaluatorSpeed.sample(evaluator, one, Duration.ZERO, Duration.ZERO, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("exchanges must be at least 2, but was 1");
    }
}
