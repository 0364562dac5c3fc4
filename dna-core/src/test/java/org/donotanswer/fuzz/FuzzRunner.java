package org.donotanswer.fuzz;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The long round: runs each fuzz test of a module under Jazzer for some time, one after the other and each in a JVM of its own,
 * and fails if one of them finds something or runs no input. Its arguments are the directories of the module's test classes, of
 * its test resources, to which findings are written, of what is kept: the corpus of each test, its log, and
 * {@code results.tsv}, to which each test adds a line; and of the project. Not thread-safe.
 */
public final class FuzzRunner {
    private static final String SUFFIX = "FuzzTest.class";
    private static final String HEAP = "-Xmx512m";
    private static final int SHOWN_LINES = 60;
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");

    private final Path classes;
    private final Path resources;
    private final Path kept;
    private final double seconds;
    private final int timeoutSeconds;
    private final Pattern only;

    private FuzzRunner(Path classes, Path resources, Path kept, double seconds, int timeoutSeconds, Pattern only) {
        this.classes = classes;
        this.resources = resources;
        this.kept = kept;
        this.seconds = seconds;
        this.timeoutSeconds = timeoutSeconds;
        this.only = only;
    }

    /**
     * Fuzzes for {@code fuzz.minutes} a test, 1 if that is not set, those tests whose CLASS.METHOD matches {@code fuzz.only}, all
     * if that is not set. An input that takes more than {@code fuzz.timeout} seconds is a finding, 5 if that is not set. It is an
     * error if no test of the project matches, but not if only none of this module does, as it may be built for another.
     */
    public static void main(String[] args) throws IOException, InterruptedException, ReflectiveOperationException {
        double minutes = Double.parseDouble(System.getProperty("fuzz.minutes", "1"));
        Pattern only = Pattern.compile(System.getProperty("fuzz.only", ".*"));
        int timeoutSeconds = Integer.getInteger("fuzz.timeout", 5);
        requireMatch(Path.of(args[3]), only);
        FuzzRunner runner = new FuzzRunner(
                Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), minutes * 60, timeoutSeconds, only);
        System.exit(runner.run() ? 0 : 1);
    }

    private static void requireMatch(Path project, Pattern only) throws IOException {
        List<String> names = FuzzSources.names(project);
        if (names.stream().noneMatch(name -> only.matcher(name).matches())) {
            throw new IllegalArgumentException("-Dfuzz.only must match CLASS.METHOD of a fuzz test, but was '" + only
                    + "'; there are " + String.join(", ", names));
        }
    }

    private boolean run() throws IOException, InterruptedException, ReflectiveOperationException {
        Files.createDirectories(kept);
        Path dictionary = Files.writeString(kept.resolve("tokens.dict"), dictionary());
        List<FuzzTarget> targets = targets();
        if (targets.isEmpty()) {
            System.out.println("No fuzz test of this module matches '" + only + "' (" + classes + ")");
        }
        boolean good = true;
        for (FuzzTarget target : targets) {
            good &= fuzz(target, dictionary);
        }
        return good;
    }

    private List<FuzzTarget> targets() throws IOException, ReflectiveOperationException {
        List<String> types;
        try (Stream<Path> files = Files.walk(classes)) {
            types = files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        }
        List<FuzzTarget> targets = new ArrayList<>();
        for (String type : types) {
            targets.addAll(FuzzTarget.of(Class.forName(type)));
        }
        targets.removeIf(target -> !only.matcher(target.name()).matches());
        return targets;
    }

    private boolean fuzz(FuzzTarget target, Path dictionary)
            throws IOException, InterruptedException, ReflectiveOperationException {
        Path home = kept.resolve(target.name());
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        int number = 0;
        long longest = ByteMutator.MAX_BYTES;
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
            longest = Math.max(longest, seed.length);
        }
        Path corpus = Files.createDirectories(home.resolve("corpus"));
        Path findings = Files.createDirectories(resources.resolve(target.inputDirectory()));
        for (Path input : target.keptInputs()) {
            longest = Math.max(longest, Files.size(input));
        }
        Process process = new ProcessBuilder(command(target, dictionary, longest, List.of(corpus, seeds, findings)))
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        long executed = read(process, lines);
        boolean ended = process.waitFor() == 0;
        boolean good = ended && executed > 0;
        Files.write(home.resolve("log.txt"), lines);
        report(target, executed, good ? "none" : ended ? "NOT RUN" : "FINDING");
        if (!good) {
            lines.stream().skip(Math.max(0, lines.size() - SHOWN_LINES)).forEach(System.out::println);
        }
        deleteIfEmpty(findings);
        deleteIfEmpty(findings.getParent());
        return good;
    }

    /** Adds the lines that a process writes, and returns the number of inputs that it says it has run. */
    private static long read(Process process, List<String> lines) throws IOException {
        long executed = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher matcher = EXECUTED.matcher(line);
                executed = matcher.find() ? Long.parseLong(matcher.group(1)) : executed;
                lines.add(line);
            }
        }
        return executed;
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            // It holds inputs.
        }
    }

    private List<String> command(FuzzTarget target, Path dictionary, long maxBytes, List<Path> corpora) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-Dfuzz.type=" + target.method().getDeclaringClass().getName(),
                "-Dfuzz.method=" + target.method().getName(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=org.donotanswer.**",
                "--custom_hook_includes=org.donotanswer.**",
                "--reproducer_path=" + kept,
                "-artifact_prefix=" + corpora.get(corpora.size() - 1) + File.separator,
                "-dict=" + dictionary,
                "-max_total_time=" + Math.round(seconds),
                "-timeout=" + timeoutSeconds,
                "-max_len=" + maxBytes,
                "-print_final_stats=1"));
        corpora.forEach(each -> command.add(each.toString()));
        return command;
    }

    private void report(FuzzTarget target, long executed, String finding) throws IOException {
        System.out.printf(
                Locale.ROOT, "%-45s %,13d inputs in %.0f s, finding: %s%n", target.name(), executed, seconds, finding);
        Files.writeString(
                kept.resolve("results.tsv"),
                String.format(
                        Locale.ROOT,
                        "%s\t%d\t%.0f\t%s%n",
                        target.name(),
                        executed,
                        seconds,
                        finding.toLowerCase(Locale.ROOT)),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static String dictionary() {
        return ByteMutator.TOKENS.stream()
                .map(token -> token.chars()
                        .mapToObj(c -> String.format(Locale.ROOT, "\\x%02X", c))
                        .collect(Collectors.joining("", "\"", "\"\n")))
                .collect(Collectors.joining());
    }
}
