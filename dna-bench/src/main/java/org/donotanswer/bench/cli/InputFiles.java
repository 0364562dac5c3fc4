package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens input files. Stateless, hence thread-safe. */
final class InputFiles {
    private InputFiles() {}

    /**
     * Opens a file.
     *
     * @param subject what a message calls the file
     * @throws NoSuchFileException if it does not exist
     * @throws IOException if it is a directory or cannot be read
     */
    static InputStream open(String subject, Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException(subject + " must be a file, but was a directory (" + file + ")");
        }
        return Files.newInputStream(file);
    }
}
