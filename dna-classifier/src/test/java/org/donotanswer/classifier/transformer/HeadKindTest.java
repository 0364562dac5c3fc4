package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadKindTest {
    private static LabelMapping mapping(HeadKind kind) throws CheckpointException {
        Map<Integer, String> id2label = new HashMap<>();
        for (String label : kind.labels()) {
            id2label.put(id2label.size(), label);
        }
        return LabelMapping.builder(kind.outputs()).id2label(id2label).build();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HARM_TYPE")
    void labels_ofTheOnlyHead_tellItsKind(HeadKind kind) throws Exception {
        LabelMapping mapping = mapping(kind);

        assertThat(mapping.kind()).isEqualTo(kind);
        assertThat(mapping.isAssumed()).isFalse();
        assertThat(mapping.inputFormat())
                .isEqualTo(
                        kind == HeadKind.INSTRUCTION_RISK ? InputFormat.INSTRUCTION_ONLY : InputFormat.RESPONSE_ONLY);
        if (kind.isEvent()) {
            assertThat(((EventHead) mapping.head().rule()).roles())
                    .containsExactly(EventHead.Role.ABSENCE, EventHead.Role.EVENT);
        }
    }

    @Test
    void labels_ofHarmTypes_needHeads() {
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> mapping(HeadKind.HARM_TYPE));
    }

    @Test
    void labels_ofAllKinds_areDistinct() {
        assertThat(Arrays.stream(HeadKind.values()).flatMap(kind -> kind.labels().stream()))
                .hasSize(24)
                .doesNotHaveDuplicates();
    }

    @Test
    void configName_isThatOfTheFormat() {
        assertThat(HeadKind.configNames(List.of(HeadKind.values())))
                .containsExactly("harmful", "instruction_risk", "refusal", "action", "harm_type");
        assertThat(HeadKind.HARM_TYPE.outputs()).isEqualTo(12);
        assertThat(HeadKind.ACTION.outputs()).isEqualTo(6);
    }
}
