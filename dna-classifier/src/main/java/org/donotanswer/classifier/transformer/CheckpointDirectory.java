package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells by the names of its files whether a directory is a checkpoint. It needs no library, so that a directory of
 * another kind is told apart without DJL. Stateless, hence thread-safe.
 */
final class CheckpointDirectory {
    private static final List<String> WEIGHTS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");
    private static final String TRACED = ".pt";

    private CheckpointDirectory() {}

    /**
     * Returns whether a directory looks like a checkpoint, even an incomplete one; {@link Checkpoint#load} reports what
     * is missing.
     */
    static boolean isCheckpoint(Path directory) throws IOException {
        return Files.isDirectory(directory)
                && (Files.exists(directory.resolve(CheckpointConfig.FILE))
                        || hasWeights(directory)
                        || !tracedFiles(directory).isEmpty());
    }

    /** Returns whether the model of a directory is a TorchScript file. */
    static boolean isTraced(Path directory) throws IOException {
        return !hasWeights(directory) && !tracedFiles(directory).isEmpty();
    }

    /** Returns the TorchScript files of a directory, sorted. */
    static List<Path> tracedFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(TRACED))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasWeights(Path directory) {
        return WEIGHTS.stream().anyMatch(file -> Files.exists(directory.resolve(file)));
    }
}
