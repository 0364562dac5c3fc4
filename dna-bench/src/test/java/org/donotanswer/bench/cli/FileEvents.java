package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for files that other processes make. Not thread-safe. */
final class FileEvents implements AutoCloseable {
    private final WatchService service;

    private FileEvents(WatchService service) {
        this.service = service;
    }

    /** Returns the events in these directories from now on. */
    static FileEvents in(Path... directories) throws IOException {
        WatchService service = directories[0].getFileSystem().newWatchService();
        for (Path directory : directories) {
            directory.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        }
        return new FileEvents(service);
    }

    /** Waits until a file appears whose name matches, or the process has ended. */
    void await(DnaProcess process, Predicate<String> name) throws InterruptedException {
        await(process, StandardWatchEventKinds.ENTRY_CREATE, name);
    }

    /** Waits until a file is written to whose name matches, or the process has ended. */
    void awaitWriting(DnaProcess process, Predicate<String> name) throws InterruptedException {
        await(process, StandardWatchEventKinds.ENTRY_MODIFY, name);
    }

    private void await(DnaProcess process, WatchEvent.Kind<Path> kind, Predicate<String> name)
            throws InterruptedException {
        while (true) {
            WatchKey key = service.poll(100, TimeUnit.MILLISECONDS);
            if (key == null) {
                if (!process.isAlive()) {
                    return;
                }
                continue;
            }
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.kind().equals(kind) && name.test(String.valueOf(event.context()))) {
                    return;
                }
            }
            key.reset();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
