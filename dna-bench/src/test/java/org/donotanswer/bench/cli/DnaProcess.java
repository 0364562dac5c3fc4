package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command in a separate process that can be killed. Its output goes to a file. Not thread-safe. */
final class DnaProcess implements AutoCloseable {
    static final String KEY_VARIABLE = "DNA_TEST_KEY";

    private final Process process;
    private final Path output;

    private DnaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the command; its output is appended to the file. */
    static DnaProcess start(Path output, Object... args) {
        return start("", output, List.of(), List.of(args));
    }

    /** Starts the command with a key in its environment; its output is appended to the file. */
    static DnaProcess start(String key, Path output, Object... args) {
        return start(key, output, List.of(), args);
    }

    /** Starts the command through another one, for example a shell that sets limits first. */
    static DnaProcess start(String key, Path output, List<String> prefix, Object... args) {
        return start(
                key,
                output,
                prefix,
                Stream.concat(Arrays.stream(args), Stream.of("--key-variable", KEY_VARIABLE))
                        .toList());
    }

    private static DnaProcess start(String key, Path output, List<String> prefix, List<Object> args) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                // Otherwise the JVM writes a file of 32 KB, to which limits would apply.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Dna.class.getName()));
        args.stream().map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put(KEY_VARIABLE, key);
        try {
            return new DnaProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process like {@code kill -9} and waits for its death. */
    void kill() throws InterruptedException {
        if (!process.destroyForcibly().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("process must be dead, but was not");
        }
    }

    /** Waits for the end of the process, but no longer than this. */
    void waitFor(long millis) throws InterruptedException {
        boolean unused = process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of the process and returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("process must end, but did not");
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
