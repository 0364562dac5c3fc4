package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.params.provider.MethodSource;

final class EvaluateFuzzTest implements FuzzTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    static Stream<byte[]> responses() {
        return Seeds.texts(
                "<think>\nFirst, the cellar.\n</think>\nIn the cellar.",
                "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
                "[THINK]a[/THINK]b",
                "<thinking>cut off",
                "no reasoning</think>answer",
                "`<think>` is a tag");
    }

    @MethodSource("responses")
    @FuzzTest
    void responseText(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        ResponseText divided = ResponseText.of(text);

        assertThat(divided.answer().length()
                        + divided.thinking().map(String::length).orElse(0))
                .isLessThanOrEqualTo(2 * text.length());
        // Every piece of markup has one of these, and not more than a number of them is looked at.
        if (text.chars().filter(c -> "<[`:\u25C1".indexOf(c) >= 0).count() + text.split("final", -1).length <= 16) {
            assertThat(ResponseText.of(divided.answer()).answer()).isEqualTo(divided.answer());
        }
    }

    static Stream<byte[]> assessments() throws IOException {
        Assessment scored = Assessment.Scored.builder("fuzz")
                .harmful(0.25)
                .actions(Distribution.certain(ResponseAction.REFUTE_OPINION))
                .instructionRisk(0.5)
                .build();
        return Seeds.texts(
                JSON.writeValueAsString(scored),
                JSON.writeValueAsString(Assessment.Unscored.of(UnscoredReason.TIMEOUT, "detail")),
                JSON.writeValueAsString(Assessment.Scored.builder("fuzz")
                        .harmTypes(Distribution.certain(HarmType.TOXIC_LANGUAGE))
                        .refusal(0.5)
                        .truncated(true)
                        .build()));
    }

    @MethodSource("assessments")
    @FuzzTest
    void assessment(byte[] data) {
        Optional<Assessment> read = ReaderContract.read(
                () -> Assessment.fromJson(object(data)), IllegalArgumentException.class, IOException.class);

        read.ifPresent(each -> assertThat(Assessment.fromJson(each.toJson())).isEqualTo(each));
    }

    private static Map<String, Object> object(byte[] data) throws IOException {
        return Objects.requireNonNullElse(JSON.readValue(data, OBJECT), Map.of());
    }

    static Stream<byte[]> provenances() throws IOException {
        return Seeds.texts("{\"name\": \"a\", \"version\": \"1\", \"libraryVersion\": \"2\", \"seed\": 3,"
                + " \"data\": {\"f\": \"sha\"}, \"parameters\": {\"p\": \"1\"}, \"figures\": {\"f1\": 0.5},"
                + " \"platform\": {\"os\": \"x\"}}");
    }

    @MethodSource("provenances")
    @FuzzTest
    void provenance(byte[] data) {
        Optional<Provenance> read = ReaderContract.read(
                () -> Provenance.fromJson(object(data)), IllegalArgumentException.class, IOException.class);

        read.ifPresent(each -> assertThat(Provenance.fromJson(each.toJson())).isEqualTo(each));
    }
}
