package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.guard.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdleWatchTest {
    private static final long TIMEOUT = 1_000;

    private final ManualStreamTimer timer = new ManualStreamTimer();
    private final AtomicInteger alarms = new AtomicInteger();
    private final IdleWatch watch = new IdleWatch(timer, TIMEOUT, this::alarm);

    private void alarm() {
        if (watch.isIdle()) {
            alarms.incrementAndGet();
            watch.stop();
        }
    }

    @Test
    void pause_forLong_leavesNothingWithTheTimerUntilTheNextTurn() {
        watch.startTurn();
        watch.pause();
        timer.advance(TIMEOUT);
        assertThat(timer.pending()).isZero();
        timer.advance(10 * TIMEOUT);
        watch.startTurn();
        assertThat(timer.pending()).isEqualTo(1);
        timer.advance(TIMEOUT - 1);
        assertThat(alarms).hasValue(0);
        timer.advance(TIMEOUT / 4 + 1);
        assertThat(alarms).hasValue(1);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void resume_afterTheTimerWent_bringsItBack() {
        watch.startTurn();
        timer.advance(TIMEOUT / 2);
        watch.pause();
        timer.advance(TIMEOUT / 4);
        assertThat(timer.pending()).isZero();
        watch.resume();
        timer.advance(TIMEOUT / 2);
        assertThat(alarms).hasValue(1);
    }

    @Test
    void touch_again_andAgain_keepsTheSourceForTenTimeouts() {
        watch.startTurn();
        for (int i = 0; i < 19; i++) {
            watch.touch();
            timer.advance(TIMEOUT / 2);
        }
        assertThat(alarms).hasValue(0);
        for (int i = 0; i < 2; i++) {
            watch.touch();
            timer.advance(TIMEOUT / 2);
        }
        assertThat(alarms).hasValue(1);
    }

    @Test
    void await_afterManyTouches_startsAnew() {
        for (int round = 0; round < 5; round++) {
            watch.startTurn();
            for (int i = 0; i < 15; i++) {
                watch.touch();
                timer.advance(TIMEOUT / 2);
            }
        }
        assertThat(alarms).hasValue(0);
    }

    @Test
    void touch_longestTimeout_isNotTooLong() {
        IdleWatch longest = new IdleWatch(timer, Long.MAX_VALUE, this::alarm);
        longest.startTurn();
        timer.advance(Long.MAX_VALUE / 2);
        longest.touch();
        assertThat(longest.isIdle()).isFalse();
    }

    @Test
    void timer_watchThatIsPaused_canBeForgotten() {
        WeakReference<IdleWatch> paused = new WeakReference<>(another(true));
        WeakReference<IdleWatch> awaiting = new WeakReference<>(another(false));
        assertThat(timer.pending()).isEqualTo(2);
        Eventually.is(() -> {
            System.gc();
            return paused.get() == null;
        });
        assertThat(awaiting.get()).isNotNull();
        timer.advance(2 * TIMEOUT);
        assertThat(alarms).hasValue(100);
    }

    private IdleWatch another(boolean paused) {
        IdleWatch other = new IdleWatch(timer, TIMEOUT, () -> alarms.set(100));
        other.startTurn();
        if (paused) {
            other.pause();
        }
        return other;
    }
}
