package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lengths up to which policies are read, and names are shown in messages. */
class PolicyLimitsTest {
    private static final int LONGEST = 1 << 20;

    private static String padded(String policy, int length) {
        return policy + " ".repeat(length - policy.length());
    }

    @Test
    void parse_longestText_isRead() {
        assertThat(SafetyPolicy.parse(padded("{\"shadow\": true}", LONGEST)).shadow())
                .isTrue();
        assertThat(SafetyPolicy.parseYaml(padded("shadow: true", LONGEST)).shadow())
                .isTrue();
    }

    @Test
    void parse_longerText_isRefused() {
        String message = "policy must have at most 1048576 chars, but had 1048577";
        assertThatThrownBy(() -> SafetyPolicy.parse(padded("{\"shadow\": true}", LONGEST + 1)))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> SafetyPolicy.parseYaml(padded("shadow: true", LONGEST + 1)))
                .isInstanceOf(PolicyFormatException.class)
                .hasMessage(message);
    }

    @Test
    void read_longestFile_isRead(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("policy.json"), padded("{\"shadow\": true}", LONGEST));
        assertThat(SafetyPolicy.read(file).shadow()).isTrue();
    }

    @Test
    void parse_longestShownName_isShownWhole() {
        String name = "x".repeat(80);
        assertThatThrownBy(() -> SafetyPolicy.parse("{\"" + name + "\": 1}")).hasMessageContaining("'" + name + "'");
    }

    @Test
    void parse_longestShownLanguage_isShownWhole() {
        String tag = "de_" + "x".repeat(37);
        assertThatThrownBy(() -> SafetyPolicy.parse("{\"replacements\": {\"" + tag + "\": \"No.\"}}"))
                .hasMessageContaining("but was '" + tag + "' (did you mean '" + tag.replace('_', '-') + "'?)");
    }
}
