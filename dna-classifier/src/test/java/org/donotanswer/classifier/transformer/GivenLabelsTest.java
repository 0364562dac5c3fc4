package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which outputs the keys of the option mean. */
class GivenLabelsTest {
    private static final Map<Integer, String> NAMES = Map.of(0, "OK", 1, "Hate Speech", 2, "S3");

    @Test
    void byOutput_numbersAndNames_areFound() {
        assertThat(GivenLabels.byOutput(Map.of("0", "harmless", "hate_speech", "harmful"), NAMES))
                .containsExactly(Map.entry(0, "harmless"), Map.entry(1, "harmful"));
        assertThat(GivenLabels.byOutput(Map.of("s3", "harmful"), NAMES)).containsExactly(Map.entry(2, "harmful"));
        assertThat(GivenLabels.byOutput(Map.of(), NAMES)).isEmpty();
        assertThat(GivenLabels.byOutput(Map.of("1", "harmful"), Map.of(0, "0", 1, "1")))
                .containsExactly(Map.entry(1, "harmful"));
    }

    @Test
    void byOutput_keyOfNoOutput_listsThem() {
        for (String key : new String[] {"3", "toxic", "", "-1", "1.0"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GivenLabels.byOutput(Map.of(key, "harmful"), NAMES))
                    .withMessage("labels must be for outputs 0..2 or [OK, Hate Speech, S3], but were for '" + key
                            + "' (option labels)");
        }
    }

    @Test
    void byOutput_sameOutputTwice_isRefused() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("0", "harmless");
        labels.put("ok", "harmless");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenLabels.byOutput(labels, NAMES))
                .withMessage("labels must name each output once, but were '0' and 'ok' for output 0 (option labels)");
    }

    @Test
    void byOutput_ambiguousKey_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenLabels.byOutput(Map.of("1", "harmful"), Map.of(0, "1", 1, "0")))
                .withMessage("labels must be for one output each, but '1' was both a number and a name, or the name of"
                        + " several, among [1, 0] (option labels)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GivenLabels.byOutput(Map.of("a", "harmful"), Map.of(0, "a", 1, "A")))
                .withMessage("labels must be for one output each, but 'a' was both a number and a name, or the name of"
                        + " several, among [a, A] (option labels)");
    }
}
