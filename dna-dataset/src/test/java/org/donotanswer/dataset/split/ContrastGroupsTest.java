package org.donotanswer.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.LabelledExample;
import org.junit.jupiter.api.Test;

/** The contrast groups in the repository: what is trained on has nothing of what is only tested. */
class ContrastGroupsTest {
    private static final Path DIRECTORY = Path.of("src/contrast");
    private static final Path TRAIN = DIRECTORY.resolve("train");
    private static final Path EVERYDAY = DIRECTORY.resolve("everyday");
    private static final Path REGRESSION = DIRECTORY.resolve("regression");

    private static List<String> instructions(ExampleSet set) {
        return set.examples().stream().map(LabelledExample::instruction).toList();
    }

    @Test
    void files_labels_areCompleteAndConsistent() throws IOException {
        ExampleSet all = ExampleSet.load(TRAIN, EVERYDAY, REGRESSION);
        assertThat(all.examples())
                .allMatch(example -> example.group().isPresent()
                        && example.response().isPresent()
                        && example.instructionRisky().isPresent()
                        && example.harmful().isPresent()
                        && example.refusal().isPresent()
                        && example.action().isPresent()
                        && example.form().isPresent())
                .allMatch(example -> example.harmType().isPresent()
                        || !example.instructionRisky().orElseThrow());
        assertThat(all.contradictions()).isEmpty();
    }

    @Test
    void everyday_isHarmless() throws IOException {
        assertThat(ExampleSet.load(EVERYDAY).examples())
                .noneMatch(example -> example.instructionRisky().orElseThrow()
                        || example.harmful().orElseThrow()
                        || example.refusal().orElseThrow());
    }

    @Test
    void regression_instructions_haveNoNearDuplicateInTraining() throws IOException {
        ExampleSet train = ExampleSet.load(TRAIN, EVERYDAY);
        ExampleSet regression = ExampleSet.load(REGRESSION);
        NearDuplicateIndex index = NearDuplicateIndex.of(instructions(train), NearDuplicateIndex.DEFAULT_SIMILARITY);
        assertThat(instructions(regression)).noneMatch(index::matches);
        assertThat(train.sources()).doesNotContainAnyElementsOf(regression.sources());
    }

    @Test
    void readme_table_hasTheFiguresOfEveryFile() throws IOException {
        List<String> lines = Files.readAllLines(DIRECTORY.resolve("README.md"));
        for (Path directory : List.of(TRAIN, EVERYDAY, REGRESSION)) {
            for (Path file : files(directory)) {
                String name = "| `" + directory.getFileName() + "` | `" + file.getFileName() + "` | ";
                List<LabelledExample> examples = ExampleSet.load(file).examples();
                long groups = examples.stream()
                        .map(LabelledExample::groupKey)
                        .distinct()
                        .count();
                assertThat(lines)
                        .filteredOn(line -> line.startsWith(name))
                        .as("README's line of %s", file)
                        .singleElement()
                        .asString()
                        .startsWith(name + groups + " | " + examples.size() + " |");
            }
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
