package org.donotanswer.bench.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.classifier.finetune.EpochFigures;
import org.donotanswer.classifier.finetune.FineTuningListener;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;

/** Shows how a training proceeds: a bar on a terminal, and lines of text for each epoch. Not thread-safe. */
final class FineTuningProgress implements FineTuningListener, AutoCloseable {
    private final Streams streams;
    private final PrintWriter text;
    private final String title;
    private final int epochs;
    private final List<String> remarks = new ArrayList<>();
    private @Nullable Progress bar;

    /**
     * Creates a progress.
     *
     * @param text what the lines are written to
     * @param title what each epoch's first line begins with; may be empty
     */
    FineTuningProgress(Streams streams, PrintWriter text, String title, int epochs) {
        this.streams = streams;
        this.text = text;
        this.title = title;
        this.epochs = epochs;
    }

    @Override
    public void onStep(Step step) {
        if (bar == null) {
            bar = ProgressBars.start(streams, "epoch " + step.epoch(), step.number() - 1L, step.total());
        }
        bar.stepTo(step.number());
        if (bar instanceof ProgressBars shown) {
            shown.note(note(step));
        }
    }

    /** Returns the figures of a step, as they are shown after the bar. */
    static String note(Step step) {
        Duration left = step.remaining();
        return String.format(
                Locale.ROOT,
                "loss %.3f, learning rate %.1e, %.0f tokens/s, %d:%02d:%02d left",
                step.loss(),
                step.learningRate(),
                step.tokensPerSecond(),
                left.toHours(),
                left.toMinutesPart(),
                left.toSecondsPart());
    }

    @Override
    public void onEpoch(EpochFigures figures) {
        close();
        StringBuilder lines = new StringBuilder(NumberFormats.format(
                "%sEpoch %d of %d: training loss %.4f\n", title, figures.epoch(), epochs, figures.trainingLoss()));
        figures.heads()
                .forEach((head, each) -> lines.append(NumberFormats.format(
                        "  %s: log loss %.4f, accuracy %.3f, macro F1 %.3f on %s examples held out\n",
                        head.configName(),
                        each.logLoss(),
                        each.accuracy(),
                        each.macroF1(),
                        NumberFormats.count(each.examples()))));
        text.print(lines);
        text.flush();
    }

    @Override
    public void onRemark(String remark) {
        if (!remarks.contains(remark)) {
            close();
            remarks.add(remark);
            text.print(title + "Note: " + remark + ".\n");
            text.flush();
        }
    }

    /** Ends the bar; the next step begins a new one. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
