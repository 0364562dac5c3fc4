package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDataConditionTest {
    private static final List<Kind> DEFAULT = List.of(Kind.DO_NOT_ANSWER, Kind.MORE_DATA);

    @TempDir
    private Path directory;

    private static RealDataDirectories directories(Map<String, String> properties) {
        return new RealDataDirectories(properties::get);
    }

    @Test
    void evaluate_directoriesBesideTheRepository_runs() throws IOException {
        Files.createDirectories(directory.resolve("shared/do-not-answer"));
        Files.createDirectories(directory.resolve("shared/more-data"));
        RealDataDirectories found =
                directories(Map.of("dna.root", directory.resolve("repository").toString()));
        assertThat(RealDataCondition.evaluate(found, DEFAULT, true).isDisabled())
                .isFalse();
        assertThat(found.find(Kind.DO_NOT_ANSWER)).contains(directory.resolve("shared/do-not-answer"));
        assertThat(found.find(Kind.MORE_DATA)).contains(directory.resolve("shared/more-data"));
    }

    @Test
    void evaluate_properties_takePrecedence() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Path extra = Files.createDirectories(directory.resolve("extra"));
        RealDataDirectories found = directories(
                Map.of("dna.data", data.toString(), "dna.extra", extra.toString(), "dna.root", "/somewhere/else"));
        assertThat(found.find(Kind.DO_NOT_ANSWER)).contains(data);
        assertThat(found.find(Kind.MORE_DATA)).contains(extra);
    }

    @Test
    void evaluate_missingData_isSkippedButFailsInCi() {
        RealDataDirectories none =
                directories(Map.of("dna.data", directory.resolve("none").toString()));
        String reason = "real data must exist, but was missing: dna.data (" + directory.resolve("none")
                + " is not a directory), dna.extra (" + directory.resolve("more-data") + " is not a directory)";
        assertThat(RealDataCondition.evaluate(none, DEFAULT, false).isDisabled())
                .isTrue();
        assertThat(RealDataCondition.evaluate(none, DEFAULT, false).getReason()).contains(reason);
        assertThatThrownBy(() -> RealDataCondition.evaluate(none, DEFAULT, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(reason);
    }

    @Test
    void missing_noProperties_namesThem() {
        assertThat(directories(Map.of()).missing(DEFAULT))
                .containsExactly("dna.data (not set, nor is dna.root)", "dna.extra (not set, nor is dna.root)");
    }

    @Test
    void evaluate_otherDirectories_countOnlyIfNeeded() throws IOException {
        Files.createDirectories(directory.resolve("shared/safety-data"));
        RealDataDirectories found =
                directories(Map.of("dna.root", directory.resolve("repository").toString()));
        assertThat(RealDataCondition.evaluate(found, List.of(Kind.SAFETY_DATA), true)
                        .isDisabled())
                .isFalse();
        assertThat(found.find(Kind.SAFETY_DATA)).contains(directory.resolve("shared/safety-data"));
        assertThat(found.missing(List.of(Kind.SAFETY_DATA, Kind.CONTRAST_DATA)))
                .containsExactly("dna.contrast (" + directory.resolve("shared/contrast-data") + " is not a directory)");
    }
}
