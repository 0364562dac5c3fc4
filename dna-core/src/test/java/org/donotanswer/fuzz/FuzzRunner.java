package org.donotanswer.fuzz;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The long round: runs each fuzz test of a module under Jazzer for some time, one after the other and each in a JVM of its own,
 * and fails if one of them finds something. Its arguments are the directory of the module's test classes and that of what is
 * kept: the corpus of each test, its log, and {@code results.tsv}, to which each run adds a line.
 */
public final class FuzzRunner {
    private static final String SUFFIX = "FuzzTest.class";
    private static final String FUZZ_TEST = "com.code_intelligence.jazzer.junit.FuzzTest";
    private static final String HEAP = "-Xmx512m";
    private static final int TIMEOUT_SECONDS = 5;
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");

    private final Path classes;
    private final Path kept;
    private final double seconds;
    private final Pattern only;

    private FuzzRunner(Path classes, Path kept, double seconds, Pattern only) {
        this.classes = classes;
        this.kept = kept;
        this.seconds = seconds;
        this.only = only;
    }

    /** One fuzz test. */
    private record Target(String type, String method) {
        String name() {
            return type.substring(type.lastIndexOf('.') + 1) + "." + method;
        }
    }

    /**
     * Fuzzes for {@code fuzz.minutes} a test, 1 if that is not set, those tests whose CLASS.METHOD matches {@code fuzz.only}, all
     * if that is not set.
     */
    public static void main(String[] args) throws IOException, InterruptedException, ClassNotFoundException {
        double minutes = Double.parseDouble(System.getProperty("fuzz.minutes", "1"));
        Pattern only = Pattern.compile(System.getProperty("fuzz.only", ".*"));
        boolean good = new FuzzRunner(Path.of(args[0]), Path.of(args[1]), minutes * 60, only).run();
        System.exit(good ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException, ClassNotFoundException {
        Files.createDirectories(kept);
        Path dictionary = Files.writeString(kept.resolve("tokens.dict"), dictionary());
        boolean good = true;
        for (Target target : targets()) {
            good &= fuzz(target, dictionary);
        }
        return good;
    }

    private List<Target> targets() throws IOException, ClassNotFoundException {
        List<String> types;
        try (Stream<Path> files = Files.walk(classes)) {
            types = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(file -> classes.relativize(file).toString())
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        }
        List<Target> targets = new ArrayList<>();
        for (String type : types) {
            // Not initialised: that is for the JVM of the test.
            Method[] methods = Class.forName(type, false, FuzzRunner.class.getClassLoader())
                    .getDeclaredMethods();
            Arrays.stream(methods)
                    .filter(method -> Arrays.stream(method.getAnnotations())
                            .anyMatch(each -> each.annotationType().getName().equals(FUZZ_TEST)))
                    .map(method -> new Target(type, method.getName()))
                    .filter(target -> only.matcher(target.name()).matches())
                    .sorted(Comparator.comparing(Target::name))
                    .forEach(targets::add);
        }
        return targets;
    }

    private boolean fuzz(Target target, Path dictionary) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(kept.resolve(target.name()).resolve("corpus"));
        Path log = kept.resolve(target.name()).resolve("log.txt");
        Process process = new ProcessBuilder(command(target, corpus, dictionary))
                .redirectErrorStream(true)
                .start();
        long executed = 0;
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher matcher = EXECUTED.matcher(line);
                executed = matcher.find() ? Long.parseLong(matcher.group(1)) : executed;
                lines.add(line);
            }
        }
        boolean good = process.waitFor() == 0;
        Files.write(log, lines);
        report(target, executed, good);
        if (!good) {
            lines.stream().skip(Math.max(0, lines.size() - 60)).forEach(System.out::println);
        }
        return good;
    }

    private List<String> command(Target target, Path corpus, Path dictionary) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type(),
                "--target_method=" + target.method(),
                "--instrumentation_includes=org.donotanswer.**",
                "--custom_hook_includes=org.donotanswer.**",
                "-dict=" + dictionary,
                "-max_total_time=" + Math.round(seconds),
                "-timeout=" + TIMEOUT_SECONDS,
                "-print_final_stats=1",
                corpus.toString());
    }

    private void report(Target target, long executed, boolean good) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%-50s %,13d inputs in %.0f s, %s%n",
                target.name(),
                executed,
                seconds,
                good ? "no finding" : "a FINDING, as said below");
        Files.writeString(
                kept.resolve("results.tsv"),
                String.format(
                        Locale.ROOT, "%s\t%d\t%.0f\t%s%n", target.name(), executed, seconds, good ? "none" : "finding"),
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
