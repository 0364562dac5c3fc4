package org.donotanswer.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The fuzz tests of all modules, as far as their sources tell. Stateless, hence thread-safe. */
final class FuzzSources {
    private static final String SUFFIX = "FuzzTest.java";
    private static final Pattern METHOD = Pattern.compile("@FuzzTest\\s+void (\\w+)\\(");

    private FuzzSources() {}

    /** Returns CLASS.METHOD of each fuzz test of a project whose modules are directories of it, sorted. */
    static List<String> names(Path project) throws IOException {
        List<Path> sources;
        try (Stream<Path> modules = Files.list(project)) {
            sources = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
        List<String> names = new ArrayList<>();
        for (Path directory : sources) {
            addNames(directory, names);
        }
        return names.stream().sorted().toList();
    }

    private static void addNames(Path directory, List<String> names) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            String type = name.substring(0, name.length() - ".java".length());
            METHOD.matcher(Files.readString(file)).results().forEach(found -> names.add(type + "." + found.group(1)));
        }
    }
}
