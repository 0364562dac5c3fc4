package org.donotanswer.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/** A process of Spark's: master, worker or spark-submit. Closing it ends it and what it started. Thread-safe. */
final class ClusterProcess implements AutoCloseable {
    private static final int LINES_KEPT = 2000;

    private final String name;
    private final Process process;
    private final Deque<String> log = new ArrayDeque<>();
    private final CountDownLatch ready = new CountDownLatch(1);

    private ClusterProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts a process.
     *
     * @param readyText what its log says when it is ready
     */
    static ClusterProcess start(Path sparkHome, String readyText, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split(" +")));
        command.addAll(List.of("-Xmx1g", "-cp", sparkHome.resolve("jars") + "/*", mainClass));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        sparkHome.toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        "SPARK_LOCAL_IP",
                        "127.0.0.1"));
        ClusterProcess started = new ClusterProcess(mainClass, builder.start());
        Thread reader = new Thread(() -> started.read(readyText), "log of " + mainClass);
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void read(String readyText) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (log) {
                    log.addLast(line);
                    if (log.size() > LINES_KEPT) {
                        log.removeFirst();
                    }
                }
                if (line.contains(readyText)) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the log says that the process is ready. */
    void awaitReady() throws InterruptedException {
        if (!ready.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(name + " must be ready in 2 minutes, but was not\n" + log());
        }
    }

    /** Returns the processes that this one has started and that are alive. */
    List<Long> startedProcesses() {
        return process.descendants().map(ProcessHandle::pid).toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /** Returns whether a text is in the last lines of the log. */
    boolean wasLogged(String text) {
        return log().contains(text);
    }

    /** Returns the last lines of the log. */
    String log() {
        Collection<String> lines;
        synchronized (log) {
            lines = List.copyOf(log);
        }
        return String.join("\n", lines);
    }

    /** Kills the process and what it started as the kernel does that has no memory left: without a chance to clean up. */
    void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
    }
}
