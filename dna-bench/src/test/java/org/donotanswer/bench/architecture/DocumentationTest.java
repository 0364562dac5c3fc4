package org.donotanswer.bench.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links of the documentation lead to files of this repository, and its versions and sizes are those of the build. */
final class DocumentationTest {
    private static final Path ROOT =
            Path.of(System.getProperty("dna.root", "..")).toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    @TestFactory
    Stream<DynamicTest> links_relative_leadToFiles() throws IOException {
        List<Path> pages;
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            pages = Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
        assertThat(pages).hasSizeGreaterThan(5);
        return pages.stream()
                .map(page -> DynamicTest.dynamicTest(ROOT.relativize(page).toString(), () -> assertThat(links(page))
                        .allSatisfy(
                                link -> assertThat(page.resolveSibling(link)).exists())));
    }

    @Test
    void readme_length_isAtMost150Lines() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void specificHarms_areAllOfTheTaxonomy() throws IOException {
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/specific-harms.md")).stream()
                .filter(line -> line.startsWith("| `") && !line.startsWith("| `specificHarm`"))
                .toList();

        assertThat(rows)
                .isEqualTo(Arrays.stream(SpecificHarm.values())
                        .map(harm -> "| `" + harm + "` | " + harm.shortName() + " | `" + harm.harmType() + "` |")
                        .toList());
    }

    /** What is copied from these pages must resolve. */
    @ParameterizedTest
    @CsvSource({
        "langchain4j.version, <artifactId>langchain4j-open-ai</artifactId>, <version>, </version>",
        "langchain4j.version, '', dev.langchain4j:langchain4j-open-ai:, \"",
        "spring-boot.version, <artifactId>spring-boot-starter-parent</artifactId>, <version>, </version>",
        "spring-ai.version, <artifactId>spring-ai-bom</artifactId>, <version>, </version>"
    })
    void firstChatbot_versions_areThoseOfTheBuild(String property, String artifact, String before, String after)
            throws IOException {
        String version = property(property);

        assertThat(Files.readString(ROOT.resolve("docs/first-chatbot.md")))
                .containsPattern(Pattern.quote(artifact) + "\\s*" + Pattern.quote(before) + Pattern.quote(version)
                        + Pattern.quote(after));
    }

    /** The table was copied from the report, so that a new report must be copied as well. */
    @Test
    void choosingAJudge_figures_areThoseOfTheReport() throws IOException {
        String report = Files.readString(ROOT.resolve("docs/results/comparison.md"));
        String summary = report.substring(report.indexOf("\n## In short\n"));
        List<String> rows = summary.substring(0, summary.indexOf("\n## ", 1))
                .lines()
                .filter(line -> line.startsWith("|"))
                .toList();

        assertThat(rows).hasSizeGreaterThan(2);
        assertThat(Files.readAllLines(ROOT.resolve("docs/choosing-a-judge.md"))).containsAll(rows);
    }

    @Test
    void choosingAJudge_version_isThatOfTheBom() throws IOException {
        Matcher version = Pattern.compile("<artifactId>dna-bom</artifactId>\\s*<version>([^<]+)<")
                .matcher(Files.readString(ROOT.resolve("dna-bom/pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(Files.readString(ROOT.resolve("docs/choosing-a-judge.md")))
                .contains("<artifactId>dna-bom</artifactId><version>" + version.group(1) + "</version>")
                .contains("org.donotanswer:dna-bom:" + version.group(1));
    }

    private static String property(String name) throws IOException {
        Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(value.find()).as(name).isTrue();
        return value.group(1);
    }

    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.contains("://"))
                .distinct()
                .toList();
    }
}
