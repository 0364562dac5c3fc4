package org.donotanswer.classifier.transformer;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a checkpoint is. Immutable, hence thread-safe.
 *
 * @param format how an exchange is fed to it, or null if it is not said for this checkpoint
 */
record CheckpointSource(Path directory, @Nullable InputFormat format) {
    CheckpointSource {
        Objects.requireNonNull(directory, "directory");
    }

    static CheckpointSource of(Path directory) {
        return new CheckpointSource(directory, null);
    }

    static CheckpointSource of(Path directory, InputFormat format) {
        return new CheckpointSource(directory, Objects.requireNonNull(format, "format"));
    }

    /** Returns the text for messages. */
    @Override
    public String toString() {
        return format == null ? directory.toString() : directory + " as " + format;
    }
}
