package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.WeightSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void setUp() {
        directory = temporary.resolve("output");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writeWeights_diskThatGetsFull_leavesNothing() throws IOException {
        Map<String, WeightSource> weights = new LinkedHashMap<>();
        weights.put("first", WeightSource.of(List.of(2L), () -> new float[] {1, 2}));
        weights.put("second", WeightSource.of(List.of(2L), () -> {
            assertThat(files()).contains("README.md").doesNotContain("model.safetensors");
            throw new IOException("No space left on device");
        }));

        assertThatIOException()
                .isThrownBy(() -> {
                    try (OutputDirectory output = OutputDirectory.create(directory)) {
                        output.write("README.md", "card");
                        output.writeWeights("model.safetensors", weights);
                    }
                })
                .withMessage("No space left on device");
        assertThat(directory).doesNotExist();
    }

    @Test
    void close_incompleteInExistingDirectory_keepsTheDirectoryAndTheState() throws IOException {
        Files.createDirectories(directory.resolve(".training"));
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            output.write("README.md", "card");
        }
        assertThat(files()).containsExactly(".training");
    }

    @Test
    void create_trainingWithFilesOfAKilledWrite_replacesThem() throws IOException {
        Files.createDirectories(directory.resolve(".training"));
        Files.writeString(directory.resolve("README.md"), "old");
        Files.writeString(directory.resolve("model.safetensors"), "old");
        Files.writeString(directory.resolve("config.json.999999999.tmp"), "half");
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            output.write("README.md", "new");
            output.writeLast("config.json", JsonNodeFactory.instance.objectNode());
        }
        assertThat(files()).containsExactly(".training", "README.md", "config.json");
        assertThat(directory.resolve("README.md")).hasContent("new");
    }

    @Test
    void create_classifierOfATrainingThatIsNotDeleted_isWrittenAgain() throws IOException {
        Files.createDirectories(directory.resolve(".training"));
        Files.writeString(directory.resolve("README.md"), "old");
        Files.writeString(directory.resolve("config.json"), "{}");
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            assertThat(files()).containsExactly(".training");
            output.write("README.md", "new");
            output.writeLast("config.json", JsonNodeFactory.instance.objectNode());
        }
        assertThat(files()).containsExactly(".training", "README.md", "config.json");
    }

    @Test
    void create_foreignFilesBesideATraining_areRefused() throws IOException {
        Files.createDirectories(directory.resolve(".training"));
        Files.writeString(directory.resolve("my model.safetensors"), "mine");
        assertRefused("my model.safetensors");
    }

    @Test
    void create_finishedClassifier_isRefused() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), "{}");
        assertRefused("config.json");
    }

    @Test
    void create_filesOfAClassifierWithoutTraining_areRefused() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("model.safetensors"), "mine");
        assertRefused("model.safetensors");
        assertThat(directory.resolve("model.safetensors")).hasContent("mine");
    }

    private void assertRefused(String file) {
        String message = "directory must be new or empty, but held " + file + " (" + directory + ")";
        assertThatIOException()
                .isThrownBy(() -> OutputDirectory.create(directory))
                .withMessage(message);
        assertThatIOException()
                .isThrownBy(() -> OutputDirectory.requireFree(directory))
                .withMessage(message);
    }

    @Test
    void create_file_isRefused() throws IOException {
        Files.writeString(directory, "a file");
        assertThatIOException()
                .isThrownBy(() -> OutputDirectory.create(directory))
                .withMessage("directory must be new or empty, but was a file (" + directory + ")");
    }

    @Test
    void write_fileThatHasAppeared_isKept() throws IOException {
        try (OutputDirectory output = OutputDirectory.create(directory)) {
            Files.writeString(directory.resolve("README.md"), "mine");
            assertThatExceptionOfType(FileAlreadyExistsException.class)
                    .isThrownBy(() -> output.write("README.md", "card"));
            Files.delete(directory.resolve("README.md"));
        }
        assertThat(directory).doesNotExist();
    }
}
