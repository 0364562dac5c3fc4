package org.donotanswer.spark;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of docs/architecture.md for this module, read from its sources: the tests of dna-bench, which check those of the
 * others, do not have it on their class path, as nobody but its users is to download Spark.
 */
final class SparkModuleTest {
    private static final Path ROOT =
            Path.of(System.getProperty("dna.root", "..")).toAbsolutePath().normalize();
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?(org\\.donotanswer\\.\\w+)");

    @Test
    void sources_ofTheLibrary_importCoreOnly() {
        assertThat(mainSources("dna-spark")).isNotEmpty().allSatisfy(source -> assertThat(
                        IMPORT.matcher(Files.readString(source)).results().map(match -> match.group(1)))
                .isSubsetOf("org.donotanswer.evaluate", "org.donotanswer.internal", "org.donotanswer.taxonomy"));
    }

    @Test
    void simpleNames_ofAllModules_areUnique() throws IOException {
        List<String> modules;
        try (Stream<Path> directories = Files.list(ROOT)) {
            modules = directories
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> name.startsWith("dna-"))
                    .filter(name -> Files.isDirectory(ROOT.resolve(name).resolve("src/main/java")))
                    .toList();
        }
        assertThat(modules).contains("dna-core", "dna-spark");
        Map<String, List<String>> byName = modules.stream()
                .flatMap(module -> names(module).map(name -> Map.entry(name, module)))
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));

        assertThat(byName.entrySet().stream()
                        .filter(entry ->
                                entry.getValue().size() > 1 && entry.getValue().contains("dna-spark")))
                .isEmpty();
    }

    private static Stream<String> names(String module) {
        return mainSources(module).stream()
                .map(source -> source.getFileName().toString())
                .filter(name -> !name.endsWith("-info.java"));
    }

    private static List<Path> mainSources(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
