package org.donotanswer.bench.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.donotanswer.harness.io.Progress;

/** Progress bars on the standard error of a terminal; no output when it is not a terminal. Thread-safe. */
final class ProgressBars implements Progress {
    private final ProgressBar bar;

    private ProgressBars(ProgressBar bar) {
        this.bar = bar;
    }

    /** Starts a bar for a task with a number of steps; a negative number means unknown. */
    static Progress start(Streams streams, String task, long steps) {
        return start(streams, task, 0, steps);
    }

    /** Starts a bar for a resumed task; steps that are already done do not count towards its speed. */
    static Progress start(Streams streams, String task, long done, long steps) {
        if (!streams.interactive()) {
            return Progress.none();
        }
        ProgressBarBuilder builder =
                new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setStyle(ProgressBarStyle.ASCII);
        if (done > 0) {
            builder.startsFrom(done, Duration.ZERO);
        }
        return new ProgressBars(builder.build());
    }

    /** Shows a text after the bar. */
    void note(String text) {
        bar.setExtraMessage(text);
    }

    @Override
    public void stepBy(long steps) {
        bar.stepBy(steps);
    }

    @Override
    public void stepTo(long step) {
        bar.stepTo(step);
    }

    @Override
    public void close() {
        bar.close();
    }
}
