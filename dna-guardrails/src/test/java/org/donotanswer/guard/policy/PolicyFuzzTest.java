package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyFuzzTest implements FuzzTests {
    static Stream<byte[]> jsonPolicies() {
        return Seeds.texts(
                SafetyPolicy.defaults().toJson(),
                """
                {"format": 1, "default": {"block": 0.5, "review": 0.25, "pass": ["CANNOT_ASSIST"]},
                 "areas": {"Malicious Uses": {"block": 0.4}},
                 "harmTypes": {"TOXIC_LANGUAGE": {"review": 0.1, "forbid": ["FOLLOW_INSTRUCTION"]}},
                 "specificHarms": {"CLASSIFIED_INFORMATION": {"block": 1, "require": ["CANNOT_ASSIST"]}},
                 "instruction": {"block": 0.9}, "unscored": {"language": "block"}, "riskFrom": 0.5, "passFrom": 0.5,
                 "shadow": true, "holdReviews": false, "replacements": {"en": "No.", "de-AT": "Nein."}}
                """);
    }

    @MethodSource("jsonPolicies")
    @FuzzTest
    void json(byte[] data) {
        ReaderContract.read(
                        () -> SafetyPolicy.parse(new String(data, StandardCharsets.UTF_8)), PolicyFormatException.class)
                .ifPresent(PolicyFuzzTest::checkForms);
    }

    static Stream<byte[]> yamlPolicies() {
        return Seeds.texts(
                SafetyPolicy.defaults().toYaml(),
                """
                # thresholds
                default: {block: 0.5, review: .25}
                harmTypes:
                  Toxic language (hate speech):
                    forbid:
                      - FOLLOW_INSTRUCTION
                unscored:
                  language: block
                replacements:
                  en: >-
                    No,
                    thanks.
                """);
    }

    @MethodSource("yamlPolicies")
    @FuzzTest
    void yaml(byte[] data) {
        ReaderContract.read(
                        () -> SafetyPolicy.parseYaml(new String(data, StandardCharsets.UTF_8)),
                        PolicyFormatException.class)
                .ifPresent(PolicyFuzzTest::checkForms);
    }

    /** A file may also be no text at all. */
    @MethodSource("jsonPolicies")
    @FuzzTest
    void file(byte[] data) throws IOException {
        Path file = Seeds.file("policy.json", data);

        ReaderContract.read(() -> SafetyPolicy.read(file), PolicyFormatException.class);
    }

    private static void checkForms(SafetyPolicy policy) {
        assertThat(SafetyPolicy.parse(policy.toJson())).isEqualTo(policy);
        assertThat(SafetyPolicy.parseYaml(policy.toYaml())).isEqualTo(policy);
    }
}
