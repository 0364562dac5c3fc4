package org.donotanswer.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Valid inputs that fuzz tests start from, and files for readers that take one. Thread-safe, but its files are not. */
public final class Seeds {
    private static final Path DIRECTORY = directory();

    private Seeds() {}

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns texts in UTF-8. */
    public static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an empty directory, always the same one for a name. */
    public static Path directory(String name) throws IOException {
        Path directory = DIRECTORY.resolve(name);
        if (Files.exists(directory)) {
            delete(directory);
        }
        return Files.createDirectories(directory);
    }

    /**
     * Returns a file with the content, always the same one for a name. It replaces the last one rather than being written over
     * it, as that may be mapped into memory.
     */
    public static Path file(String name, byte[] content) throws IOException {
        Path file = DIRECTORY.resolve(name);
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        return Files.write(file, content);
    }
}
