package org.donotanswer.bench.cli;

import org.donotanswer.classifier.hub.HubProgress;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;

/** A progress bar for each downloaded file. Not thread-safe. */
final class DownloadProgress implements HubProgress, AutoCloseable {
    private final Streams streams;
    private String current = "";
    private @Nullable Progress bar;

    DownloadProgress(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void update(String file, long bytes, long total) {
        if (bar == null || !file.equals(current)) {
            close();
            current = file;
            bar = ProgressBars.start(streams, file, total);
        }
        bar.stepTo(bytes);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
