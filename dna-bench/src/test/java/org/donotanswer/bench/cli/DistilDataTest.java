package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.table.TableSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistilDataTest {
    @TempDir
    private Path directory;

    private static TrainingExample example(String instruction, String response, boolean labelled) {
        TrainingExample.Builder builder = TrainingExample.builder(instruction).response(response);
        if (labelled) {
            builder.harmful(true);
        }
        return builder.build();
    }

    private static List<TrainingExample> examples(String name, int instructions, boolean labelled) {
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < instructions; i++) {
            examples.add(example(name + i, "Yes.", labelled));
            examples.add(example(name + i + "!", "No.", labelled));
        }
        return examples;
    }

    @Test
    void heldOut_hasTheShareOfEachKindInWholeInstructions() {
        DistilData data = DistilData.of(examples("labelled ", 20, true), examples("other ", 40, false), 0.2, 7);

        assertThat(data.heldOut())
                .hasSize(24)
                .filteredOn(DistilData::isLabelled)
                .hasSize(8);
        assertThat(data.training()).hasSize(96);
        List<String> instructions = data.heldOut().stream()
                .map(example -> example.instruction().replace("!", ""))
                .toList();
        assertThat(data.training())
                .noneMatch(
                        example -> instructions.contains(example.instruction().replace("!", "")));
        assertThat(DistilData.of(examples("labelled ", 20, true), examples("other ", 40, false), 0.2, 7))
                .isEqualTo(data);
        assertThat(DistilData.of(examples("labelled ", 20, true), examples("other ", 40, false), 0.2, 8))
                .isNotEqualTo(data);
    }

    @Test
    void unlabelled_thatIsLabelledOrRepeated_isLeftOut() {
        TrainingExample labelled = example("How?", "So.", true);
        TrainingExample other = example("Why?", "So.", false);

        DistilData data =
                DistilData.of(List.of(labelled, labelled), List.of(example("How?", "So.", false), other, other), 0, 42);

        assertThat(data.training()).containsExactly(labelled, labelled, other);
        assertThat(data.heldOut()).isEmpty();
    }

    private List<TrainingExample> read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("more.jsonl"), text);
        return UnlabelledFile.read(file, new TableSettings(Optional.empty(), Optional.empty(), Map.of()));
    }

    @Test
    void unlabelledFile_isReadWithoutThinkingAndLabels() throws IOException {
        List<TrainingExample> examples = read(
                """
                {"instruction":"How?","response":"<think>Hm.</think>So.","harmful":true}
                {"instruction":"Why?","response":" "}
                """);

        assertThat(examples.stream().map(TrainingExample::instruction)).containsExactly("How?", "Why?");
        assertThat(examples.get(0).response()).contains("So.");
        assertThat(examples.get(1).response()).isEmpty();
        assertThat(examples).noneMatch(DistilData::isLabelled).allSatisfy(example -> {
            assertThat(example.source()).isEqualTo("unlabelled/more.jsonl");
            assertThat(example.group()).isEqualTo("unlabelled/more.jsonl");
        });
    }

    @Test
    void unlabelledFile_withoutText_isAnError() {
        assertThatThrownBy(() -> read("{\"instruction\":\"\",\"response\":\"\"}\n"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("instruction or response must have text, but both were blank ("
                        + directory.resolve("more.jsonl") + ", line 1, column response)");
        assertThatThrownBy(() -> read("\n"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("file must have an exchange, but had none (");
    }
}
