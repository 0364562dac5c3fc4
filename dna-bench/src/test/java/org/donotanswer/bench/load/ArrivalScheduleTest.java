package org.donotanswer.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.bench.load.ArrivalSchedule.Phase;
import org.junit.jupiter.api.Test;

class ArrivalScheduleTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static ArrivalSchedule of(long seed, Phase... phases) {
        return ArrivalSchedule.poisson(List.of(phases), seed);
    }

    private static Phase phase(double perSecond, int seconds) {
        return new Phase(perSecond, Duration.ofSeconds(seconds));
    }

    private static List<Long> due(ArrivalSchedule schedule) {
        return IntStream.range(0, schedule.size()).mapToObj(schedule::due).toList();
    }

    @Test
    void poisson_sameSeed_isTheSame() {
        assertThat(due(of(7, phase(100, 10)))).isEqualTo(due(of(7, phase(100, 10))));
        assertThat(due(of(7, phase(100, 10)))).isNotEqualTo(due(of(8, phase(100, 10))));
    }

    @Test
    void poisson_gaps_areExponential() {
        List<Long> due = due(of(42, phase(1_000, 100)));

        assertThat(due).isSorted().hasSizeBetween(99_000, 101_000);
        double[] gaps = IntStream.range(1, due.size())
                .mapToDouble(i -> (due.get(i) - due.get(i - 1)) / 1e6)
                .toArray();
        double mean = IntStream.range(0, gaps.length)
                .mapToDouble(i -> gaps[i])
                .average()
                .orElseThrow();
        double variance = IntStream.range(0, gaps.length)
                .mapToDouble(i -> (gaps[i] - mean) * (gaps[i] - mean))
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(1, within(0.02));
        assertThat(variance).isCloseTo(1, within(0.05));
        // Of exponential gaps with mean 1, a part of 1/e is longer than 1.
        assertThat(IntStream.range(0, gaps.length).filter(i -> gaps[i] > 1).count() / (double) gaps.length)
                .isCloseTo(Math.exp(-1), within(0.01));
    }

    @Test
    void poisson_phases_haveTheirRates() {
        ArrivalSchedule schedule = of(42, phase(500, 10), phase(2_000, 10), phase(100, 10));

        assertThat(schedule.dueUntil(10 * SECOND)).isBetween(4_750, 5_250);
        assertThat(schedule.dueUntil(20 * SECOND) - schedule.dueUntil(10 * SECOND))
                .isBetween(19_500, 20_500);
        assertThat(schedule.size() - schedule.dueUntil(20 * SECOND)).isBetween(900, 1_100);
    }

    @Test
    void dueUntil_countsThoseDueThenAndBefore() {
        ArrivalSchedule schedule = of(42, phase(10, 2));

        assertThat(schedule.dueUntil(-1)).isZero();
        assertThat(schedule.dueUntil(schedule.due(4) - 1)).isEqualTo(4);
        assertThat(schedule.dueUntil(schedule.due(4))).isEqualTo(5);
        assertThat(schedule.dueUntil(Long.MAX_VALUE)).isEqualTo(schedule.size());
    }

    @Test
    void phase_withoutRate_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> phase(0, 1))
                .withMessage("phase must have a positive rate and duration, but had 0.0/s and PT1S");
    }
}
