package org.donotanswer.bench.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A quick build leaves out exactly those files that cannot be compiled without ONNX Runtime. */
final class QuickBuildTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern EXCLUDE = Pattern.compile("<exclude>([^<]+\\.java)</exclude>");
    private static final Pattern COMMENT_OR_STRING =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*\"", Pattern.DOTALL);

    @Test
    void excludes_filesThatNeedOnnxRuntime_areAllOfThem() throws IOException {
        Set<String> excluded = EXCLUDE.matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        String names = excluded.stream()
                .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length()))
                .collect(Collectors.joining("|"));
        Pattern needs = Pattern.compile("\\b(ai\\.onnxruntime|" + names + ")\\b");
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                String code = COMMENT_OR_STRING.matcher(Files.readString(file)).replaceAll("");
                if (needs.matcher(code).find()) {
                    found.add(SOURCES.relativize(file).toString().replace('\\', '/'));
                }
            }
        }

        assertThat(found).hasSizeGreaterThan(1).containsExactlyInAnyOrderElementsOf(excluded);
    }
}
